// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.MessageLimits;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.Strictness;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** How a core of TLCP behaves, and how much memory it takes. Fluent; must not change once a core was made from it. */
public final class TlcpConfig
{
    /** Longest plaintext that goes into one record of application data by default. */
    public static final int DEFAULT_FRAGMENT_LENGTH = 4096;

    /** Memory for the messages of one handshake by default. */
    public static final int DEFAULT_TRANSCRIPT_LENGTH = 1 << 14;

    private static final int MIN_TRANSCRIPT_LENGTH = 1 << 12;
    private static final int MIN_CACHED_SESSIONS = 4;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    int sessions = 1024;
    int handshakes = 1024;
    int transcriptLength = DEFAULT_TRANSCRIPT_LENGTH;
    int fragmentLength = DEFAULT_FRAGMENT_LENGTH;
    int[] suites = {
        CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3,
        CipherSuite.ECDHE_SM4_GCM_SM3, CipherSuite.ECDHE_SM4_CBC_SM3};
    ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
    Strictness strictness = Strictness.TOLERANT;
    MessageLimits limits = MessageLimits.DEFAULT;
    boolean rawCertificateVerify;
    boolean vectorForm;
    DirectBuffer authorities = NOTHING;
    final CredentialsByName credentials = new CredentialsByName();
    PeerTrust trust;
    DirectBuffer serverName = NOTHING;
    ApplicationProtocols protocols = new ApplicationProtocols();
    TlcpKeyLog keyLog;
    int cachedSessions;
    long cachedSessionLifetimeNs;
    TlcpSessionCache sessionCache;
    int sessionCacheShard;
    long ticketLifetimeNs;
    TlcpTicketKeys ticketKeys;

    /** The defaults: 1,024 sessions, all four suites, no client authentication, no resumption. */
    public TlcpConfig()
    {
    }

    /**
     * Sets how many sessions there may be at once; each takes some 24 KiB.
     *
     * @param count at least 1
     * @return this
     */
    public TlcpConfig sessions(final int count)
    {
        sessions = positive(count, "sessions");
        return this;
    }

    /**
     * Sets how many sessions may be in their handshake at once; each takes the length of a transcript. At capacity a
     * new session is refused.
     *
     * @param count at least 1
     * @return this
     */
    public TlcpConfig handshakes(final int count)
    {
        handshakes = positive(count, "handshakes");
        return this;
    }

    /**
     * Sets the memory for the messages of one handshake; longer ones are refused with illegal_parameter.
     *
     * @param length octets, at least 4096
     * @return this
     */
    public TlcpConfig transcriptLength(final int length)
    {
        if (length < MIN_TRANSCRIPT_LENGTH)
        {
            throw new IllegalArgumentException("transcriptLength must be at least 4096: " + length);
        }
        transcriptLength = length;
        return this;
    }

    /**
     * Sets how much application data goes into one record.
     *
     * @param length octets, 1 to 16384
     * @return this
     */
    public TlcpConfig fragmentLength(final int length)
    {
        if (length < 1 || length > RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH)
        {
            throw new IllegalArgumentException("fragmentLength must be 1 to 16384: " + length);
        }
        fragmentLength = length;
        return this;
    }

    /**
     * Sets the suites: what a client offers and what a server takes, the best first. A client without credentials
     * offers those of ECDHE only where there are no others.
     *
     * @param preferred see {@link CipherSuite}, one to four that are implemented
     * @return this
     */
    public TlcpConfig suites(final int... preferred)
    {
        for (final int suite : preferred)
        {
            if (!CipherSuite.isImplemented(suite))
            {
                throw new IllegalArgumentException("no such suite: " + CipherSuite.name(suite));
            }
        }
        suites = preferred.clone();
        positive(suites.length, "suites");
        return this;
    }

    /**
     * Sets whether a server asks for its clients' certificates.
     *
     * @param authentication with ECC suites
     * @return this
     */
    public TlcpConfig clientAuthentication(final ClientAuthentication authentication)
    {
        clientAuthentication = authentication;
        return this;
    }

    /**
     * Sets how much of what peers do beside the standard is let pass.
     *
     * @param value tolerant by default
     * @return this
     */
    public TlcpConfig strictness(final Strictness value)
    {
        strictness = value;
        return this;
    }

    /**
     * Sets how long messages may be; what does not fit into a transcript is refused anyway.
     *
     * @param value OpenSSL's by default
     * @return this
     */
    public TlcpConfig limits(final MessageLimits value)
    {
        limits = value;
        return this;
    }

    /**
     * Lets a client sign the handshake messages themselves in CertificateVerify, as GmSSL does and expects, where the
     * standard and all others sign their hash (GB/T 38636 6.4.5.9); a server takes the hash first, then the messages.
     *
     * @param raw off by default
     * @return this
     */
    public TlcpConfig rawCertificateVerify(final boolean raw)
    {
        rawCertificateVerify = raw;
        return this;
    }

    /**
     * Lets a client send the ClientKeyExchange of ECDHE suites in the 71-octet form.
     *
     * @param vector off by default: most peers refuse that form
     * @return this
     */
    public TlcpConfig vectorForm(final boolean vector)
    {
        vectorForm = vector;
        return this;
    }

