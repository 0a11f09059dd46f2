// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * Makes proofs with a key of RSA: PSS with SHA-256, MGF1-SHA-256 and a salt of 32 octets, gQUIC 11. The JDK signs,
 * which takes about a millisecond and allocates. For one thread.
 */
public final class RsaProofSigner
{
    /** The parameters of gQUIC's proofs. */
    static final PSSParameterSpec PSS = new PSSParameterSpec(
        "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final Signature signature;

    RsaProofSigner(final RSAPrivateKey key)
    {
        try
        {
            signature = newSignature();
            signature.initSign(key);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("this JVM has no RSASSA-PSS: " + ex.getMessage(), ex);
        }
    }

    /** {@return the JDK's implementation, set up for gQUIC's proofs} */
    static Signature newSignature() throws GeneralSecurityException
    {
        final Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(PSS);
        return pss;
    }

    /**
     * Signs.
     *
     * @param signed      where the octets that are to be signed are: all of them, the label too
     * @param offset      where they begin
     * @param length      of them
     * @param proof       where the signature goes
     * @param proofOffset where it begins, as many octets as the modulus has
     * @return its octets
     */
    public int sign(
        final DirectBuffer signed,
        final int offset,
        final int length,
        final MutableDirectBuffer proof,
        final int proofOffset)
    {
        try
        {
            final byte[] copy = new byte[length];
            signed.getBytes(offset, copy);
            signature.update(copy);
            final byte[] made = signature.sign();
            proof.putBytes(proofOffset, made);
            return made.length;
        }
        catch (final SignatureException ex)
        {
            throw new IllegalStateException("the JDK can't sign with this key: " + ex.getMessage(), ex);
        }
    }
}
