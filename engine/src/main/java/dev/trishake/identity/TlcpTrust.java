// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom one side of TLCP trusts: anchors, and the rules by which a peer's certificates are checked against them.
 *
 * <p>Both leaves are checked, each with its path, dates, usage and name, and that they name one entity. In the ECDHE
 * suites nothing signs the encryption certificates, so who checked the signing certificate alone could be deceived
 * about the other one's key.
 *
 * <p>Immutable after construction; any thread may ask. It takes milliseconds and is for the trust thread, see
 * {@link TrustCache}.
 */
public final class TlcpTrust
{
    private static final int MAX_CERTIFICATES = 16;
    private static final int MAX_VECTOR_24 = 0xff_ffff;
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int BAD_CERTIFICATE = 42;
    private static final int UNSUPPORTED_CERTIFICATE = 43;
    private static final int CERTIFICATE_EXPIRED = 45;
    private static final int CERTIFICATE_UNKNOWN = 46;
    private static final int UNKNOWN_CA = 48;
    private static final int DECODE_ERROR = 50;

    private final List<X509CertificateHolder> anchors;
    private final Order order;

    /** Who shows the certificates. */
    public enum Peer
    {
        /** Two leaves, always. */
        SERVER,

        /** Two leaves, or, with the ECC suites, the signing one alone, as GmSSL sends it. */
        CLIENT
    }

    /** Where a peer's encryption certificate may stand. */
    public enum Order
    {
        /** Second, as the standard has it. */
        STANDARD,

        /** Second, or behind the chain. */
        ANY
    }

    private TlcpTrust(final List<X509CertificateHolder> anchors, final Order order)
    {
        this.anchors = List.copyOf(anchors);
        this.order = order;
    }

    /**
     * Loads anchors.
     *
     * @param order where encryption certificates may stand
     * @param files with the certificates of authorities, PEM or DER; what else is in them is an error
     * @return the trust
     * @throws IdentityException with a sentence for the first fault
     */
    public static TlcpTrust load(final Order order, final Path... files) throws IdentityException
    {
        final List<X509CertificateHolder> anchors = new ArrayList<>();
        for (final Path file : files)
        {
            final Credentials found = Credentials.read(file, null);
            if (found.certificates().isEmpty())
            {
                throw new IdentityException(file + ": has no certificate in it, so it gives nobody to trust");
            }
            for (final X509CertificateHolder anchor : found.certificates())
            {
                if (!Certificates.isAuthority(anchor))
                {
                    throw new IdentityException(file + ": the certificate of " + Certificates.subject(anchor) +
                        " is not an authority's, so it can't be an anchor");
                }
                if (EcCurve.SM2.point(anchor.getSubjectPublicKeyInfo()) == null)
                {
                    throw new IdentityException(
                        file + ": the certificate of " + Certificates.subject(anchor) + " has no SM2 key");
                }
                anchors.add(anchor);
            }
        }
        if (anchors.isEmpty())
        {
            throw new IdentityException("TLCP needs anchors to check a peer's certificates: name a file with them");
        }
        return new TlcpTrust(anchors, order);
    }

    /**
     * Checks what a peer has shown.
     *
     * @param buffer where the body of its Certificate message is
     * @param offset where it begins
     * @param length of it
     * @param peer   who it is
     * @param name   that both leaves must have
     * @param now    when they must be valid
     * @return the verdict; never throws, whatever the bytes are
     */
    public TrustVerdict verify(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Peer peer,
        final PeerName name,
        final Instant now)
    {
        try
        {
            return verify(parse(buffer, offset, length), peer, name, now);
        }
        catch (final Refusal refusal)
        {
            return TrustVerdict.refused(refusal.code(), refusal.getMessage());
        }
        catch (final IOException | RuntimeException | StackOverflowError ex)
        {
            // Bouncy Castle parses lazily, so a damaged extension shows at any time
            return TrustVerdict.refused(BAD_CERTIFICATE, "a certificate is damaged: " + ex.getMessage());
        }
    }

    private TrustVerdict verify(
        final List<X509CertificateHolder> shown, final Peer peer, final PeerName name, final Instant now)
        throws Refusal, IOException
    {
        if (shown.isEmpty())
        {
            throw new Refusal(HANDSHAKE_FAILURE, "the peer has shown no certificate");
        }
        final X509CertificateHolder signing = shown.getFirst();
        final int encryptionIndex = encryptionIndex(shown);
        final List<X509CertificateHolder> authorities = new ArrayList<>(shown);
        authorities.removeFirst();
        if (encryptionIndex < 0 && peer == Peer.SERVER)
        {
            throw new Refusal(HANDSHAKE_FAILURE, "the server has shown no encryption certificate");
        }

        final CertificatePath.Budget budget = new CertificatePath.Budget();
        checkLeaf(signing, Certificates.SIGNING_USAGE, "signing", peer, name);
        final CertificatePath first = path(signing, authorities, budget, now);
        final byte[] keys = new byte[TrustVerdict.KEYS_LENGTH];
        System.arraycopy(EcCurve.SM2.point(signing.getSubjectPublicKeyInfo()), 0, keys, 0, 2 * EcCurve.WIDTH);
        if (encryptionIndex < 0)
        {
            return TrustVerdict.trusted(
                Certificates.subject(signing), encryptionIndex, keys, first.validFrom(), first.validUntil());
        }

        final X509CertificateHolder encryption = shown.get(encryptionIndex);
        checkLeaf(encryption, Certificates.ENCRYPTION_USAGE, "encryption", peer, name);
        if (!Certificates.nameOneEntity(signing, encryption))
        {
            throw new Refusal(BAD_CERTIFICATE, "the certificates name two entities: " +
                Certificates.subject(signing) + " and " + Certificates.subject(encryption));
        }
        final CertificatePath second = path(encryption, authorities, budget, now);
        final byte[] encryptionKey = EcCurve.SM2.point(encryption.getSubjectPublicKeyInfo());
        System.arraycopy(encryptionKey, 0, keys, encryptionKey.length, encryptionKey.length);
        return TrustVerdict.trusted(
            Certificates.subject(signing), encryptionIndex, keys,
            first.validFrom().isAfter(second.validFrom()) ? first.validFrom() : second.validFrom(),
            first.validUntil().isBefore(second.validUntil()) ? first.validUntil() : second.validUntil());
    }