    /**
     * Sets what this side shows and signs with: a server must have it, a client for ECDHE suites and where servers ask.
     *
     * @param value null for none
     * @return this
     */
    public TlcpConfig credentials(final TlcpCredentials value)
    {
        credentials.setDefault(value);
        return this;
    }

    /**
     * Adds what a server shows to clients that ask for a name (server_name, RFC 6066 3). A whole name comes before a
     * wildcard; who asks for none, or for one that is not here, gets what {@link #credentials(TlcpCredentials)} set, or
     * unrecognized_name where nothing was.
     *
     * @param hostName in ASCII, of letters, digits, hyphens and dots; the first label may be {@code *}: any one
     * @param value    what to show, at most 255 in all
     * @return this
     */
    public TlcpConfig credentials(final String hostName, final TlcpCredentials value)
    {
        credentials.add(hostName, value);
        return this;
    }

    /**
     * Sets the name that a client asks for (server_name, RFC 6066 3).
     *
     * @param hostName in ASCII, no address; null, the default, for none: a peer of the family drops whoever sends one
     * @return this
     */
    public TlcpConfig serverName(final String hostName)
    {
        serverName = hostName == null ? NOTHING : new UnsafeBuffer(CredentialsByName.checked(hostName, false));
        return this;
    }

    /**
     * Sets the application protocols (ALPN, RFC 7301): what a client offers and what a server takes, the best first. A
     * server that has some, and none of those that a client offers, ends the handshake with no_application_protocol.
     *
     * @param names like {@code http/1.1}, 1 to 255 octets each; none by default
     * @return this
     */
    public TlcpConfig protocols(final String... names)
    {
        protocols = new ApplicationProtocols(names);
        return this;
    }

    /**
     * Sets who is told master secrets.
     *
     * @param log null, the default, for nobody
     * @return this
     */
    public TlcpConfig keyLog(final TlcpKeyLog log)
    {
        keyLog = log;
        return this;
    }

    /**
     * Sets who knows peers' certificates: a client must have it, a server for client authentication.
     *
     * @param value null for nobody
     * @return this
     */
    public TlcpConfig trust(final PeerTrust value)
    {
        trust = value;
        return this;
    }

    /**
     * Sets the names that a server's CertificateRequest lists.
     *
     * @param names of the authorities, each in DER behind its length (u16); none by default
     * @return this
     */
    public TlcpConfig authorities(final DirectBuffer names)
    {
        authorities = names;
        return this;
    }

    /**
     * Lets sessions be resumed by their IDs: a server remembers so many, a client that of its last handshake.
     *
     * @param count      sessions that a server remembers, a power of 2, at least 4 are; 0, the default, for none
     * @param lifetimeNs how long
     * @return this
     */
    public TlcpConfig resumption(final int count, final long lifetimeNs)
    {
        if (count < 0 || (count & (count - 1)) != 0)
        {
            throw new IllegalArgumentException("sessions to remember must be a power of 2: " + count);
        }
        cachedSessions = count == 0 ? 0 : Math.max(MIN_CACHED_SESSIONS, count);
        cachedSessionLifetimeNs = lifetimeNs;
        return this;
    }

    /**
     * Sets where a server remembers sessions: several cores that share one resume each other's. Without it, and where
     * {@link #resumption} is on, a core has one of its own.
     *
     * @param cache shared
     * @param shard of it, 0 to its shards - 1, which is this core's alone
     * @return this
     */
    public TlcpConfig sessionCache(final TlcpSessionCache cache, final int shard)
    {
        sessionCache = cache;
        sessionCacheShard = shard;
        return this;
    }

    /**
     * Lets sessions be resumed by tickets (RFC 5077), which are no part of the standard: a server gives them to clients
     * that ask, a client asks.
     *
     * @param lifetimeNs how long one is good, at least a second; 0, the default, for no tickets
     * @return this
     */
    public TlcpConfig tickets(final long lifetimeNs)
    {
        if (lifetimeNs != 0 && lifetimeNs < NS_PER_SECOND)
        {
            throw new IllegalArgumentException("lifetime of tickets must be a second or more: " + lifetimeNs + " ns");
        }
        ticketLifetimeNs = lifetimeNs;
        return this;
    }

    /**
     * Sets the keys of a server's tickets: cores that share them open each other's. Without it, and where
     * {@link #tickets} is on, a core has some of its own.
     *
     * @param keys shared
     * @return this
     */
    public TlcpConfig ticketKeys(final TlcpTicketKeys keys)
    {
        ticketKeys = keys;
        return this;
    }

    /**
     * {@return how many sessions each shard of a cache that cores share should remember; 0 for no cache}
     */
    public int cachedSessions()
    {
        return cachedSessions;
    }

    /**
     * {@return how long sessions are remembered, in nanoseconds}
     */
    public long cachedSessionLifetimeNs()
    {
        return cachedSessionLifetimeNs;
    }

    /**
     * {@return how long tickets are good, in nanoseconds; 0 for no tickets}
     */
    public long ticketLifetimeNs()
    {
        return ticketLifetimeNs;
    }

    boolean isAllowed(final int suite)
    {
        for (final int allowed : suites)
        {
            if (allowed == suite)
            {
                return true;
            }
        }
        return false;
    }

    private static int positive(final int count, final String what)
    {
        if (count < 1)
        {
            throw new IllegalArgumentException(what + " must be at least 1: " + count);
        }
        return count;
    }
}
