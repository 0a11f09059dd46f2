// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

import java.io.IOException;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.util.Arrays;

/** What TLCP and gQUIC ask of a certificate; Bouncy Castle's provider is ours alone, the JVM does not know it. */
final class Certificates
{
    static final Provider PROVIDER = new BouncyCastleProvider();

    /** Usages of a signing leaf, one of which it must have. */
    static final int SIGNING_USAGE = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;

    /** Usages of an encryption leaf, one of which it must have. */
    static final int ENCRYPTION_USAGE = KeyUsage.keyEncipherment | KeyUsage.dataEncipherment | KeyUsage.keyAgreement;

    /** Before the key: serial number, signature, issuer, validity, subject. */
    private static final int KEY_INDEX = 5;

    private static final int LAST_BYTE = 8;

    private Certificates()
    {
    }

    /**
     * {@return a certificate, or null when it is not in DER}. Bouncy Castle reads BER and verifies what it would have
     * written: one certificate in two forms is no certificate, because fingerprints and signatures are over the bytes
     */
    static X509CertificateHolder parse(final byte[] der) throws IOException
    {
        final X509CertificateHolder parsed = new X509CertificateHolder(der);
        return Arrays.equals(der, parsed.toASN1Structure().getEncoded(ASN1Encoding.DER)) ? parsed : null;
    }

    /**
     * {@return the key in a certificate about which nothing else is asked}. Go makes some for tests whose issuer has no
     * name, which Bouncy Castle does not read
     */
    static SubjectPublicKeyInfo keyOf(final byte[] der) throws IOException
    {
        final ASN1Sequence signed = ASN1Sequence.getInstance(
            ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der)).getObjectAt(0));
        // RFC 5280 4.1: a version that is not the first one stands in front
        final int version = signed.getObjectAt(0) instanceof ASN1TaggedObject ? 1 : 0;
        return SubjectPublicKeyInfo.getInstance(signed.getObjectAt(version + KEY_INDEX));
    }

    /** {@return whether a certificate may be used in one of some ways; one that says nothing may not} */
    static boolean hasUsage(final X509CertificateHolder certificate, final int anyOf)
    {
        final KeyUsage usage = KeyUsage.fromExtensions(certificate.getExtensions());
        if (usage == null)
        {
            return false;
        }
        final byte[] bits = usage.getBytes();
        int all = bits.length > 0 ? bits[0] & 0xff : 0;
        all |= bits.length > 1 ? (bits[1] & 0xff) << LAST_BYTE : 0;
        return (all & anyOf) != 0;
    }

    /** {@return whether a certificate may be used for a purpose; one that names none may} */
    static boolean hasPurpose(final X509CertificateHolder certificate, final KeyPurposeId purpose)
    {
        final ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(certificate.getExtensions());
        return usage == null || usage.hasKeyPurposeId(purpose) ||
            usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage);
    }

    /** {@return whether a certificate says that it is an authority's} */
    static boolean isAuthority(final X509CertificateHolder certificate)
    {
        final BasicConstraints constraints = BasicConstraints.fromExtensions(certificate.getExtensions());
        return constraints != null && constraints.isCA();
    }

    /** {@return whether another one's key has signed a certificate, by whatever algorithm it says} */
    static boolean isSignatureValid(final X509CertificateHolder certificate, final X509CertificateHolder issuer)
    {
        try
        {
            return certificate.isSignatureValid(
                new JcaContentVerifierProviderBuilder().setProvider(PROVIDER).build(issuer));
        }
        catch (final CertException | OperatorCreationException | CertificateException | IllegalArgumentException ex)
        {
            return false;
        }
    }

    /** {@return whether two leaves name one entity: the same subject and the same alternative names, or neither any} */
    static boolean nameOneEntity(final X509CertificateHolder one, final X509CertificateHolder other)
    {
        return one.getSubject().equals(other.getSubject()) && Arrays.equals(names(one), names(other));
    }

    /** {@return the subject as people write it, never empty} */
    static String subject(final X509CertificateHolder certificate)
    {
        return text(certificate.getSubject());
    }

    /** {@return the issuer as people write it, never empty} */
    static String issuer(final X509CertificateHolder certificate)
    {
        return text(certificate.getIssuer());
    }

    private static String text(final X500Name name)
    {
        final String text = name.toString();
        return text.isEmpty() ? "(no name)" : text;
    }

    private static byte[] names(final X509CertificateHolder certificate)
    {
        final Extension names = certificate.getExtension(Extension.subjectAlternativeName);
        return names == null ? new byte[0] : names.getExtnValue().getOctets();
    }
}
