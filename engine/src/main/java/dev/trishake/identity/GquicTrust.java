// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a client of gQUIC trusts: anchors, or everybody; and the rules by which a server's chain is checked against
 * them. The proof is not looked at: its key is in the verdict, and who has the handshake verifies it.
 *
 * <p>Immutable after construction; any thread may ask. It takes milliseconds and is for the trust thread, see
 * {@link TrustCache}.
 */
public final class GquicTrust
{
    private final List<X509CertificateHolder> anchors;

    private GquicTrust(final List<X509CertificateHolder> anchors)
    {
        this.anchors = anchors;
    }

    /**
     * Loads anchors.
     *
     * @param files with certificates, PEM or DER: of authorities, or of servers that are trusted themselves
     * @return the trust
     * @throws IdentityException with a sentence for the first fault
     */
    public static GquicTrust load(final Path... files) throws IdentityException
    {
        final List<X509CertificateHolder> anchors = new ArrayList<>();
        for (final Path file : files)
        {
            final Credentials found = Credentials.read(file, null);
            if (found.certificates().isEmpty())
            {
                throw new IdentityException(file + ": has no certificate in it, so it gives nobody to trust");
            }
            anchors.addAll(found.certificates());
        }
        if (anchors.isEmpty())
        {
            throw new IdentityException("gQUIC needs anchors to check a server's certificates: name a file with them");
        }
        return new GquicTrust(List.copyOf(anchors));
    }

    /**
     * {@return trust in whoever shows a certificate that can be read, of whatever name: encryption against those who
     * only listen, for tests}
     */
    public static GquicTrust insecure()
    {
        return new GquicTrust(null);
    }

    /**
     * Checks what a server has shown.
     *
     * @param buffer where the value of CRT is
     * @param offset where it begins
     * @param length of it
     * @param known  what was said of an earlier chain of the same server, whose certificates this one may name; or null
     * @param name   that the leaf must have
     * @param now    when all must be valid
     * @return the verdict; never throws, whatever the bytes are
     */
    public GquicVerdict verify(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final GquicVerdict known,
        final PeerName name,
        final Instant now)
    {
        try
        {
            final List<byte[]> ders =
                GquicChains.read(buffer, offset, length, known == null ? List.of() : known.chain());
            final SubjectPublicKeyInfo key = Certificates.keyOf(ders.getFirst());
            if (EcCurve.P256.point(key) == null && WebPki.rsaKey(key) == null)
            {
                throw refusal("the leaf's key is neither on P-256 nor of RSA with " + WebPki.MIN_RSA_BITS + " to " +
                    WebPki.MAX_RSA_BITS + " bits");
            }
            if (anchors == null)
            {
                return GquicVerdict.trusted("(not checked)", key, ders, Instant.MIN, Instant.MAX);
            }
            final List<X509CertificateHolder> chain = new ArrayList<>();
            for (final byte[] der : ders)
            {
                final X509CertificateHolder certificate = Certificates.parse(der);
                if (certificate == null)
                {
                    throw refusal("a certificate is not in DER");
                }
                chain.add(certificate);
            }
            final CertificatePath path = check(chain, name, now);
            return GquicVerdict.trusted(
                Certificates.subject(chain.getFirst()), key, ders, path.validFrom(), path.validUntil());
        }
        catch (final Refusal refusal)
        {
            return GquicVerdict.refused(refusal.code(), refusal.getMessage());
        }
        catch (final IOException | GeneralSecurityException | RuntimeException | StackOverflowError ex)
        {
            // Bouncy Castle parses lazily, so a damaged extension shows at any time
            return GquicVerdict.refused(
                GquicError.PROOF_INVALID, "a certificate is damaged: " + ex.getMessage());
        }
    }

    private CertificatePath check(
        final List<X509CertificateHolder> chain, final PeerName name, final Instant now) throws Refusal, IOException
    {
        final X509CertificateHolder leaf = chain.getFirst();
        checkLeaf(leaf, name);
        final CertificatePath path = CertificatePath.of(WebPki::isSignedBy, leaf, chain.subList(1, chain.size()),
            anchors, new CertificatePath.Budget());
        if (!path.isComplete())
        {
            throw refusal(path.isForged() ?
                "a signature on the way from " + Certificates.subject(leaf) + " to an anchor is wrong" :
                "nobody who is trusted has signed for " + Certificates.issuer(leaf));
        }
        final X509CertificateHolder invalid = path.notValidAt(now);
        if (invalid != null)
        {
            throw refusal("the certificate of " + Certificates.subject(invalid) +
                (now.isAfter(invalid.getNotAfter().toInstant()) ?
                    " has expired on " + invalid.getNotAfter().toInstant() :
                    " is not valid before " + invalid.getNotBefore().toInstant()));
        }
        try
        {
            path.validate(now);
        }
        catch (final GeneralSecurityException ex)
        {
            throw refusal("the chain of " + Certificates.subject(leaf) + " breaks a rule: " + ex.getMessage());
        }
        return path;
    }

    private static void checkLeaf(final X509CertificateHolder leaf, final PeerName name) throws Refusal
    {
        final String whose = "the certificate of " + Certificates.subject(leaf);
        if (KeyUsage.fromExtensions(leaf.getExtensions()) != null &&
            !Certificates.hasUsage(leaf, KeyUsage.digitalSignature))
        {
            throw refusal(whose + " may not be used for signing");
        }
        if (!Certificates.hasPurpose(leaf, KeyPurposeId.id_kp_serverAuth))
        {
            throw refusal(whose + " is for another purpose than a server's");
        }
        if (!name.matches(leaf))
        {
            throw refusal(whose + " is not for " + name);
        }
    }

    private static Refusal refusal(final String sentence)
    {
        return new Refusal(GquicError.PROOF_INVALID, sentence);
    }
}
