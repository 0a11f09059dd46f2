// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.hash.Fnv1a64;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What a server shows and signs with, as its core wants it: its certificates, the values of CRT that say them, and the
 * leaf's P-256 key, or who signs with another one. Made at set-up; read by any thread.
 *
 * <p>There is a value of CRT for each set of certificates that clients may have already: bit i of its number says that
 * the client has certificate i. Compressing is set-up work, as it wants zlib; a lone value, for clients that have none,
 * will do.
 */
public final class GquicCredentials implements AutoCloseable
{
    /** Longest leaf. */
    public static final int MAX_LEAF_LENGTH = 4096;

    private final UnsafeBuffer leaf;
    private final long[] hashes;
    private final UnsafeBuffer[] certificateLists;
    private final UnsafeBuffer privateKey = new UnsafeBuffer(ByteBuffer.allocateDirect(P256.NUMBER_LENGTH));
    private final ProofSource proofSource;

    private GquicCredentials(
        final DirectBuffer[] chain, final DirectBuffer[] certificateLists, final ProofSource proofSource)
    {
        if (chain.length < 1 || chain[0].capacity() > MAX_LEAF_LENGTH)
        {
            throw new IllegalArgumentException("there must be a leaf, of at most " + MAX_LEAF_LENGTH + " octets");
        }
        if (certificateLists.length != 1 && certificateLists.length != 1 << chain.length)
        {
            throw new IllegalArgumentException(
                "one list, or one for each set of " + chain.length + " certificates: " + certificateLists.length);
        }
        leaf = copy(chain[0]);
        hashes = new long[chain.length];
        for (int i = 0; i < chain.length; i++)
        {
            hashes[i] = Fnv1a64.hash(chain[i], 0, chain[i].capacity());
        }
        this.certificateLists = new UnsafeBuffer[certificateLists.length];
        for (int i = 0; i < certificateLists.length; i++)
        {
            this.certificateLists[i] = copy(certificateLists[i]);
        }
        this.proofSource = proofSource;
    }

    /**
     * {@return the credentials of a server whose leaf has a P-256 key: proofs are ECDSA's, made here in batches}
     *
     * @param chain            certificates in DER, the leaf first; copied
     * @param certificateLists values of CRT, one or {@code 1 << chain.length}; copied
     * @param privateKey       holds d, {@link P256#NUMBER_LENGTH} octets, big-endian; copied
     * @param offset           where it begins
     */
    public static GquicCredentials ecdsa(
        final DirectBuffer[] chain, final DirectBuffer[] certificateLists, final DirectBuffer privateKey,
        final int offset)
    {
        final GquicCredentials credentials = new GquicCredentials(chain, certificateLists, null);
        credentials.privateKey.putBytes(0, privateKey, offset, P256.NUMBER_LENGTH);
        return credentials;
    }

    /**
     * {@return the credentials of a server whose leaf has another key}
     *
     * @param chain            certificates in DER, the leaf first; copied
     * @param certificateLists values of CRT, one or {@code 1 << chain.length}; copied
     * @param proofSource      who signs
     */
    public static GquicCredentials signedBy(
        final DirectBuffer[] chain, final DirectBuffer[] certificateLists, final ProofSource proofSource)
    {
        return new GquicCredentials(chain, certificateLists, proofSource);
    }

    private static UnsafeBuffer copy(final DirectBuffer from)
    {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[from.capacity()]);
        copy.putBytes(0, from, 0, from.capacity());
        return copy;
    }

    /** {@return the leaf's DER} */
    DirectBuffer leaf()
    {
        return leaf;
    }

    /** {@return the leaf's FNV-1a-64: what XLCT says} */
    long leafHash()
    {
        return hashes[0];
    }

    /** {@return the value of CRT for a client that has sent this CHLO} */
    DirectBuffer certificateList(final MessageDecoder hello)
    {
        return certificateLists[certificateLists.length == 1 ? 0 : cachedBy(hello)];
    }

    private int cachedBy(final MessageDecoder hello)
    {
        final int index = hello.find(Tag.CCRT);
        int cached = 0;
        if (index != MessageDecoder.NOT_FOUND)
        {
            final int from = hello.valueOffset(index);
            for (int at = from; at <= from + hello.valueLength(index) - Long.BYTES; at += Long.BYTES)
            {
                final long hash = hello.buffer().getLong(at, LITTLE_ENDIAN);
                for (int i = 0; i < hashes.length; i++)
                {
                    cached |= hashes[i] == hash ? 1 << i : 0;
                }
            }
        }
        return cached;
    }

    /** {@return whether proofs are made here} */
    boolean isEcdsa()
    {
        return proofSource == null;
    }

    DirectBuffer privateKey()
    {
        return privateKey;
    }

    ProofSource proofSource()
    {
        return proofSource;
    }

    /** Wipes the private key. */
    @Override
    public void close()
    {
        ConstantTime.wipe(privateKey, 0, P256.NUMBER_LENGTH);
    }
}
