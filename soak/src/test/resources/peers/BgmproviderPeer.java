// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * org.openeuler:bgmprovider as TLCP servers that echo and as clients; run from its source by a JDK 17, because its
 * GMTLS context does not start on ours. It says "ready", and then does what lines say, each of a verb and options
 * {@code name=value}, until there are no more:
 *
 * <pre>
 * serve trust=FOLDER suites=NAME,.. [own=FOLDER/NAME] [auth=none|want|need] [alpn=NAME,..]
 *     "port PORT" at once, then a line for each connection
 * dial port=PORT trust=FOLDER suites=NAME,.. [own=FOLDER/NAME] [name=HOST] [alpn=NAME,..] [bytes=COUNT] [times=COUNT]
 *     a line for each connection
 * </pre>
 *
 * <p>The line of a connection has the suite, the peer's name, what else was agreed on, how many octets were echoed, and
 * "bye" for a close_notify that came; or, behind a comma, what went wrong.
 */
public final class BgmproviderPeer
{
    private static final int PATIENCE_MS = 20_000;
    private static final int PIECE = 1 << 14;
    private static final char[] NO_PASSWORD = {};

    private final String line;

    private BgmproviderPeer(final String line)
    {
        this.line = " " + line + " ";
    }

    public static void main(final String[] args) throws Exception
    {
        Security.insertProviderAt(
            (Provider)Class.forName("org.openeuler.BGMProvider").getDeclaredConstructor().newInstance(), 1);
        say("ready");
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine())
        {
            final BgmproviderPeer peer = new BgmproviderPeer(line);
            if (line.startsWith("serve "))
            {
                peer.serve();
            }
            else
            {
                peer.dial();
            }
        }
    }

    private static synchronized void say(final String what)
    {
        System.out.println(what.replace('\n', ' '));
    }

    private String option(final String name, final String otherwise)
    {
        final int at = line.indexOf(" " + name + "=");
        final int value = at + name.length() + 2;
        return at < 0 ? otherwise : line.substring(value, line.indexOf(' ', value));
    }

    private String[] list(final String name)
    {
        return option(name, "").split(",");
    }

    // ---- client

    private void dial() throws Exception
    {
        final SSLContext context = context();
        for (int i = 0; i < Integer.parseInt(option("times", "1")); i++)
        {
            final StringBuilder seen = new StringBuilder();
            final InetAddress host = InetAddress.getByAddress(
                option("name", "localhost"), InetAddress.getLoopbackAddress().getAddress());
            try (SSLSocket socket = (SSLSocket)context.getSocketFactory()
                .createSocket(host, Integer.parseInt(option("port", ""))))
            {
                socket.setEnabledProtocols(new String[] {"GMTLS"});
                final SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(line.contains(" name=") ? "HTTPS" : null);
                prepare(socket, parameters);
                greet(socket, seen);
                final int count = Integer.parseInt(option("bytes", "5"));
                seen.append(echo(socket, count));
                socket.shutdownOutput();
                seen.append(socket.getInputStream().read() < 0 ? " bye" : " and more");
            }
            catch (final IOException ex)
            {
                seen.append(", ").append(reason(ex));
            }
            say(seen.toString().trim());
        }
    }

    /** In pieces, each of which must have come back: more at once would wait for who waits for us. */
    private static String echo(final SSLSocket socket, final int count) throws IOException
    {
        final byte[] octets = new byte[count];
        new Random(count).nextBytes(octets);
        for (int at = 0; at < count; at += PIECE)
        {
            final byte[] piece = Arrays.copyOfRange(octets, at, Math.min(count, at + PIECE));
            socket.getOutputStream().write(piece);
            socket.getOutputStream().flush();
            if (!Arrays.equals(piece, socket.getInputStream().readNBytes(piece.length)))
            {
                return " differs at " + at;
            }
        }
        return " " + count;
    }

    // ---- server

    private void serve() throws Exception
    {
        final SSLServerSocket listener = (SSLServerSocket)context().getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(new String[] {"GMTLS"});
        say("port " + listener.getLocalPort());
        final Thread acceptor = new Thread(() -> accept(listener));
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept(final SSLServerSocket listener)
    {
        while (true)
        {
            final StringBuilder seen = new StringBuilder();
            try (SSLSocket socket = (SSLSocket)listener.accept())
            {
                final SSLParameters parameters = socket.getSSLParameters();
                parameters.setNeedClientAuth("need".equals(option("auth", "")));
                if ("want".equals(option("auth", "")))
                {
                    parameters.setWantClientAuth(true);
                }
                prepare(socket, parameters);
                greet(socket, seen);
                final byte[] octets = new byte[PIECE];
                int sum = 0;
                final InputStream in = socket.getInputStream();
                for (int count = in.read(octets); count >= 0; count = in.read(octets))
                {
                    socket.getOutputStream().write(octets, 0, count);
                    socket.getOutputStream().flush();
                    sum += count;
                }
                seen.append(" ").append(sum).append(" bye");
            }
            catch (final IOException ex)
            {
                seen.append(", ").append(reason(ex));
            }
            say(seen.toString().trim());
        }
    }

    // ---- both

    private void prepare(final SSLSocket socket, final SSLParameters parameters) throws IOException
    {
        socket.setSoTimeout(PATIENCE_MS);
        parameters.setCipherSuites(list("suites"));
        if (!option("alpn", "").isEmpty())
        {
            parameters.setApplicationProtocols(list("alpn"));
        }
        socket.setSSLParameters(parameters);
    }

    private static void greet(final SSLSocket socket, final StringBuilder seen) throws IOException
    {
        socket.startHandshake();
        seen.append(socket.getSession().getCipherSuite());
        try
        {
            final String name = ((X509Certificate)socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal().getName();
            seen.append(" peer ").append(name.replaceAll(".*CN=([^,]*).*", "$1"));
        }
        catch (final SSLPeerUnverifiedException ex)
        {
            // nobody asked
        }
        final String protocol = socket.getApplicationProtocol();
        seen.append(protocol == null || protocol.isEmpty() ? "" : " " + protocol);
    }

    private static String reason(final IOException what)
    {
        Throwable last = what;
        while (last.getCause() != null)
        {
            last = last.getCause();
        }
        return what instanceof SSLException && what.getMessage().startsWith("Received") ? what.getMessage() :
            String.valueOf(last.getMessage());
    }

    private SSLContext context() throws Exception
    {
        final CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(certificates, Path.of(option("trust", ""), "ca.crt")));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = null;
        if (!option("own", "").isEmpty())
        {
            final Path own = Path.of(option("own", ""));
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (final String use : new String[] {"sign", "enc"})
            {
                final String name = own.getFileName() + "_" + use;
                final Certificate[] chain = {certificate(certificates, own.resolveSibling(name + ".crt")),
                    certificate(certificates, own.resolveSibling("subca.crt"))};
                final PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(
                    new PKCS8EncodedKeySpec(Files.readAllBytes(own.resolveSibling(name + ".p8.der"))));
                store.setKeyEntry(use, key, NO_PASSWORD, chain);
            }
            // the other one decrypts its keys in each handshake
            keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(store, NO_PASSWORD);
        }
        final SSLContext context = SSLContext.getInstance("GMTLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(final CertificateFactory factory, final Path file) throws Exception
    {
        try (InputStream in = Files.newInputStream(file))
        {
            return factory.generateCertificate(in);
        }
    }
}
