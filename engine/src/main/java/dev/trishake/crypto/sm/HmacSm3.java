// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * HMAC (RFC 2104) with SM3, one message at a time. A key that serves many messages is prepared once: {@link
 * #PREPARED_LENGTH} octets in the caller's memory that are as secret as the key.
 *
 * <pre>
 *   0    chaining value behind the block key ^ ipad
 *   32   chaining value behind the block key ^ opad
 * </pre>
 *
 * <p>A message is begun with {@link #init}, continued with {@link Sm3#update} and ended with {@link #mac(DirectBuffer,
 * int, DirectBuffer, int, MutableDirectBuffer, int)}. Time depends on lengths only. Scratch is wiped before a method
 * returns.
 */
public final class HmacSm3
{
    /** Octets of a message authentication code. */
    public static final int MAC_LENGTH = Sm3.DIGEST_LENGTH;

    /** Octets of a prepared key. */
    public static final int PREPARED_LENGTH = 2 * Sm3.DIGEST_LENGTH;

    static final byte IPAD = 0x36;
    static final byte OPAD = 0x5c;

    private static final int OUTER_OFFSET = Sm3.DIGEST_LENGTH;
    private static final int BLOCK_LENGTH = Sm3.BLOCK_LENGTH;

    private final Sm3 sm3;
    private final UnsafeBuffer pad = new UnsafeBuffer(new byte[BLOCK_LENGTH]);
    private final UnsafeBuffer state = new UnsafeBuffer(new byte[Sm3.STATE_LENGTH]);
    private final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
    private final UnsafeBuffer prepared = new UnsafeBuffer(new byte[PREPARED_LENGTH]);

    /**
     * Allocates the scratch.
     *
     * @param sm3 does the hashing; may be shared on one thread
     */
    public HmacSm3(final Sm3 sm3)
    {
        this.sm3 = sm3;
    }

    /**
     * Prepares a key.
     *
     * @param key    holds it
     * @param offset where it begins
     * @param length of it, at least 0; more than a block is hashed first
     * @param out    where {@link #PREPARED_LENGTH} octets are written
     * @param at     where they begin
     */
    public void prepare(
        final DirectBuffer key, final int offset, final int length, final MutableDirectBuffer out, final int at)
    {
        if (length > BLOCK_LENGTH)
        {
            sm3.hash(key, offset, length, digest, 0);
            preparePads(digest, 0, Sm3.DIGEST_LENGTH, out, at);
            ConstantTime.wipe(digest, 0, Sm3.DIGEST_LENGTH);
        }
        else
        {
            preparePads(key, offset, length, out, at);
        }
    }

    /**
     * Begins a message.
     *
     * @param key      holds a prepared key
     * @param keyAt    where that begins
     * @param begun    where the message's state of {@link Sm3} is kept
     * @param begunAt  where that begins
     */
    public void init(final DirectBuffer key, final int keyAt, final MutableDirectBuffer begun, final int begunAt)
    {
        begun.putBytes(begunAt, key, keyAt, Sm3.DIGEST_LENGTH);
        begun.putLong(begunAt + Sm3.COUNT_OFFSET, BLOCK_LENGTH);
    }

    /**
     * Gives the code of what a message has come to; its state stays as it is.
     *
     * @param key     holds the prepared key
     * @param keyAt   where that begins
     * @param begun   holds the message's state
     * @param begunAt where that begins
     * @param out     where {@link #MAC_LENGTH} octets are written
     * @param offset  where they begin
     */
    public void mac(
        final DirectBuffer key, final int keyAt, final DirectBuffer begun, final int begunAt,
        final MutableDirectBuffer out, final int offset)
    {
        sm3.digest(begun, begunAt, digest, 0);
        init(key, keyAt + OUTER_OFFSET, state, 0);
        sm3.update(state, 0, digest, 0, Sm3.DIGEST_LENGTH);
        sm3.digest(state, 0, out, offset);
        ConstantTime.wipe(digest, 0, Sm3.DIGEST_LENGTH);
        ConstantTime.wipe(state, 0, Sm3.STATE_LENGTH);
    }

    /**
     * Gives the code of a message that is there as a whole.
     *
     * @param key           holds the key, which need not be prepared
     * @param keyOffset     where it begins
     * @param keyLength     of it, at least 0
     * @param message       holds the message
     * @param messageOffset where it begins
     * @param length        of it, at least 0
     * @param out           where {@link #MAC_LENGTH} octets are written
     * @param offset        where they begin
     */
    public void mac(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer message, final int messageOffset, final int length,
        final MutableDirectBuffer out, final int offset)
    {
        prepare(key, keyOffset, keyLength, prepared, 0);
        init(prepared, 0, state, 0);
        sm3.update(state, 0, message, messageOffset, length);
        mac(prepared, 0, state, 0, out, offset);
        ConstantTime.wipe(prepared, 0, PREPARED_LENGTH);
    }

    /**
     * Writes the block key ^ pad, RFC 2104 2.
     *
     * @param key    holds the key
     * @param offset where it begins
     * @param length 0 to 64
     * @param pad    {@link #IPAD} or {@link #OPAD}
     * @param out    where 64 octets are written
     * @param at     where they begin
     */
    static void pad(
        final DirectBuffer key, final int offset, final int length, final byte pad,
        final MutableDirectBuffer out, final int at)
    {
        final long pads = (pad & 0xffL) * 0x01010101_01010101L;
        int i = 0;
        for (; i < (length & -Long.BYTES); i += Long.BYTES)
        {
            out.putLong(at + i, key.getLong(offset + i) ^ pads);
        }
        for (; i < length; i++)
        {
            out.putByte(at + i, (byte)(key.getByte(offset + i) ^ pad));
        }
        out.setMemory(at + length, BLOCK_LENGTH - length, pad);
    }

    private void preparePads(
        final DirectBuffer key, final int offset, final int length, final MutableDirectBuffer out, final int at)
    {
        pad(key, offset, length, IPAD, pad, 0);
        sm3.init(state, 0);
        sm3.update(state, 0, pad, 0, BLOCK_LENGTH);
        out.putBytes(at, state, 0, Sm3.DIGEST_LENGTH);
        pad(key, offset, length, OPAD, pad, 0);
        sm3.init(state, 0);
        sm3.update(state, 0, pad, 0, BLOCK_LENGTH);
        out.putBytes(at + OUTER_OFFSET, state, 0, Sm3.DIGEST_LENGTH);
        ConstantTime.wipe(state, 0, Sm3.STATE_LENGTH);
        ConstantTime.wipe(pad, 0, BLOCK_LENGTH);
    }
}
