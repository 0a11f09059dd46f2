// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

import java.io.IOException;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.List;

/**
 * What {@link GquicTrust} says of the chain that a server has shown, and what a client needs of it: the leaf, its key,
 * and the names of all its certificates for CCRT.
 */
public final class GquicVerdict implements Verdict
{
    /** {@link #error()} of certificates that are trusted. */
    public static final int TRUSTED = 0;

    private final int error;
    private final String sentence;
    private final Instant validFrom;
    private final Instant validUntil;
    private final List<byte[]> chain;
    private final UnsafeBuffer leaf;
    private final UnsafeBuffer hashes;
    private final PublicKey rsaKey;
    private final UnsafeBuffer point;

    private GquicVerdict(
        final int error,
        final String sentence,
        final Instant validFrom,
        final Instant validUntil,
        final List<byte[]> chain,
        final PublicKey rsaKey,
        final byte[] point)
    {
        this.error = error;
        this.sentence = sentence;
        this.validFrom = validFrom;
        this.validUntil = validUntil;
        this.chain = chain;
        this.rsaKey = rsaKey;
        this.point = new UnsafeBuffer(point);
        leaf = new UnsafeBuffer(chain.isEmpty() ? new byte[0] : chain.getFirst());
        hashes = new UnsafeBuffer(new byte[chain.size() * Long.BYTES]);
        for (int i = 0; i < chain.size(); i++)
        {
            hashes.putLong(i * Long.BYTES, GquicChains.hash(chain.get(i)), ByteOrder.LITTLE_ENDIAN);
        }
    }

    static GquicVerdict trusted(
        final String subject,
        final SubjectPublicKeyInfo key,
        final List<byte[]> chain,
        final Instant validFrom,
        final Instant validUntil) throws IOException, GeneralSecurityException
    {
        final byte[] point = EcCurve.P256.point(key);
        final PublicKey rsaKey = point != null ? null : KeyFactory.getInstance("RSA")
            .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        return new GquicVerdict(TRUSTED, subject, validFrom, validUntil, List.copyOf(chain), rsaKey,
            point != null ? point : new byte[GquicIdentity.POINT_LENGTH]);
    }

    static GquicVerdict refused(final int error, final String sentence)
    {
        return new GquicVerdict(error, sentence, Instant.MIN, Instant.MAX, List.of(), null,
            new byte[GquicIdentity.POINT_LENGTH]);
    }

    @Override
    public boolean isTrusted()
    {
        return error == TRUSTED;
    }

    /**
     * {@return {@link #TRUSTED}, or the error to close with, see {@link GquicError}}
     */
    public int error()
    {
        return error;
    }

    @Override
    public String sentence()
    {
        return sentence;
    }

    @Override
    public Instant validFrom()
    {
        return validFrom;
    }

    @Override
    public Instant validUntil()
    {
        return validUntil;
    }

    /** {@return DER of all certificates, leaf first} */
    List<byte[]> chain()
    {
        return chain;
    }

    /**
     * {@return DER of the leaf: a part of what the keys are derived from, gQUIC 12; empty when it is refused}
     */
    public DirectBuffer leaf()
    {
        return leaf;
    }

    /**
     * {@return the FNV-1a-64 hashes of all certificates, leaf first, as CCRT has them: the first one is XLCT's}
     */
    public DirectBuffer hashes()
    {
        return hashes;
    }

    /**
     * {@return whether the leaf's key is of RSA, so that {@link #verifies} is who judges proofs; else it is on P-256}
     */
    public boolean isRsa()
    {
        return rsaKey != null;
    }

    /**
     * Copies the leaf's public key on P-256 to where the kernel wants it.
     *
     * @param destination where to
     * @param offset      where it begins: {@link GquicIdentity#POINT_LENGTH} octets, x, y; zeros where it is of RSA
     */
    public void copyKey(final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, point, 0, GquicIdentity.POINT_LENGTH);
    }

    /**
     * Verifies a proof with a key of RSA, by the JDK, which allocates.
     *
     * @param signed      where the octets that were signed are: all of them, the label too
     * @param offset      where they begin
     * @param length      of them
     * @param proof       where the proof is
     * @param proofOffset where it begins
     * @param proofLength of it
     * @return whether the leaf's key has made the proof; false where that key is not of RSA
     */
    public boolean verifies(
        final DirectBuffer signed,
        final int offset,
        final int length,
        final DirectBuffer proof,
        final int proofOffset,
        final int proofLength)
    {
        if (rsaKey == null)
        {
            return false;
        }
        try
        {
            final Signature signature = RsaProofSigner.newSignature();
            signature.initVerify(rsaKey);
            signature.update(copy(signed, offset, length));
            return signature.verify(copy(proof, proofOffset, proofLength));
        }
        catch (final SignatureException ex)
        {
            return false;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("this JVM has no RSASSA-PSS: " + ex.getMessage(), ex);
        }
    }

    private static byte[] copy(final DirectBuffer from, final int offset, final int length)
    {
        final byte[] to = new byte[length];
        from.getBytes(offset, to);
        return to;
    }

    @Override
    public String toString()
    {
        return (isTrusted() ? "trusted: " : "refused with error " + error + ": ") + sentence;
    }
}
