// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.util.Set;

/** The signatures and keys of certificates that browsers take: RSA from 2048 bits on and ECDSA, with SHA-2. */
final class WebPki
{
    /** Shortest modulus. */
    static final int MIN_RSA_BITS = 2048;

    /** Longest modulus: what a peer may have us compute with. */
    static final int MAX_RSA_BITS = 8192;

    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
        PKCSObjectIdentifiers.sha256WithRSAEncryption,
        PKCSObjectIdentifiers.sha384WithRSAEncryption,
        PKCSObjectIdentifiers.sha512WithRSAEncryption,
        X9ObjectIdentifiers.ecdsa_with_SHA256,
        X9ObjectIdentifiers.ecdsa_with_SHA384,
        X9ObjectIdentifiers.ecdsa_with_SHA512);

    private static final Set<ASN1ObjectIdentifier> CURVES =
        Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    private WebPki()
    {
    }

    /** {@return whether a certificate is signed by another one's key, in one of these ways} */
    static boolean isSignedBy(final X509CertificateHolder certificate, final X509CertificateHolder issuer)
    {
        return SIGNATURES.contains(certificate.getSignatureAlgorithm().getAlgorithm()) &&
            hasKey(issuer.getSubjectPublicKeyInfo()) &&
            Certificates.isSignatureValid(certificate, issuer);
    }

    /** {@return a public key of RSA, or null when it is none, or of another length} */
    static RSAPublicKey rsaKey(final SubjectPublicKeyInfo key)
    {
        if (!PKCSObjectIdentifiers.rsaEncryption.equals(key.getAlgorithm().getAlgorithm()))
        {
            return null;
        }
        try
        {
            final RSAPublicKey rsa = RSAPublicKey.getInstance(key.parsePublicKey());
            final int bits = rsa.getModulus().bitLength();
            return bits < MIN_RSA_BITS || bits > MAX_RSA_BITS || rsa.getPublicExponent().bitLength() > Long.SIZE ?
                null : rsa;
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            return null;
        }
    }

    private static boolean hasKey(final SubjectPublicKeyInfo key)
    {
        // only curves with names: parameters written out may have a generator that somebody chose
        return X9ObjectIdentifiers.id_ecPublicKey.equals(key.getAlgorithm().getAlgorithm()) ?
            key.getAlgorithm().getParameters() instanceof final ASN1ObjectIdentifier curve && CURVES.contains(curve) :
            rsaKey(key) != null;
    }
}
