// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.agrona.DirectBuffer;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * Looks through everything that an object holds, its arrays, its buffers and the objects of ours behind it, for what it
 * should have forgotten. A secret is found by any four octets in a row at an offset that is a multiple of four, in
 * either byte order: fewer would be found by chance.
 */
public final class Remains
{
    private static final int WORD_LENGTH = Integer.BYTES;

    private Remains()
    {
    }

    /**
     * Fails when an object still holds a word of a secret.
     *
     * @param root    where the search begins
     * @param secrets keys, inputs, intermediate values; words of equal octets are not looked for
     */
    public static void assertNone(final Object root, final byte[]... secrets)
    {
        for (final byte[] secret : secrets)
        {
            assertFalse(holds(root, secret), () -> root.getClass().getSimpleName() + " still holds a word of " +
                Vectors.hex(secret));
        }
    }

    /**
     * {@return whether an object holds a word of a secret}
     *
     * @param root   where the search begins
     * @param secret what is looked for
     */
    public static boolean holds(final Object root, final byte[] secret)
    {
        final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        final Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty())
        {
            final Object object = open.remove();
            if (seen.add(object) && (found(octets(object), secret) || addFields(object, open)))
            {
                return true;
            }
        }
        return false;
    }

    /** {@return never true: an expression, so that the search reads as one} */
    private static boolean addFields(final Object object, final Deque<Object> open)
    {
        if (object instanceof final Object[] elements)
        {
            for (final Object element : elements)
            {
                if (element != null)
                {
                    open.add(element);
                }
            }
        }
        for (Class<?> type = object.getClass(); type.getName().startsWith("dev.trishake"); type = type.getSuperclass())
        {
            for (final Field field : type.getDeclaredFields())
            {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive())
                {
                    final Object value = value(field, object);
                    if (value != null)
                    {
                        open.add(value);
                    }
                }
            }
        }
        return false;
    }

    private static Object value(final Field field, final Object object)
    {
        try
        {
            field.setAccessible(true);
            return field.get(object);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /** {@return what an array or a buffer holds, in big-endian and in little-endian order one after the other} */
    private static byte[] octets(final Object object)
    {
        if (object instanceof final DirectBuffer buffer)
        {
            final byte[] bytes = new byte[buffer.capacity()];
            buffer.getBytes(0, bytes);
            return bytes;
        }
        final int length = object.getClass().isArray() ? Array.getLength(object) : 0;
        final ByteBuffer out = ByteBuffer.allocate(2 * Long.BYTES * length);
        for (final ByteOrder order : new ByteOrder[]{ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN})
        {
            out.order(order);
            switch (object)
            {
                case final byte[] bytes -> out.put(bytes);
                case final int[] ints -> out.asIntBuffer().put(ints);
                case final long[] longs -> out.asLongBuffer().put(longs);
                default ->
                {
                }
            }
            out.position(Long.BYTES * length);
        }
        return out.array();
    }

    private static boolean found(final byte[] memory, final byte[] secret)
    {
        for (int word = 0; word + WORD_LENGTH <= secret.length; word += WORD_LENGTH)
        {
            if (isTelling(secret, word) && indexOf(memory, secret, word) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private static boolean isTelling(final byte[] secret, final int at)
    {
        return secret[at] != secret[at + 1] || secret[at] != secret[at + 2] || secret[at] != secret[at + 3];
    }

    private static int indexOf(final byte[] memory, final byte[] secret, final int word)
    {
        for (int i = 0; i + WORD_LENGTH <= memory.length; i++)
        {
            if (memory[i] == secret[word] && memory[i + 1] == secret[word + 1] &&
                memory[i + 2] == secret[word + 2] && memory[i + 3] == secret[word + 3])
            {
                return i;
            }
        }
        return -1;
    }
}
