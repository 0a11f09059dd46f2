// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.cert.X509CertificateHolder;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.BiPredicate;

/** The authorities that we show behind our leaves: each once, each behind the one that it signed. */
final class AuthorityChain
{
    private final BiPredicate<X509CertificateHolder, X509CertificateHolder> isSignedBy;
    private final List<X509CertificateHolder> leaves;
    private final List<X509CertificateHolder> authorities = new ArrayList<>();

    /** An empty one: by what signatures it is put in order, and who is none of it. */
    AuthorityChain(
        final BiPredicate<X509CertificateHolder, X509CertificateHolder> isSignedBy,
        final X509CertificateHolder... leaves)
    {
        this.isSignedBy = isSignedBy;
        this.leaves = List.of(leaves);
    }

    /** Adds those that are new. */
    void add(final List<X509CertificateHolder> found)
    {
        for (final X509CertificateHolder certificate : found)
        {
            if (!authorities.contains(certificate) && !leaves.contains(certificate))
            {
                authorities.add(certificate);
            }
        }
    }

    boolean isEmpty()
    {
        return authorities.isEmpty();
    }

    /** Checks that all are authorities and valid; a file for sentences. */
    void check(final Path source, final Instant now) throws IdentityException
    {
        for (final X509CertificateHolder authority : authorities)
        {
            if (!Certificates.isAuthority(authority))
            {
                throw fault(source, authority, "is not an authority's, so it has no place in a chain");
            }
            if (!authority.isValidOn(Date.from(now)))
            {
                throw fault(source, authority, "is not valid now");
            }
        }
    }

    /** {@return the way up from a leaf, which is no longer here} */
    List<X509CertificateHolder> takeFrom(final X509CertificateHolder leaf)
    {
        final List<X509CertificateHolder> sorted = new ArrayList<>();
        X509CertificateHolder last = takeIssuer(leaf);
        while (last != null)
        {
            sorted.add(last);
            last = takeIssuer(last);
        }
        return sorted;
    }

    /** Checks that all were on the way. */
    void checkNoneIsLeft(final Path source) throws IdentityException
    {
        if (!authorities.isEmpty())
        {
            throw fault(source, authorities.getFirst(),
                "has signed none of the others, so it has no place in the chain");
        }
    }

    private X509CertificateHolder takeIssuer(final X509CertificateHolder certificate)
    {
        for (final X509CertificateHolder authority : authorities)
        {
            if (authority.getSubject().equals(certificate.getIssuer()) && isSignedBy.test(certificate, authority))
            {
                authorities.remove(authority);
                return authority;
            }
        }
        return null;
    }

    private static IdentityException fault(
        final Path source, final X509CertificateHolder authority, final String sentence)
    {
        return new IdentityException(
            source + ": the certificate of " + Certificates.subject(authority) + " " + sentence);
    }
}
