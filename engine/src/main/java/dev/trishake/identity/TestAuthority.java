// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** An authority that signs certificates for tests; it knows no policy, so it also makes what must be refused. */
final class TestAuthority
{
    private static final int SERIAL_BITS = 119;

    private final TestKeys kind;
    private final X509CertificateHolder certificate;
    private final KeyPair keys;
    private final SecureRandom random;

    private TestAuthority(
        final TestKeys kind, final X509CertificateHolder certificate, final KeyPair keys, final SecureRandom random)
    {
        this.kind = kind;
        this.certificate = certificate;
        this.keys = keys;
        this.random = random;
    }

    /**
     * What a certificate says.
     *
     * @param subject  whom it names
     * @param names    alternative names, or null
     * @param usage    bits of {@link KeyUsage}
     * @param purpose  or null
     * @param path     how many authorities may follow, for an authority; -1 for a leaf
     * @param from     when it begins to be valid
     * @param lifetime how long it is valid
     */
    record Contents(
        X500Name subject,
        GeneralNames names,
        int usage,
        KeyPurposeId purpose,
        int path,
        Instant from,
        Duration lifetime)
    {
        static Contents authority(final String subject, final int path, final Instant from, final Duration lifetime)
        {
            return new Contents(
                new X500Name(subject), null, KeyUsage.keyCertSign | KeyUsage.cRLSign, null, path, from, lifetime);
        }
    }

    /** {@return an authority that signs for itself} */
    static TestAuthority root(final TestKeys kind, final Contents contents, final SecureRandom random)
        throws GeneralSecurityException, IOException
    {
        final KeyPair keys = kind.generate(random);
        return new TestAuthority(kind,
            sign(contents, keys.getPublic().getEncoded(), contents.subject(), kind, keys, random), keys, random);
    }

    /** {@return an authority below this one, with the same kind of keys} */
    TestAuthority sub(final Contents contents) throws GeneralSecurityException, IOException
    {
        final KeyPair subKeys = kind.generate(random);
        return new TestAuthority(kind, issue(contents, subKeys), subKeys, random);
    }

    /** {@return a certificate for somebody's key} */
    X509CertificateHolder issue(final Contents contents, final KeyPair subject)
        throws GeneralSecurityException, IOException
    {
        return sign(contents, subject.getPublic().getEncoded(), certificate.getSubject(), kind, keys, random);
    }

    X509CertificateHolder certificate()
    {
        return certificate;
    }

    KeyPair keys()
    {
        return keys;
    }

    private static X509CertificateHolder sign(
        final Contents contents,
        final byte[] publicKey,
        final X500Name issuer,
        final TestKeys kind,
        final KeyPair issuerKeys,
        final SecureRandom random) throws GeneralSecurityException, IOException
    {
        final SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(publicKey);
        final SubjectPublicKeyInfo issuerKey =
            SubjectPublicKeyInfo.getInstance(issuerKeys.getPublic().getEncoded());
        // the highest bit but one makes it 15 bytes long: GmSSL wants at least 4
        final X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
            Date.from(contents.from()),
            Date.from(contents.from().plus(contents.lifetime())),
            contents.subject(),
            key);
        if (contents.path() >= 0)
        {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(contents.path()));
        }
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(contents.usage()));
        if (contents.purpose() != null)
        {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(contents.purpose()));
        }
        if (contents.names() != null)
        {
            builder.addExtension(Extension.subjectAlternativeName, false, contents.names());
        }
        final BcX509ExtensionUtils identifiers = new BcX509ExtensionUtils();
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
        builder.addExtension(
            Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
        try
        {
            return builder.build(new JcaContentSignerBuilder(kind.signature())
                .setProvider(Certificates.PROVIDER)
                .setSecureRandom(random)
                .build(issuerKeys.getPrivate()));
        }
        catch (final OperatorCreationException ex)
        {
            throw new GeneralSecurityException(ex);
        }
    }
}
