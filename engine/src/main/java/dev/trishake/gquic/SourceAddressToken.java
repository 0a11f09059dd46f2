// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.aead.Aes128Gcm;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.RejectReason;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Source-address tokens, gQUIC 9: whoever shows one receives at the address in it. It also carries what a server that
 * keeps nothing must know to go on with the connection: its version, which clients of Chromium do not say again, how
 * much of stream 1 it has sent, and in which packet.
 *
 * <pre>
 *  0    1         2          14                                                     46        58
 * +----+---------+----------+------------------------------------------------------+---------+
 * | id | version | nonce    | AES-128-GCM of ip 16, seconds 4, connection ID 8,     | tag     |
 * |    |         |          |                sent length 2, sent packet number 2   |         |
 * +----+---------+----------+------------------------------------------------------+---------+
 * </pre>
 *
 * <p>The id is the low octet of the epoch of {@link TokenKeys}. The version is no secret and lies in front, so that the
 * rest is two blocks; both are authenticated. IPv4 addresses are IPv4-mapped, so both forms are the
 * same. The token stays below 60 octets, the room that lsquic's client has. It is no secret from its client, who can't
 * read it but need not be kept from using it twice.
 */
class SourceAddressToken
{
    /** Octets of a token. */
    static final int LENGTH = 58;

    /** How long a token is good. */
    static final long LIFETIME_SECONDS = 24L * 3600;

    /** How far in the future a token of another server may be. */
    static final long MAX_SKEW_SECONDS = 3600;

    /** So long a key must be used at least, or more keys would be good at once than are kept. */
    static final long LEAST_EPOCH_SECONDS = 3600L * 4;

    /** Largest length and packet number that a token carries. */
    static final int MAX_SENT = 0xffff;

    private static final int VERSION_OFFSET = 1;
    private static final int NONCE_OFFSET = 2;
    private static final int SEALED_OFFSET = NONCE_OFFSET + Aead.NONCE_LENGTH;
    private static final int IP_HIGH = 0;
    private static final int IP_LOW = 8;
    private static final int SECONDS = 16;
    private static final int CID = 20;
    private static final int SENT_LENGTH = 28;
    private static final int SENT_NUMBER = 30;
    private static final int TEXT_LENGTH = 32;
    private static final int SEALED_LENGTH = TEXT_LENGTH + Aead.SHORT_TAG_LENGTH;
    private static final int KEPT = 16;
    private static final long NO_EPOCH = Long.MIN_VALUE;

