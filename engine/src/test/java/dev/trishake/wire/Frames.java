// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recorded frames by their names; the files say where they come from. */
public final class Frames
{
    /** What a Linux kernel sent, from Ethernet on. */
    public static final Map<String, byte[]> LINUX = read("ip/linux-frames.txt");

    /** What the seed shows: A from the IP header on, B from Ethernet on. */
    public static final Map<String, byte[]> SEED = read("tcp/seed-frames.txt");

    private Frames()
    {
    }

    /**
     * {@return a copy of a frame that Linux sent}
     *
     * @param name in the file
     */
    public static UnsafeBuffer linux(final String name)
    {
        return new UnsafeBuffer(LINUX.get(name).clone());
    }

    /**
     * {@return a copy of a frame of the seed}
     *
     * @param name in the file
     */
    public static UnsafeBuffer seed(final String name)
    {
        return new UnsafeBuffer(SEED.get(name).clone());
    }

    /**
     * {@return all the frames that Linux sent, from the byte on that the packet begins with}
     *
     * @param headerLength what stands before it
     */
    public static List<byte[]> linuxFrom(final int headerLength)
    {
        return LINUX.values().stream()
            .filter(frame -> frame.length > headerLength)
            .map(frame -> Arrays.copyOfRange(frame, headerLength, frame.length))
            .toList();
    }

    private static Map<String, byte[]> read(final String name)
    {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        for (final String line : Vectors.lines(name))
        {
            final String[] parts = line.split("=", 2);
            frames.put(parts[0].trim(), Vectors.hex(parts[1]));
        }
        return frames;
    }
}
