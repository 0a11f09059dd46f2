// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads a {@link TlcpIdentity} from files and checks it: each fault has a sentence that names the file.
 *
 * <pre>
 * new IdentityLoader()
 *     .signing(Path.of("server_sign.crt"), Path.of("server_sign.key"))
 *     .encryption(Path.of("server_enc.crt"), Path.of("server_enc.key"))
 *     .chain(Path.of("chain.crt"))
 *     .load(Instant.now());
 * </pre>
 *
 * <p>A file may be PEM or DER. The first certificate in a leaf's file is the leaf, those behind it belong to the chain;
 * PKCS #12 holds certificate and key, so it is named twice.
 */
public final class IdentityLoader
{
    private Path signingCertificate;
    private Path signingKey;
    private Path encryptionCertificate;
    private Path encryptionKey;
    private Path chain;
    private char[] password;

    /**
     * {@return this, with the files of the signing pair}
     *
     * @param certificate with the certificate
     * @param key         with the private key; may be the same file
     */
    public IdentityLoader signing(final Path certificate, final Path key)
    {
        signingCertificate = certificate;
        signingKey = key;
        return this;
    }

    /**
     * {@return this, with the files of the encryption pair}
     *
     * @param certificate with the certificate
     * @param key         with the private key; may be the same file
     */
    public IdentityLoader encryption(final Path certificate, final Path key)
    {
        encryptionCertificate = certificate;
        encryptionKey = key;
        return this;
    }

    /**
     * {@return this, with the file of the authorities between the leaves and the peers' anchors}
     *
     * @param file with their certificates, in any order; null for none
     */
    public IdentityLoader chain(final Path file)
    {
        chain = file;
        return this;
    }

    /**
     * {@return this, with the password of all files that are encrypted}
     *
     * @param secret is copied; null for none
     */
    public IdentityLoader password(final char[] secret)
    {
        password = secret == null ? null : secret.clone();
        return this;
    }

    /**
     * Loads and checks.
     *
     * @param now when the certificates must be valid
     * @return the identity
     * @throws IdentityException with a sentence for the first fault
     */
    public TlcpIdentity load(final Instant now) throws IdentityException
    {
        if (signingCertificate == null || encryptionCertificate == null)
        {
            throw new IdentityException(
                "TLCP needs two certificates with their keys, for signing and for encryption: name both");
        }
        try
        {
            final Leaf signing = new Leaf("signing", signingCertificate, signingKey);
            final Leaf encryption = new Leaf("encryption", encryptionCertificate, encryptionKey);
            signing.check(now, Certificates.SIGNING_USAGE, "digitalSignature or nonRepudiation");
            encryption.check(
                now, Certificates.ENCRYPTION_USAGE, "keyEncipherment, dataEncipherment or keyAgreement");
            if (!Certificates.nameOneEntity(signing.certificate, encryption.certificate))
            {
                throw encryption.fault("names another entity than the signing certificate: their subjects and " +
                    "alternative names must be the same");
            }
            return new TlcpIdentity(
                signing.certificate, signing.key, encryption.certificate, encryption.key,
                checkedChain(signing, encryption, now));
        }
        catch (final IdentityException ex)
        {
            throw ex;
        }
        catch (final IOException ex)
        {
            throw new IdentityException("a certificate can't be written again: " + ex.getMessage(), ex);
        }
        finally
        {
            if (password != null)
            {
                Arrays.fill(password, '\0');
                password = null;
            }
        }
    }

    /** The chain's own file, and what stands beside the leaves in theirs. */
    private List<X509CertificateHolder> checkedChain(final Leaf signing, final Leaf encryption, final Instant now)
        throws IdentityException
    {
        final AuthorityChain authorities =
            new AuthorityChain(Sm2::isSignedBy, signing.certificate, encryption.certificate);
        authorities.add(signing.others);
        authorities.add(encryption.others);
        if (chain != null)
        {
            authorities.add(Credentials.read(chain, password).certificates());
            if (authorities.isEmpty())
            {
                throw new IdentityException(chain + ": has no certificate of an authority in it");
            }
        }
        if (authorities.isEmpty())
        {
            return List.of();
        }
        final Path source = chain == null ? signingCertificate : chain;
        authorities.check(source, now);
        final List<X509CertificateHolder> sorted = authorities.takeFrom(signing.certificate);
        final X509CertificateHolder issuer = sorted.isEmpty() ? null : sorted.getFirst();
        signing.checkIssuer(issuer);
        encryption.checkIssuer(issuer);
        authorities.checkNoneIsLeft(source);
        return sorted;
    }

    /** One certificate with its key, as its files give them. */
    private final class Leaf
    {
        private final String word;
        private final Path file;
        private final Path keyFile;
        private final X509CertificateHolder certificate;
        private final List<X509CertificateHolder> others;
        private final BigInteger key;

        Leaf(final String word, final Path file, final Path keyFile) throws IdentityException
        {
            this.word = word;
            this.file = file;
            this.keyFile = keyFile;
            final Credentials found = Credentials.read(file, password);
            if (found.certificates().isEmpty())
            {
                throw fault("has no certificate in it");
            }
            key = keyFile.equals(file) ? found.key(EcCurve.SM2) : Credentials.read(keyFile, password).key(EcCurve.SM2);
            certificate = keyFile.equals(file) ? ownerOf(key, found) : found.certificates().getFirst();
            others = new ArrayList<>(found.certificates());
            others.remove(certificate);
        }

        /** PKCS #12 keeps no order: the leaf is the one that the key belongs to. */
        private static X509CertificateHolder ownerOf(final BigInteger key, final Credentials found)
        {
            final byte[] point = EcCurve.SM2.pointOf(key);
            for (final X509CertificateHolder candidate : found.certificates())
            {
                if (Arrays.equals(point, EcCurve.SM2.point(candidate.getSubjectPublicKeyInfo())))
                {
                    return candidate;
                }
            }
            return found.certificates().getFirst();
        }

        void check(final Instant now, final int usages, final String usageWords) throws IdentityException
        {
            final byte[] point = EcCurve.SM2.point(certificate.getSubjectPublicKeyInfo());
            if (point == null)
            {
                throw fault("the certificate of " + Certificates.subject(certificate) + " has no SM2 key");
            }
            if (now.isBefore(certificate.getNotBefore().toInstant()))
            {
                throw fault("the certificate is not valid before " + certificate.getNotBefore().toInstant());
            }
            if (now.isAfter(certificate.getNotAfter().toInstant()))
            {
                throw fault("the certificate has expired on " + certificate.getNotAfter().toInstant());
            }
            if (Certificates.isAuthority(certificate))
            {
                throw fault("the first certificate is an authority's: the leaf comes first");
            }
            if (!Certificates.hasUsage(certificate, usages))
            {
                throw fault("the certificate may not be used for " + word + ": its key usage must have " + usageWords);
            }
            if (!Arrays.equals(point, EcCurve.SM2.pointOf(key)))
            {
                throw fault("the certificate does not belong to the private key in " + keyFile);
            }
        }

        void checkIssuer(final X509CertificateHolder issuer) throws IdentityException
        {
            if (issuer == null || !Sm2.isSignedBy(certificate, issuer))
            {
                throw fault("nobody in the chain has signed the certificate, whose issuer is " +
                    Certificates.issuer(certificate));
            }
        }

        IdentityException fault(final String sentence)
        {
            return new IdentityException(file + " (" + word + "): " + sentence);
        }
    }
}
