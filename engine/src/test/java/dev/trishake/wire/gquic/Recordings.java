// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recorded handshakes: packets with their plaintexts, messages, and what an independent decoder found in them. */
public final class Recordings
{
    private Recordings()
    {
    }

    /**
     * A packet.
     *
     * @param name         handshake, level, sender and number
     * @param fromClient   who sent it
     * @param number       packet number
     * @param datagramHex  all of it
     * @param headerHex    header
     * @param plaintextHex frames
     * @param facts        columns of frames.txt behind the handshake
     */
    public record Packet(
        String name, boolean fromClient, long number, String datagramHex, String headerHex, String plaintextHex,
        List<String> facts)
    {
        public byte[] datagram()
        {
            return Vectors.hex(datagramHex);
        }

        public byte[] header()
        {
            return Vectors.hex(headerHex);
        }

        public byte[] plaintext()
        {
            return Vectors.hex(plaintextHex);
        }

        @Override
        public String toString()
        {
            return name;
        }
    }

    /**
     * A handshake message.
     *
     * @param name       handshake and sender
     * @param fromClient who sent it
     * @param hex        all of it
     * @param values     by tag, without PAD
     */
    public record Message(String name, boolean fromClient, String hex, Map<String, String> values)
    {
        public byte[] bytes()
        {
            return Vectors.hex(hex);
        }

        public UnsafeBuffer buffer()
        {
            return new UnsafeBuffer(bytes());
        }

        @Override
        public String toString()
        {
            return name;
        }
    }

    public static List<Packet> packets()
    {
        final List<String> facts = Vectors.lines("gquic/frames.txt");
        final List<Packet> packets = new ArrayList<>();
        for (final String line : Vectors.lines("gquic/packets.txt"))
        {
            final String[] at = line.split("\\|", -1);
            final String[] found = facts.get(packets.size()).split("\\|", -1);
            if (!found[0].equals(at[0]))
            {
                throw new IllegalStateException("packets.txt and frames.txt do not go together: " + line);
            }
            packets.add(new Packet(String.join(" ", at[0], at[1], at[2], at[3]), at[2].equals("client"),
                Long.parseLong(at[3]), at[8], at[6], at[7],
                List.of(found).subList(1, found.length)));
        }
        return packets;
    }

    public static List<Message> messages()
    {
        final List<Message> messages = new ArrayList<>();
        for (final String line : Vectors.lines("gquic/messages.txt"))
        {
            final String[] at = line.split("\\|", -1);
            final Map<String, String> values = new LinkedHashMap<>();
            for (final String value : at[3].split(";", -1))
            {
                values.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
            }
            messages.add(
                new Message(at[0] + " " + at[1], at[1].equals("client"), at[2], values));
        }
        return messages;
    }

    /** {@return the hexadecimal digits of a range} */
    public static String hex(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return Vectors.hex(bytes);
    }
}
