// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

import java.nio.ByteOrder;

/**
 * Words in network order, read and written without a check: in a range that {@link DirectBuffer#boundsCheck} was asked
 * about once, as a flyweight's {@code wrap} does. A place is a buffer's {@code byteArray()}, null off the heap, and its
 * {@code addressOffset()} plus an offset; it is good as long as somebody holds the buffer.
 *
 * <p>Why not the buffer's own accessors: each of them checks, and as each may be about the heap or not, C2 takes it for
 * an access to everything, so that no field and no word that was read before it stays in a register. Asked whether
 * there is an array, C2 knows, and a header's fields cost one load each however often they are asked for.
 */
public final class Words
{
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Words()
    {
    }

    /**
     * {@return an octet, 0 to 255}
     *
     * @param array   of the place
     * @param address of the place
     */
    public static int getByte(final byte[] array, final long address)
    {
        return (array == null ? UnsafeApi.getByte(address) : UnsafeApi.getByte(array, address)) & 0xff;
    }

    /**
     * {@return two octets, 0 to 65535}
     *
     * @param array   of the place
     * @param address of the place
     */
    public static int getShort(final byte[] array, final long address)
    {
        final short half = array == null ? UnsafeApi.getShort(address) : UnsafeApi.getShort(array, address);
        return (LITTLE_ENDIAN ? Short.reverseBytes(half) : half) & 0xffff;
    }

    /**
     * {@return four octets}
     *
     * @param array   of the place
     * @param address of the place
     */
    public static int getInt(final byte[] array, final long address)
    {
        final int word = array == null ? UnsafeApi.getInt(address) : UnsafeApi.getInt(array, address);
        return LITTLE_ENDIAN ? Integer.reverseBytes(word) : word;
    }

    /**
     * {@return eight octets}
     *
     * @param array   of the place
     * @param address of the place
     */
    public static long getLong(final byte[] array, final long address)
    {
        final long words = array == null ? UnsafeApi.getLong(address) : UnsafeApi.getLong(array, address);
        return LITTLE_ENDIAN ? Long.reverseBytes(words) : words;
    }

    /**
     * Writes two octets.
     *
     * @param array   of the place
     * @param address of the place
     * @param value   its low 16 bits count
     */
    public static void putShort(final byte[] array, final long address, final int value)
    {
        final short half = LITTLE_ENDIAN ? Short.reverseBytes((short)value) : (short)value;
        if (array == null)
        {
            UnsafeApi.putShort(address, half);
        }
        else
        {
            UnsafeApi.putShort(array, address, half);
        }
    }

    /**
     * Writes four octets.
     *
     * @param array   of the place
     * @param address of the place
     * @param value   what
     */
    public static void putInt(final byte[] array, final long address, final int value)
    {
        final int word = LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
        if (array == null)
        {
            UnsafeApi.putInt(address, word);
        }
        else
        {
            UnsafeApi.putInt(array, address, word);
        }
    }

    /**
     * Writes eight octets.
     *
     * @param array   of the place
     * @param address of the place
     * @param value   what
     */
    public static void putLong(final byte[] array, final long address, final long value)
    {
        final long words = LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
        if (array == null)
        {
            UnsafeApi.putLong(address, words);
        }
        else
        {
            UnsafeApi.putLong(array, address, words);
        }
    }
}