    private int encryptionIndex(final List<X509CertificateHolder> shown)
    {
        final int last = order == Order.ANY ? shown.size() - 1 : 1;
        for (int i = 1; i <= last && i < shown.size(); i++)
        {
            if (!Certificates.isAuthority(shown.get(i)))
            {
                return i;
            }
        }
        return TrustVerdict.NO_ENCRYPTION_CERTIFICATE;
    }

    private static void checkLeaf(
        final X509CertificateHolder leaf,
        final int usages,
        final String word,
        final Peer peer,
        final PeerName name) throws Refusal
    {
        final String whose = "the " + word + " certificate of " + Certificates.subject(leaf);
        if (Certificates.isAuthority(leaf))
        {
            throw new Refusal(UNSUPPORTED_CERTIFICATE, whose + " is an authority's");
        }
        if (EcCurve.SM2.point(leaf.getSubjectPublicKeyInfo()) == null)
        {
            throw new Refusal(UNSUPPORTED_CERTIFICATE, whose + " has no SM2 key");
        }
        if (!Certificates.hasUsage(leaf, usages))
        {
            throw new Refusal(UNSUPPORTED_CERTIFICATE, whose + " may not be used for " + word);
        }
        if (!Certificates.hasPurpose(
            leaf, peer == Peer.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth))
        {
            throw new Refusal(UNSUPPORTED_CERTIFICATE, whose + " is for another purpose than a " +
                (peer == Peer.SERVER ? "server's" : "client's"));
        }
        if (!name.matches(leaf))
        {
            throw new Refusal(BAD_CERTIFICATE, whose + " is not for " + name);
        }
    }

    private CertificatePath path(
        final X509CertificateHolder leaf,
        final List<X509CertificateHolder> authorities,
        final CertificatePath.Budget budget,
        final Instant now) throws Refusal, IOException
    {
        final CertificatePath path = CertificatePath.of(Sm2::isSignedBy, leaf, authorities, anchors, budget);
        if (!path.isComplete())
        {
            throw path.isForged() ?
                new Refusal(BAD_CERTIFICATE, "a signature on the way from " + Certificates.subject(leaf) +
                    " to an anchor is wrong") :
                new Refusal(UNKNOWN_CA, "nobody who is trusted has signed for " + Certificates.issuer(leaf));
        }
        final X509CertificateHolder invalid = path.notValidAt(now);
        if (invalid != null)
        {
            throw now.isAfter(invalid.getNotAfter().toInstant()) ?
                new Refusal(CERTIFICATE_EXPIRED, "the certificate of " + Certificates.subject(invalid) +
                    " has expired on " + invalid.getNotAfter().toInstant()) :
                new Refusal(BAD_CERTIFICATE, "the certificate of " + Certificates.subject(invalid) +
                    " is not valid before " + invalid.getNotBefore().toInstant());
        }
        try
        {
            path.validate(now);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new Refusal(CERTIFICATE_UNKNOWN, "the chain of " + Certificates.subject(leaf) +
                " breaks a rule: " + ex.getMessage());
        }
        return path;
    }

    private static List<X509CertificateHolder> parse(final DirectBuffer buffer, final int offset, final int length)
        throws Refusal, IOException
    {
        final OctetReader in = new OctetReader().wrap(buffer, offset, length);
        final OctetReader list = new OctetReader();
        final OctetReader certificate = new OctetReader();
        final List<X509CertificateHolder> certificates = new ArrayList<>();
        in.vector24(list);
        while (list.remaining() > 0 && list.vector24(certificate, 1, MAX_VECTOR_24))
        {
            if (certificates.size() == MAX_CERTIFICATES)
            {
                throw new Refusal(
                    BAD_CERTIFICATE, "the peer has shown more than " + MAX_CERTIFICATES + " certificates");
            }
            final byte[] der = new byte[certificate.remaining()];
            certificate.buffer().getBytes(certificate.offset(), der);
            final X509CertificateHolder parsed = Certificates.parse(der);
            if (parsed == null)
            {
                throw new Refusal(BAD_CERTIFICATE, "a certificate is not in DER");
            }
            certificates.add(parsed);
        }
        if (!in.isComplete() || list.failed())
        {
            throw new Refusal(DECODE_ERROR, "the list of certificates is damaged");
        }
        return certificates;
    }
}
