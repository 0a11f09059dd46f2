// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;

/** SM2's signatures of certificates. */
final class Sm2
{
    static final ASN1ObjectIdentifier SIGNATURE = GMObjectIdentifiers.sm2sign_with_sm3;

    private Sm2()
    {
    }

    /** {@return whether a certificate is signed with SM2 and SM3 by another one's key} */
    static boolean isSignedBy(final X509CertificateHolder certificate, final X509CertificateHolder issuer)
    {
        return SIGNATURE.equals(certificate.getSignatureAlgorithm().getAlgorithm()) &&
            EcCurve.SM2.point(issuer.getSubjectPublicKeyInfo()) != null &&
            Certificates.isSignatureValid(certificate, issuer);
    }
}
