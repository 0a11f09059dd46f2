// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

import java.math.BigInteger;
import java.security.Provider;
import java.security.cert.CertificateException;

/** SM2's curve and what Bouncy Castle does with it; its provider is ours alone and is not registered in the JVM. */
final class Sm2
{
    /** Width of a private key and of a coordinate. */
    static final int WIDTH = 32;

    static final ASN1ObjectIdentifier CURVE = GMObjectIdentifiers.sm2p256v1;
    static final ASN1ObjectIdentifier SIGNATURE = GMObjectIdentifiers.sm2sign_with_sm3;
    static final X9ECParameters PARAMETERS = GMNamedCurves.getByOID(CURVE);
    static final Provider PROVIDER = new BouncyCastleProvider();

    private Sm2()
    {
    }

    /** {@return x, y of a public key, 64 bytes, or null when it is none of SM2 or not on the curve} */
    static byte[] point(final SubjectPublicKeyInfo key)
    {
        if (!X9ObjectIdentifiers.id_ecPublicKey.equals(key.getAlgorithm().getAlgorithm()) ||
            !CURVE.equals(key.getAlgorithm().getParameters()))
        {
            return null;
        }
        try
        {
            final ECPoint point = PARAMETERS.getCurve().decodePoint(key.getPublicKeyData().getOctets());
            return point.isInfinity() ? null : coordinates(point);
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    /** {@return x, y of the public key that belongs to a private one} */
    static byte[] pointOf(final BigInteger privateKey)
    {
        return coordinates(new FixedPointCombMultiplier().multiply(PARAMETERS.getG(), privateKey));
    }

    /** {@return whether a number can be a private key: 1 to n - 2} */
    static boolean isPrivateKey(final BigInteger number)
    {
        return number.signum() > 0 && number.compareTo(PARAMETERS.getN().subtract(BigInteger.ONE)) < 0;
    }

    /** {@return whether a certificate is signed with SM2 and SM3 by another one's key} */
    static boolean isSignedBy(final X509CertificateHolder certificate, final X509CertificateHolder issuer)
    {
        try
        {
            return SIGNATURE.equals(certificate.getSignatureAlgorithm().getAlgorithm()) &&
                point(issuer.getSubjectPublicKeyInfo()) != null &&
                certificate.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().setProvider(PROVIDER).build(issuer));
        }
        catch (final org.bouncycastle.cert.CertException | OperatorCreationException | CertificateException |
            IllegalArgumentException ex)
        {
            return false;
        }
    }

    private static byte[] coordinates(final ECPoint point)
    {
        final ECPoint affine = point.normalize();
        final byte[] both = new byte[2 * WIDTH];
        System.arraycopy(affine.getAffineXCoord().getEncoded(), 0, both, 0, WIDTH);
        System.arraycopy(affine.getAffineYCoord().getEncoded(), 0, both, WIDTH, WIDTH);
        return both;
    }
}
