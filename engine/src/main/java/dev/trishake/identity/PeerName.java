// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.digests.SM3Digest;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The name that a peer's certificates must have: a host name or an address, as the client dialled it; or none, for
 * clients, which are known by what their certificates say.
 *
 * <p>As RFC 6125 6.4: alternative names count; only where a certificate has none at all, a host name may be its common
 * name. Case does not matter, a star stands for the whole first label and needs two labels behind it.
 */
public final class PeerName
{
    /** No name is asked for. */
    public static final PeerName ANY = new PeerName("", null);

    /** Length of a name's digest. */
    static final int DIGEST_LENGTH = 32;

    private static final int MAX_LENGTH = 255;

    private final String host;
    private final byte[] address;
    private final byte[] digest = new byte[DIGEST_LENGTH];

    private PeerName(final String host, final byte[] address)
    {
        this.host = host;
        this.address = address;
        if (!host.isEmpty())
        {
            final byte[] text = host.getBytes(StandardCharsets.US_ASCII);
            final SM3Digest sm3 = new SM3Digest();
            sm3.update(text, 0, text.length);
            sm3.doFinal(digest, 0);
        }
    }

    /**
     * {@return a name}
     *
     * @param host name or address; international names in their ASCII form
     * @throws IllegalArgumentException when it can't be a host's
     */
    public static PeerName of(final String host)
    {
        final String name = normal(host);
        final byte[] address = addressOf(name);
        if (address == null && !isHostName(name))
        {
            throw new IllegalArgumentException("\"" + host + "\" can't be the name of a host");
        }
        return new PeerName(name, address);
    }

    /** {@return names and addresses as the alternative names of a certificate} */
    static GeneralNames alternatives(final List<String> hosts)
    {
        return new GeneralNames(hosts.stream()
            .map(host -> new GeneralName(
                addressOf(host) == null ? GeneralName.dNSName : GeneralName.iPAddress, host))
            .toArray(GeneralName[]::new));
    }

    /** {@return whether a certificate is for this name} */
    boolean matches(final X509CertificateHolder certificate)
    {
        if (host.isEmpty())
        {
            return true;
        }
        final Extension extension = certificate.getExtension(Extension.subjectAlternativeName);
        if (extension == null)
        {
            return address == null && isCommonName(certificate);
        }
        for (final GeneralName name : GeneralNames.getInstance(extension.getParsedValue()).getNames())
        {
            final boolean same = switch (name.getTagNo())
            {
                case GeneralName.dNSName -> address == null && isMatch(normal(name.getName().toString()));
                case GeneralName.iPAddress -> address != null &&
                    Arrays.equals(address, ASN1OctetString.getInstance(name.getName()).getOctets());
                default -> false;
            };
            if (same)
            {
                return true;
            }
        }
        return false;
    }

    /** {@return 32 bytes that stand for this name, zeros for {@link #ANY}; only to be read} */
    byte[] digest()
    {
        return digest;
    }

    @Override
    public String toString()
    {
        return host.isEmpty() ? "(any name)" : host;
    }

    private boolean isCommonName(final X509CertificateHolder certificate)
    {
        final RDN[] names = certificate.getSubject().getRDNs(BCStyle.CN);
        return names.length > 0 &&
            isMatch(normal(IETFUtils.valueToString(names[names.length - 1].getFirst().getValue())));
    }

    private boolean isMatch(final String pattern)
    {
        if (!pattern.startsWith("*."))
        {
            return pattern.equals(host);
        }
        final int dot = host.indexOf('.');
        final String parent = pattern.substring(2);
        return dot > 0 && parent.indexOf('.') > 0 && host.substring(dot + 1).equals(parent);
    }

    private static String normal(final String name)
    {
        final String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static byte[] addressOf(final String name)
    {
        try
        {
            return InetAddress.ofLiteral(name).getAddress();
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    private static boolean isHostName(final String name)
    {
        return name.length() <= MAX_LENGTH &&
            name.matches("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?([.][a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
    }
}
