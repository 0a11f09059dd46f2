// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Reads the value of CRT, gQUIC 10: one entry a certificate, leaf first, then those that are not known to the client in
 * one zlib stream.
 *
 * <pre>
 * { 01 | 02 hash 8 | 03 set hash 8, index 4 } *  00  [ uncompressed length 4 | zlib stream ]
 * </pre>
 *
 * <p>Inflated, the stream is {@code { length 4 | DER } *}, for all entries of type 01 in their order.
 */
public final class CertificateListDecoder
{
    /** Entry: in the zlib stream. */
    public static final int COMPRESSED = 1;

    /** Entry: the client has it, and said so with CCRT. */
    public static final int CACHED = 2;

    /** Entry: of a set that the client has, and said so with CCS. */
    public static final int COMMON = 3;

    /** Longest chain. */
    public static final int MAX_COUNT = 16;

    /** Most octets that a chain may have when inflated: Chromium's limit. */
    public static final int MAX_UNCOMPRESSED_LENGTH = 128 * 1024;

    private static final int END = 0;
    private static final int HASH_LENGTH = 8;
    private static final int INDEX_LENGTH = 4;

    private final int[] types = new int[MAX_COUNT];
    private final long[] hashes = new long[MAX_COUNT];
    private final int[] indexes = new int[MAX_COUNT];
    private int count;
    private int uncompressedLength;
    private int streamOffset;
    private int streamLength;

    /**
     * Reads a list.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of all of it
     * @return false when it is none, has no entry or more than {@link #MAX_COUNT}, or would be longer inflated than
     * {@link #MAX_UNCOMPRESSED_LENGTH}
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        count = 0;
        uncompressedLength = 0;
        streamLength = 0;
        final int limit = offset + length;
        final int at = readEntries(buffer, offset, limit);
        if (at < 0 || count == 0)
        {
            return false;
        }
        streamOffset = at;
        boolean compressed = false;
        for (int i = 0; i < count; i++)
        {
            compressed |= types[i] == COMPRESSED;
        }
        if (!compressed)
        {
            return at == limit;
        }
        if (limit - at < Integer.BYTES)
        {
            return false;
        }
        uncompressedLength = buffer.getInt(at, LITTLE_ENDIAN);
        streamOffset = at + Integer.BYTES;
        streamLength = limit - streamOffset;
        return uncompressedLength > 0 && uncompressedLength <= MAX_UNCOMPRESSED_LENGTH;
    }

    /** {@return where the entries end, behind their end mark; -1 when they do not} */
    private int readEntries(final DirectBuffer buffer, final int offset, final int limit)
    {
        int at = offset;
        while (at < limit)
        {
            final int type = buffer.getByte(at++);
            if (type == END)
            {
                return at;
            }
            final int rest = type == COMPRESSED ? 0 : type == CACHED ? HASH_LENGTH : HASH_LENGTH + INDEX_LENGTH;
            if (type < COMPRESSED || type > COMMON || count == MAX_COUNT || limit - at < rest)
            {
                return -1;
            }
            types[count] = type;
            hashes[count] = type == COMPRESSED ? 0 : buffer.getLong(at, LITTLE_ENDIAN);
            indexes[count] = type == COMMON ? buffer.getInt(at + HASH_LENGTH, LITTLE_ENDIAN) : 0;
            count++;
            at += rest;
        }
        return -1;
    }

    /**
     * {@return how many certificates the chain has, at least 1}
     */
    public int count()
    {
        return count;
    }

    /**
     * {@return {@link #COMPRESSED}, {@link #CACHED} or {@link #COMMON}}
     *
     * @param index of the certificate, 0 is the leaf
     */
    public int type(final int index)
    {
        return types[index];
    }

    /**
     * {@return the FNV-1a-64 hash of a cached certificate, or of the set of a common one}
     *
     * @param index of the certificate
     */
    public long hash(final int index)
    {
        return hashes[index];
    }

    /**
     * {@return where in its set a common certificate is}
     *
     * @param index of the certificate
     */
    public int commonIndex(final int index)
    {
        return indexes[index];
    }

    /**
     * {@return octets of the inflated stream, 0 when nothing is compressed}
     */
    public int uncompressedLength()
    {
        return uncompressedLength;
    }

    /**
     * {@return where the zlib stream begins}
     */
    public int streamOffset()
    {
        return streamOffset;
    }

    /**
     * {@return octets of the zlib stream, 0 when nothing is compressed}
     */
    public int streamLength()
    {
        return streamLength;
    }
}
