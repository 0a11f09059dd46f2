// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTNamedCurves;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

import java.io.IOException;
import java.math.BigInteger;

/** A curve of 256 bits, and the keys that are on it as files and certificates have them. */
final class EcCurve
{
    /** Width of a private key and of a coordinate. */
    static final int WIDTH = 32;

    /** SM2's; private keys are 1 to n - 2. */
    static final EcCurve SM2 =
        new EcCurve("an SM2 key", GMObjectIdentifiers.sm2p256v1, GMNamedCurves.getByName("sm2p256v1"), 2);

    /** NIST's; private keys are 1 to n - 1. */
    static final EcCurve P256 =
        new EcCurve("a P-256 key", SECObjectIdentifiers.secp256r1, NISTNamedCurves.getByName("P-256"), 1);

    private final String keyWords;
    private final ASN1ObjectIdentifier identifier;
    private final X9ECParameters parameters;
    private final BigInteger largestKey;

    private EcCurve(
        final String keyWords,
        final ASN1ObjectIdentifier identifier,
        final X9ECParameters parameters,
        final int below)
    {
        this.keyWords = keyWords;
        this.identifier = identifier;
        this.parameters = parameters;
        this.largestKey = parameters.getN().subtract(BigInteger.valueOf(below));
    }

    /** {@return how sentences call a key of it} */
    String keyWords()
    {
        return keyWords;
    }

    /** {@return n} */
    BigInteger order()
    {
        return parameters.getN();
    }

    /** {@return x, y of a public key, 64 bytes, or null when it is none of this curve or not on it} */
    byte[] point(final SubjectPublicKeyInfo key)
    {
        if (!X9ObjectIdentifiers.id_ecPublicKey.equals(key.getAlgorithm().getAlgorithm()) ||
            !identifier.equals(key.getAlgorithm().getParameters()))
        {
            return null;
        }
        try
        {
            final ECPoint point = parameters.getCurve().decodePoint(key.getPublicKeyData().getOctets());
            return point.isInfinity() ? null : coordinates(point);
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    /** {@return x, y of the public key that belongs to a private one} */
    byte[] pointOf(final BigInteger privateKey)
    {
        return coordinates(new FixedPointCombMultiplier().multiply(parameters.getG(), privateKey));
    }

    /** {@return whether a number can be a private key} */
    boolean isPrivateKey(final BigInteger number)
    {
        return number.signum() > 0 && number.compareTo(largestKey) <= 0;
    }

    /** {@return whether a private key is of this curve, or of one that nobody has named} */
    boolean isOf(final PrivateKeyInfo key) throws IOException
    {
        final ASN1ObjectIdentifier algorithm = key.getPrivateKeyAlgorithm().getAlgorithm();
        // some write the curve where the algorithm belongs
        if (!identifier.equals(algorithm) && !(X9ObjectIdentifiers.id_ecPublicKey.equals(algorithm) &&
            isUnsaidOrThis(key.getPrivateKeyAlgorithm().getParameters())))
        {
            return false;
        }
        return isUnsaidOrThis(ECPrivateKey.getInstance(key.parsePrivateKey()).getParametersObject());
    }

    private boolean isUnsaidOrThis(final ASN1Encodable curve)
    {
        return curve == null || identifier.equals(curve);
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