    private final TokenKeys keys;
    private final Entropy entropy;
    private final Aes128Gcm aead;
    private final UnsafeBuffer schedules =
        new UnsafeBuffer(ByteBuffer.allocateDirect(KEPT * Aes128Gcm.SCHEDULE_LENGTH));
    private final long[] epochs = new long[KEPT];
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[TokenKeys.KEY_LENGTH]);
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[TEXT_LENGTH]);
    private int version;

    SourceAddressToken(final Kernels kernels, final Entropy entropy, final TokenKeys keys)
    {
        if (keys.epochSeconds() < LEAST_EPOCH_SECONDS)
        {
            throw new IllegalArgumentException("a key of tokens must be used for 4 hours at least");
        }
        this.keys = keys;
        this.entropy = entropy;
        aead = new Aes128Gcm(kernels, Aead.SHORT_TAG_LENGTH);
        Arrays.fill(epochs, NO_EPOCH);
    }

    /** {@return octets of the tokens that are written} */
    int length()
    {
        return LENGTH;
    }

    /**
     * Writes a token of {@link #length} octets.
     *
     * @param out        where to
     * @param at         where it begins
     * @param ipHigh     first half of the client's address
     * @param ipLow      second half
     * @param nowSeconds of 1970
     * @param label      version of the connection
     * @param cid        the connection that it is sent on
     * @param sentLength octets of stream 1 that the server has sent then, 0 to {@link #MAX_SENT}
     * @param sentNumber the packet that carries them, 0 to {@link #MAX_SENT}
     */
    void seal(
        final MutableDirectBuffer out, final int at, final long ipHigh, final long ipLow, final long nowSeconds,
        final int label, final long cid, final int sentLength, final int sentNumber)
    {
        assert (sentLength | sentNumber) >>> Short.SIZE == 0 : sentLength + ", " + sentNumber;
        final long epoch = Math.floorDiv(nowSeconds, keys.epochSeconds());
        text.putLong(IP_HIGH, ipHigh, BIG_ENDIAN);
        text.putLong(IP_LOW, ipLow, BIG_ENDIAN);
        text.putInt(SECONDS, (int)nowSeconds, BIG_ENDIAN);
        text.putLong(CID, cid, BIG_ENDIAN);
        text.putShort(SENT_LENGTH, (short)sentLength, BIG_ENDIAN);
        text.putShort(SENT_NUMBER, (short)sentNumber, BIG_ENDIAN);
        out.putByte(at, (byte)epoch);
        out.putByte(at + VERSION_OFFSET, (byte)GquicVersion.toOctet(label));
        entropy.nextBytes(out, at + NONCE_OFFSET, Aead.NONCE_LENGTH);
        aead.seal(schedules, schedule(epoch), out.getInt(at + NONCE_OFFSET, LITTLE_ENDIAN),
            out.getLong(at + NONCE_OFFSET + Integer.BYTES, LITTLE_ENDIAN), out, at, NONCE_OFFSET, text, 0, TEXT_LENGTH,
            out, at + SEALED_OFFSET);
    }

    /**
     * Reads a token; what it says can be asked for afterwards when it is good.
     *
     * @param in         where it is
     * @param at         where it begins
     * @param length     of it
     * @param ipHigh     first half of the client's address
     * @param ipLow      second half
     * @param nowSeconds of 1970
     * @return 0, or a {@link RejectReason}
     */
    int open(
        final DirectBuffer in, final int at, final int length, final long ipHigh, final long ipLow,
        final long nowSeconds)
    {
        if (length != LENGTH)
        {
            return length == 0 ? RejectReason.TOKEN_INVALID : RejectReason.TOKEN_PARSE;
        }
        final long now = Math.floorDiv(nowSeconds, keys.epochSeconds());
        final long epoch = now + (byte)(in.getByte(at) - (byte)now);
        if (epoch < Math.floorDiv(nowSeconds - LIFETIME_SECONDS, keys.epochSeconds()) - 1 || epoch > now + 1 ||
            !aead.open(schedules, schedule(epoch), in.getInt(at + NONCE_OFFSET, LITTLE_ENDIAN),
                in.getLong(at + NONCE_OFFSET + Integer.BYTES, LITTLE_ENDIAN), in, at, NONCE_OFFSET,
                in, at + SEALED_OFFSET, SEALED_LENGTH, text, 0))
        {
            return RejectReason.TOKEN_DECRYPTION;
        }
        if (text.getLong(IP_HIGH, BIG_ENDIAN) != ipHigh || text.getLong(IP_LOW, BIG_ENDIAN) != ipLow)
        {
            return RejectReason.TOKEN_DIFFERENT_IP;
        }
        version = GquicVersion.ofOctet(in.getByte(at + VERSION_OFFSET));
        // the difference of 32-bit seconds, right across 2106
        final int age = (int)nowSeconds - text.getInt(SECONDS, BIG_ENDIAN);
        return age < -MAX_SKEW_SECONDS ? RejectReason.TOKEN_CLOCK_SKEW :
            age > LIFETIME_SECONDS ? RejectReason.TOKEN_EXPIRED : 0;
    }

    /** {@return label of the version of the connection that the token was sent on, once it was opened} */
    int version()
    {
        return version;
    }

    /** {@return the connection that the token was sent on} */
    long cid()
    {
        return text.getLong(CID, BIG_ENDIAN);
    }

    /** {@return octets of stream 1 that the server had sent then} */
    int sentLength()
    {
        return text.getShort(SENT_LENGTH, BIG_ENDIAN) & MAX_SENT;
    }

    /** {@return the packet that carried them} */
    int sentNumber()
    {
        return text.getShort(SENT_NUMBER, BIG_ENDIAN) & MAX_SENT;
    }

    /** Wipes keys and what was read. */
    void clear()
    {
        aead.clear();
        ConstantTime.wipe(text, 0, TEXT_LENGTH);
        ConstantTime.wipe(schedules, 0, schedules.capacity());
        Arrays.fill(epochs, NO_EPOCH);
    }

    /** {@return where an epoch's schedule begins; a key is expanded once, as all epochs that are good have a place} */
    private int schedule(final long epoch)
    {
        final int place = (int)epoch & (KEPT - 1);
        final int at = place * Aes128Gcm.SCHEDULE_LENGTH;
        if (epochs[place] != epoch)
        {
            keys.copyKey(epoch, key, 0);
            aead.expandKey(key, 0, schedules, at);
            ConstantTime.wipe(key, 0, TokenKeys.KEY_LENGTH);
            epochs[place] = epoch;
        }
        return at;
    }
}
