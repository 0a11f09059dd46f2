// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Both ends of org.openeuler:bgmprovider in memory, as SSLEngines; run from its source by a JDK 17. Its arguments are
 * the folder of a PKI, a suite by its name, how many handshakes go on side by side, and whether clients are
 * authenticated and sessions resumed. It reads octets and answers each with an int of four octets:
 *
 * <pre>
 * c    all clients' turn: those that are done are replaced by new ones; how many are done now
 * s    all servers' turn; how many are done now
 * </pre>
 *
 * <p>In a turn, each engine of a side takes what the other side has sent, does its tasks, and sends what it can.
 */
public final class BgmproviderPeer
{
    private static final char[] NO_PASSWORD = {};
    private static final int CAPACITY = 1 << 15;
    private static final int PORT = 4433;
    /** A full handshake is under way twice: when its server has the ClientHello, and when that has the rest. */
    private static final int GENERATIONS = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final ByteBuffer DATA = ByteBuffer.allocate(CAPACITY);

    private final SSLContext clients;
    private final SSLContext servers;
    private final String[] suites;
    private final boolean isAuthenticated;
    private final Pair[] pairs;
    private boolean isResumed;
    private byte[] session;
    private int generation;

    /** The two ends of one connection. */
    private static final class Pair
    {
        final ByteBuffer toServer = ByteBuffer.allocate(CAPACITY);
        final ByteBuffer toClient = ByteBuffer.allocate(CAPACITY);
        SSLEngine client;
        SSLEngine server;
    }

    private BgmproviderPeer(final Path pki, final String suite, final int count, final boolean isAuthenticated)
        throws GeneralSecurityException, IOException
    {
        clients = context(pki, "client");
        servers = context(pki, "server");
        servers.getServerSessionContext().setSessionCacheSize(count);
        suites = new String[] {suite};
        this.isAuthenticated = isAuthenticated;
        pairs = new Pair[GENERATIONS * count];
        for (int i = 0; i < pairs.length; i++)
        {
            pairs[i] = new Pair();
        }
    }

    public static void main(final String[] args) throws GeneralSecurityException, IOException
    {
        Security.insertProviderAt(provider(), 1);
        final BgmproviderPeer peer = new BgmproviderPeer(
            Path.of(args[0]), args[1], Integer.parseInt(args[2]), Boolean.parseBoolean(args[3]));
        if (Boolean.parseBoolean(args[4]))
        {
            peer.rememberASession();
        }
        final DataOutputStream out = new DataOutputStream(System.out);
        for (int turn = System.in.read(); turn >= 0; turn = System.in.read())
        {
            out.writeInt(turn == 'c' ? peer.clientTurn() : peer.serverTurn());
            out.flush();
        }
    }

    private static Provider provider() throws GeneralSecurityException
    {
        try
        {
            return (Provider)Class.forName("org.openeuler.BGMProvider").getDeclaredConstructor().newInstance();
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new GeneralSecurityException(ex);
        }
    }

    private void rememberASession() throws SSLException
    {
        isResumed = true;
        final Pair pair = new Pair();
        pair.client = client();
        pair.server = server();
        while (!isDone(pair.server) || !isDone(pair.client))
        {
            take(pair.client, pair.toClient, pair.toServer);
            take(pair.server, pair.toServer, pair.toClient);
        }
        session = pair.server.getSession().getId();
    }

    // ---- turns

    /** New clients take the places of the generation before the last one, whose servers are done. */
    private int clientTurn() throws SSLException
    {
        final int count = pairs.length / GENERATIONS;
        int done = 0;
        for (final Pair pair : pairs)
        {
            done += pair.client != null && take(pair.client, pair.toClient, pair.toServer) ? 1 : 0;
        }
        for (int i = generation * count; i < (generation + 1) * count; i++)
        {
            final Pair pair = pairs[i];
            if (pair.server != null)
            {
                check(pair);
            }
            pair.toClient.clear();
            pair.toServer.clear();
            pair.server = null;
            pair.client = client();
            take(pair.client, pair.toClient, pair.toServer);
        }
        generation = (generation + 1) % GENERATIONS;
        return done;
    }

    private void check(final Pair pair)
    {
        if (!isDone(pair.client) || !isDone(pair.server) ||
            Arrays.equals(session, pair.server.getSession().getId()) != isResumed ||
            !pair.server.getSession().getCipherSuite().equals(suites[0]))
        {
            throw new IllegalStateException("not the handshake that was asked for: " + pair.server.getSession());
        }
    }

    private int serverTurn() throws SSLException
    {
        int done = 0;
        for (final Pair pair : pairs)
        {
            if (pair.client != null && pair.server == null)
            {
                pair.server = server();
            }
            done += pair.server != null && take(pair.server, pair.toServer, pair.toClient) ? 1 : 0;
        }
        return done;
    }

    /** {@return whether the engine is done now and was not before} */
    private static boolean take(final SSLEngine engine, final ByteBuffer in, final ByteBuffer out) throws SSLException
    {
        boolean waits = isDone(engine);
        final boolean wasDone = waits;
        while (!waits)
        {
            switch (engine.getHandshakeStatus())
            {
                case NEED_TASK:
                    engine.getDelegatedTask().run();
                    break;
                case NEED_WRAP:
                    engine.wrap(NOTHING, out);
                    break;
                case NEED_UNWRAP:
                    in.flip();
                    waits = engine.unwrap(in, DATA).bytesConsumed() == 0;
                    in.compact();
                    break;
                default:
                    waits = true;
                    break;
            }
        }
        return !wasDone && isDone(engine);
    }

    private static boolean isDone(final SSLEngine engine)
    {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    // ---- set-up

    private SSLEngine client() throws SSLException
    {
        // a client remembers sessions by where they were
        final SSLEngine engine = isResumed ? clients.createSSLEngine("localhost", PORT) : clients.createSSLEngine();
        engine.setUseClientMode(true);
        return begun(engine);
    }

    private SSLEngine server() throws SSLException
    {
        final SSLEngine engine = servers.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(isAuthenticated);
        return begun(engine);
    }

    private SSLEngine begun(final SSLEngine engine) throws SSLException
    {
        engine.setEnabledProtocols(new String[] {"GMTLS"});
        engine.setEnabledCipherSuites(suites);
        engine.beginHandshake();
        return engine;
    }

    private static SSLContext context(final Path pki, final String own) throws GeneralSecurityException, IOException
    {
        final CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (final String use : new String[] {"sign", "enc"})
        {
            final Certificate[] chain = {certificate(certificates, pki.resolve(own + "_" + use + ".crt")),
                certificate(certificates, pki.resolve("subca.crt"))};
            store.setKeyEntry(use, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(
                Files.readAllBytes(pki.resolve(own + "_" + use + ".p8.der")))), NO_PASSWORD, chain);
        }
        // the other one derives a key from the password and decrypts the private keys in each handshake
        final KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, NO_PASSWORD);
        final SSLContext context = SSLContext.getInstance("GMTLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Trusting()}, null);
        return context;
    }

    private static Certificate certificate(final CertificateFactory factory, final Path file)
        throws GeneralSecurityException, IOException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            return factory.generateCertificate(in);
        }
    }

    /** Knows whoever comes: certificates that were validated before. */
    private static final class Trusting extends X509ExtendedTrustManager
    {
        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type)
        {
            // known
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type)
        {
            // known
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type, final Socket socket)
        {
            // known
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type, final Socket socket)
        {
            // known
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine)
        {
            // known
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine)
        {
            // known
        }

        @Override
        public X509Certificate[] getAcceptedIssuers()
        {
            return new X509Certificate[0];
        }
    }
}
