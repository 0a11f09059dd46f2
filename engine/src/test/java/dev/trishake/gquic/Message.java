// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/** A handshake message as a map that can be changed: what a peer might have said instead. */
final class Message
{
    final int tag;
    private final SortedMap<Integer, byte[]> values = new TreeMap<>(Integer::compareUnsigned);

    Message(final int tag)
    {
        this.tag = tag;
    }

    Message(final byte[] bytes)
    {
        final MessageDecoder decoder = new MessageDecoder();
        if (decoder.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != bytes.length)
        {
            throw new IllegalArgumentException("no message");
        }
        tag = decoder.tag();
        for (int i = 0; i < decoder.count(); i++)
        {
            final int from = decoder.valueOffset(i);
            values.put(decoder.tag(i), Arrays.copyOfRange(bytes, from, from + decoder.valueLength(i)));
        }
    }

    Message put(final int key, final byte... value)
    {
        values.put(key, value.clone());
        return this;
    }

    Message putInt(final int key, final int value)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4]);
        buffer.putInt(0, value, LITTLE_ENDIAN);
        return put(key, buffer.byteArray());
    }

    /** Puts a list of numbers or tags. */
    Message putInts(final int key, final int... list)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4 * list.length]);
        for (int i = 0; i < list.length; i++)
        {
            buffer.putInt(4 * i, list[i], LITTLE_ENDIAN);
        }
        return put(key, buffer.byteArray());
    }

    Message remove(final int key)
    {
        values.remove(key);
        return this;
    }

    /** Flips a bit of a value. */
    Message flip(final int key, final int at)
    {
        values.get(key)[at] ^= 1;
        return this;
    }

    /** Cuts the last octet of a value off. */
    Message shorten(final int key)
    {
        return put(key, Arrays.copyOf(values.get(key), values.get(key).length - 1));
    }

    byte[] get(final int key)
    {
        return values.get(key);
    }

    boolean has(final int key)
    {
        return values.containsKey(key);
    }

    /** {@return a value that is a list of numbers} */
    List<Integer> ints(final int key)
    {
        final List<Integer> list = new ArrayList<>();
        final byte[] value = values.getOrDefault(key, new byte[0]);
        for (int i = 0; i < value.length; i += 4)
        {
            list.add(new UnsafeBuffer(value).getInt(i, LITTLE_ENDIAN));
        }
        return list;
    }

    List<String> tags()
    {
        return values.keySet().stream().map(Tag::nameOf).toList();
    }

    byte[] bytes()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 14]);
        final MessageEncoder encoder = new MessageEncoder().begin(buffer, 0, buffer.capacity(), tag, values.size());
        values.forEach((key, value) -> encoder.value(key, new UnsafeBuffer(value), 0, value.length));
        return Arrays.copyOf(buffer.byteArray(), encoder.finish());
    }
}
