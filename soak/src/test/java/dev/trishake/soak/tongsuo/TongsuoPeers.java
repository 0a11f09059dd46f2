// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import dev.trishake.identity.TestPki;
import dev.trishake.wire.tlcp.CipherSuite;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Clients and servers of Tongsuo's with the certificates of a test PKI. */
public final class TongsuoPeers
{
    /** Short data. */
    public static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private static final int[] SUITES = {CipherSuite.ECC_SM4_CBC_SM3, CipherSuite.ECC_SM4_GCM_SM3,
        CipherSuite.ECDHE_SM4_CBC_SM3, CipherSuite.ECDHE_SM4_GCM_SM3};

    private final LibSsl lib;
    private final Path pki;

    private TongsuoPeers(final LibSsl lib, final Path pki)
    {
        this.lib = lib;
        this.pki = pki;
    }

    /** {@return peers, and makes a PKI for them}; skips the test where the library can't run. */
    public static TongsuoPeers in(final Path pki) throws IOException, GeneralSecurityException
    {
        final LibSsl lib = LibSsl.load();
        makePki(pki, "Peers", "localhost", Duration.ZERO);
        return new TongsuoPeers(lib, pki);
    }

    /** {@return the folder with a PKI for a server of a name, as it would have been made so long ago for a day} */
    public static Path makePki(final Path folder, final String organization, final String host, final Duration ago)
        throws IOException, GeneralSecurityException
    {
        new TestPki(new TestPki.Contents(organization, List.of(host), "client",
            Instant.now().minusSeconds(60).minus(ago), Duration.ofDays(1), "123456"), new SecureRandom())
            .write(Files.createDirectories(folder));
        return folder;
    }

    /** {@return all suites that both sides have} */
    public static int[] suites()
    {
        return SUITES.clone();
    }

    /** {@return the name that Tongsuo has for a suite: ECC_SM4_CBC_SM3 is ECC-SM2-SM4-CBC-SM3} */
    public static String name(final int suite)
    {
        return CipherSuite.name(suite).replace("_SM4", "_SM2_SM4").replace('_', '-');
    }

    /** {@return a client of one suite with nothing to show, which trusts the PKI's servers} */
    public TongsuoContext stranger(final int suite)
    {
        return stranger(suite, pki);
    }

    /** {@return a client of one suite with nothing to show, which trusts the servers of a PKI} */
    public TongsuoContext stranger(final int suite, final Path trusted)
    {
        return TongsuoContext.client(lib).suites(name(suite))
            .verify(TongsuoContext.VERIFY_PEER, trusted.resolve("ca.crt"));
    }

    /** {@return a client of one suite with certificates of the PKI, which trusts its servers} */
    public TongsuoContext client(final int suite)
    {
        return stranger(suite).identity(pki, "client");
    }

    /** {@return a server of some suites with certificates of the PKI, which asks for certificates of its clients} */
    public TongsuoContext server(final int... suites)
    {
        return server(TongsuoContext.VERIFY_PEER, pki, suites);
    }

    /** {@return a server of some suites with certificates of the PKI, which trusts the clients of a PKI} */
    public TongsuoContext server(final int mode, final Path trusted, final int... suites)
    {
        final StringBuilder names = new StringBuilder();
        for (final int suite : suites)
        {
            names.append(names.isEmpty() ? "" : ":").append(name(suite));
        }
        return TongsuoContext.server(lib).suites(names.toString()).identity(pki, "server")
            .verify(mode, trusted.resolve("ca.crt"));
    }

    /** {@return a client that speaks TLS and no TLCP} */
    public TongsuoContext clientOfTls()
    {
        return TongsuoContext.clientOfTls(lib);
    }

    /** {@return a client's connection to a server, whose handshake has not begun} */
    public static TongsuoConnection connect(final TongsuoContext client, final OurPeer server) throws IOException
    {
        return client.connection(new Socket(InetAddress.getLoopbackAddress(), server.port()));
    }

    /**
     * Shakes hands, says hello, hears it and takes leave; throws what the library says of a failure.
     *
     * @param from a session to go on from; null for none
     * @return the session, to go on from, and what was agreed on
     */
    public static Greeting greet(final TongsuoContext client, final OurPeer server, final Greeting from)
        throws IOException
    {
        try (TongsuoConnection connection = connect(client, server))
        {
            if (from != null)
            {
                connection.resume(from.session);
            }
            final String agreed = connection.handshake().agreed();
            connection.write(HELLO);
            final String heard = new String(connection.read(HELLO.length), StandardCharsets.US_ASCII);
            connection.shutdown();
            return new Greeting(agreed + " " + heard + (connection.read().length == 0 ? " bye" : ""),
                connection.session(), connection.hasTicket());
        }
    }

    /**
     * What came of a conversation.
     *
     * @param agreed    on what, what was heard, and bye for close_notify
     * @param session   of the library, to go on from
     * @param hasTicket whether that goes by a ticket
     */
    public record Greeting(String agreed, MemorySegment session, boolean hasTicket)
    {
    }
}
