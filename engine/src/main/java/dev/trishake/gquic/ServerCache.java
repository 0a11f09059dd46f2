// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What a client remembers of the servers it may talk to, gQUIC 16: config, leaf, token, for connections of one round
 * trip. Bounded; an entry for each host name that was given at set-up.
 *
 * <pre>
 *  an entry
 * +------+-------+-----------+-----------+
 * | name | token | version 0 |   ...     |      version: number | expiry | chain's hashes | SCFG | leaf
 * +------+-------+-----------+-----------+
 * </pre>
 *
 * <p>A config and the leaf that has signed it are a version, with a number. The last {@value #VERSIONS_KEPT} are kept,
 * so that connections that began with one can go on with it while others learn the next; who comes too late finds
 * nothing.
 */
final class ServerCache
{
    /** What {@link #find} and {@link #current} answer when there is no such version. */
    static final int NONE = -1;

    /** Longest config that is taken; ours have 512 octets at most. */
    static final int MAX_CONFIG_LENGTH = 1024;

    /** Longest token that is taken. */
    static final int MAX_TOKEN_LENGTH = 512;

    /** Longest host name (RFC 1035 2.3.4). */
    static final int MAX_NAME_LENGTH = 255;

    /** Longest chain whose certificates are named in CCRT. */
    static final int MAX_CHAIN_LENGTH = 8;

    /** How many versions of a server there are at once. */
    static final int VERSIONS_KEPT = 8;

    private static final int CURRENT = 0; // number of the version that was stored last, 0: none
    private static final int NAME_LENGTH = 4;
    private static final int TOKEN_LENGTH = 8;
    private static final int NEXT = 12; // number of the version that was written last
    private static final int NAME = 16;
    private static final int TOKEN = NAME + MAX_NAME_LENGTH + 1;
    private static final int VERSIONS = TOKEN + MAX_TOKEN_LENGTH;

    private static final int NUMBER = 0;
    private static final int CONFIG_LENGTH = 4;
    private static final int LEAF_LENGTH = 8;
    private static final int CHAIN_LENGTH = 12;
    private static final int EXPIRY = 16;
    private static final int HASHES = 24;
    private static final int CONFIG = HASHES + MAX_CHAIN_LENGTH * Long.BYTES;
    private static final int LEAF = CONFIG + MAX_CONFIG_LENGTH;
    private static final int VERSION_LENGTH = LEAF + GquicCredentials.MAX_LEAF_LENGTH;
    private static final int ENTRY_LENGTH = VERSIONS + VERSIONS_KEPT * VERSION_LENGTH;

    private final UnsafeBuffer memory;

    /**
     * Allocates entries that know nothing but their names.
     *
     * @param names of hosts, each at most {@value #MAX_NAME_LENGTH} octets of ASCII
     */
    ServerCache(final String[] names)
    {
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.multiplyExact(names.length, ENTRY_LENGTH)));
        for (int i = 0; i < names.length; i++)
        {
            final byte[] name = names[i].getBytes(StandardCharsets.US_ASCII);
            memory.putInt(i * ENTRY_LENGTH + NAME_LENGTH, name.length);
            memory.putBytes(i * ENTRY_LENGTH + NAME, name);
        }
    }

    UnsafeBuffer memory()
    {
        return memory;
    }

    int nameOffset(final int server)
    {
        return server * ENTRY_LENGTH + NAME;
    }

    int nameLength(final int server)
    {
        return memory.getInt(server * ENTRY_LENGTH + NAME_LENGTH);
    }

    int tokenOffset(final int server)
    {
        return server * ENTRY_LENGTH + TOKEN;
    }

    int tokenLength(final int server)
    {
        return memory.getInt(server * ENTRY_LENGTH + TOKEN_LENGTH);
    }

    /** Remembers the token that came last; one that is too long is none. */
    void storeToken(final int server, final DirectBuffer from, final int offset, final int length)
    {
        final int fitting = length <= MAX_TOKEN_LENGTH ? length : 0;
        memory.putBytes(tokenOffset(server), from, offset, fitting);
        memory.putInt(server * ENTRY_LENGTH + TOKEN_LENGTH, fitting);
    }

    /** {@return where the version with a number begins, or {@link #NONE}} */
    int find(final int server, final int number)
    {
        final int version = place(server, number);
        return number != 0 && memory.getInt(version + NUMBER) == number ? version : NONE;
    }

    /** {@return where the version begins that a new connection can begin with, or {@link #NONE}} */
    int current(final int server, final long nowSeconds)
    {
        final int version = find(server, memory.getInt(server * ENTRY_LENGTH + CURRENT));
        return version != NONE && Long.compareUnsigned(memory.getLong(version + EXPIRY), nowSeconds) > 0 ?
            version : NONE;
    }

    /**
     * Remembers a config that a trusted leaf has signed.
     *
     * @param server        whose it is
     * @param config        holds the SCFG message
     * @param offset        where it begins
     * @param length        of it, at most {@link #MAX_CONFIG_LENGTH}
     * @param expirySeconds until when it is good
     * @param trust         knows the leaf
     * @param entry         as it answered
     * @return the version's number, the same one where it is known; 0 when something is too long
     */
    int store(
        final int server, final DirectBuffer config, final int offset, final int length, final long expirySeconds,
        final GquicPeerTrust trust, final int entry)
    {
        if (length > MAX_CONFIG_LENGTH || trust.leafLength(entry) > GquicCredentials.MAX_LEAF_LENGTH)
        {
            return 0;
        }
        final int base = server * ENTRY_LENGTH;
        int number = known(server, config, offset, length, trust.hash(entry, 0));
        if (number == 0)
        {
            number = memory.getInt(base + NEXT) + 1 & Integer.MAX_VALUE;
            number = Math.max(1, number);
            memory.putInt(base + NEXT, number);
            write(place(server, number), number, config, offset, length, trust, entry);
        }
        memory.putLong(place(server, number) + EXPIRY, expirySeconds);
        memory.putInt(base + CURRENT, number);
        return number;
    }

    /** {@return the number of the version with this config and leaf, or 0} */
    private int known(
        final int server, final DirectBuffer config, final int offset, final int length, final long leafHash)
    {
        for (int i = 0; i < VERSIONS_KEPT; i++)
        {
            final int version = place(server, i);
            if (memory.getInt(version + NUMBER) != 0 && hash(version, 0) == leafHash &&
                hasConfig(version, config, offset, length))
            {
                return memory.getInt(version + NUMBER);
            }
        }
        return 0;
    }

    private void write(
        final int version, final int number, final DirectBuffer config, final int offset, final int length,
        final GquicPeerTrust trust, final int entry)
    {
        final int chainLength = Math.min(trust.chainLength(entry), MAX_CHAIN_LENGTH);
        memory.putInt(version + NUMBER, number);
        memory.putInt(version + CONFIG_LENGTH, length);
        memory.putInt(version + LEAF_LENGTH, trust.leafLength(entry));
        memory.putInt(version + CHAIN_LENGTH, chainLength);
        for (int i = 0; i < chainLength; i++)
        {
            memory.putLong(version + HASHES + i * Long.BYTES, trust.hash(entry, i), LITTLE_ENDIAN);
        }
        memory.putBytes(version + CONFIG, config, offset, length);
        trust.copyLeaf(entry, memory, version + LEAF);
    }

    /** {@return whether a version's config is this one; configs are public, so time may tell} */
    boolean hasConfig(final int version, final DirectBuffer config, final int offset, final int length)
    {
        return configLength(version) == length &&
            ConstantTime.equal(memory, configOffset(version), config, offset, length);
    }

    int configOffset(final int version)
    {
        return version + CONFIG;
    }

    int configLength(final int version)
    {
        return memory.getInt(version + CONFIG_LENGTH);
    }

    int leafOffset(final int version)
    {
        return version + LEAF;
    }

    int leafLength(final int version)
    {
        return memory.getInt(version + LEAF_LENGTH);
    }

    /** {@return how many certificates of the chain are known by their hash} */
    int chainLength(final int version)
    {
        return memory.getInt(version + CHAIN_LENGTH);
    }

    /** {@return where the hashes of the chain begin, as CCRT lists them; the first is XLCT} */
    int hashesOffset(final int version)
    {
        return version + HASHES;
    }

    /** {@return the number by which a version is found} */
    int number(final int version)
    {
        return memory.getInt(version + NUMBER);
    }

    /** Forgets the token and that there is a config: the next connection asks again. */
    void forget(final int server)
    {
        memory.putInt(server * ENTRY_LENGTH + CURRENT, 0);
        memory.putInt(server * ENTRY_LENGTH + TOKEN_LENGTH, 0);
    }

    private long hash(final int version, final int index)
    {
        return memory.getLong(version + HASHES + index * Long.BYTES, LITTLE_ENDIAN);
    }

    private static int place(final int server, final int number)
    {
        return server * ENTRY_LENGTH + VERSIONS + (number & (VERSIONS_KEPT - 1)) * VERSION_LENGTH;
    }
}
