// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.cert.X509CertificateHolder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The way from a leaf to an anchor. It is found step by step, taking at each the first certificate that has the
 * issuer's name and whose key has signed the last one; there is no way back, so what a peer sends can't make it long.
 * RFC 5280's rules are then checked by Bouncy Castle on what was found.
 */
final class CertificatePath
{
    /** Most certificates between a leaf and its anchor. */
    static final int MAX_AUTHORITIES = 6;

    private final List<X509CertificateHolder> certificates = new ArrayList<>();
    private final BiPredicate<X509CertificateHolder, X509CertificateHolder> isSignedBy;
    private X509CertificateHolder anchor;
    private boolean nameWasKnown;

    private CertificatePath(final BiPredicate<X509CertificateHolder, X509CertificateHolder> isSignedBy)
    {
        this.isSignedBy = isSignedBy;
    }

    /**
     * {@return the path of a leaf over authorities that the peer sent; see {@link #isComplete()}}; of a leaf that is an
     * anchor itself it is the leaf alone
     */
    static CertificatePath of(
        final BiPredicate<X509CertificateHolder, X509CertificateHolder> isSignedBy,
        final X509CertificateHolder leaf,
        final List<X509CertificateHolder> authorities,
        final List<X509CertificateHolder> anchors,
        final Budget budget)
    {
        final CertificatePath path = new CertificatePath(isSignedBy);
        if (anchors.contains(leaf))
        {
            path.certificates.add(leaf);
            path.anchor = leaf;
            return path;
        }
        X509CertificateHolder last = leaf;
        while (last != null && path.certificates.size() <= MAX_AUTHORITIES)
        {
            path.certificates.add(last);
            path.anchor = path.issuer(last, anchors, budget);
            last = path.isComplete() ? null : path.issuer(last, authorities, budget);
        }
        return path;
    }

    /** How many signatures one message of a peer may make us verify. */
    static final class Budget
    {
        private int left = 32;

        boolean take()
        {
            return left-- > 0;
        }
    }

    /** {@return whether it ends at an anchor} */
    boolean isComplete()
    {
        return anchor != null;
    }

    /** {@return whether somebody had the name of the issuer that was looked for last, though not its key} */
    boolean isForged()
    {
        return anchor == null && nameWasKnown;
    }

    /** {@return the first certificate, or the anchor, that is not valid at a time; null when all are} */
    X509CertificateHolder notValidAt(final Instant time)
    {
        for (final X509CertificateHolder certificate : certificates)
        {
            if (!certificate.isValidOn(Date.from(time)))
            {
                return certificate;
            }
        }
        return anchor.isValidOn(Date.from(time)) ? null : anchor;
    }

    Instant validFrom()
    {
        return certificates.stream().map(X509CertificateHolder::getNotBefore).map(Date::toInstant)
            .reduce(anchor.getNotBefore().toInstant(), (a, b) -> a.isAfter(b) ? a : b);
    }

    Instant validUntil()
    {
        return certificates.stream().map(X509CertificateHolder::getNotAfter).map(Date::toInstant)
            .reduce(anchor.getNotAfter().toInstant(), (a, b) -> a.isBefore(b) ? a : b);
    }

    /** RFC 5280 6.1: constraints, lengths, usages of authorities, critical extensions. */
    void validate(final Instant time) throws GeneralSecurityException, IOException
    {
        if (certificates.contains(anchor))
        {
            return;
        }
        final CertificateFactory factory = CertificateFactory.getInstance("X.509", Certificates.PROVIDER);
        final List<X509Certificate> path = new ArrayList<>();
        for (final X509CertificateHolder certificate : certificates)
        {
            path.add(convert(factory, certificate));
        }
        final PKIXParameters parameters =
            new PKIXParameters(Set.of(new TrustAnchor(convert(factory, anchor), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(time));
        CertPathValidator.getInstance("PKIX", Certificates.PROVIDER)
            .validate(factory.generateCertPath(path), parameters);
    }

    private X509CertificateHolder issuer(
        final X509CertificateHolder certificate, final List<X509CertificateHolder> among, final Budget budget)
    {
        for (final X509CertificateHolder candidate : among)
        {
            if (candidate.getSubject().equals(certificate.getIssuer()) &&
                Certificates.isAuthority(candidate) &&
                !certificates.contains(candidate))
            {
                nameWasKnown = true;
                if (budget.take() && isSignedBy.test(certificate, candidate))
                {
                    nameWasKnown = false;
                    return candidate;
                }
            }
        }
        return null;
    }

    private static X509Certificate convert(final CertificateFactory factory, final X509CertificateHolder certificate)
        throws GeneralSecurityException, IOException
    {
        return (X509Certificate)factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded()));
    }
}
