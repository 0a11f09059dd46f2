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
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * org.openeuler:bgmprovider as a TLCP server that echoes and asks for certificates, and as a client; run from its
 * source by a JDK 17, because its GMTLS context does not start on later ones. Its argument is the folder of a PKI. It
 * says "ready PORT" and reads lines until there are no more:
 *
 * <pre>
 * PORT TEXT SUITE[+auth] ...    twice for each suite, as a client: "SUITE ECHO", where the echo is of the text
 * </pre>
 */
public final class BishengPeer
{
    private static final int PATIENCE_MS = 20_000;
    private static final char[] NO_PASSWORD = {};
    private static final String[] SUITES = {
        "ECC_SM4_CBC_SM3", "ECC_SM4_GCM_SM3", "ECDHE_SM4_CBC_SM3", "ECDHE_SM4_GCM_SM3"};

    public static void main(final String[] args) throws Exception
    {
        Security.insertProviderAt(
            (Provider)Class.forName("org.openeuler.BGMProvider").getDeclaredConstructor().newInstance(), 1);
        final Path pki = Path.of(args[0]);
        server(pki);
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine())
        {
            final String[] words = line.split(" ");
            for (int i = 2; i < words.length; i++)
            {
                final String[] suite = words[i].split("[+]");
                client(Integer.parseInt(words[0]), pki, suite[0], suite.length > 1,
                    words[1].getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void client(
        final int port, final Path pki, final String suite, final boolean auth, final byte[] text) throws Exception
    {
        final SSLContext context = context(pki, auth ? "client" : null);
        for (int i = 0; i < 2; i++)
        {
            try (SSLSocket socket =
                (SSLSocket)context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port))
            {
                socket.setSoTimeout(PATIENCE_MS);
                socket.setEnabledProtocols(new String[] {"GMTLS"});
                socket.setEnabledCipherSuites(new String[] {suite});
                socket.startHandshake();
                socket.getOutputStream().write(text);
                socket.getOutputStream().flush();
                System.out.println(socket.getSession().getCipherSuite() + " " +
                    new String(socket.getInputStream().readNBytes(text.length), StandardCharsets.UTF_8));
            }
        }
    }

    private static void server(final Path pki) throws Exception
    {
        final SSLServerSocket listener = (SSLServerSocket)context(pki, "server").getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(new String[] {"GMTLS"});
        listener.setEnabledCipherSuites(SUITES);
        listener.setWantClientAuth(true);
        System.out.println("ready " + listener.getLocalPort());
        final Thread acceptor = new Thread(() -> accept(listener));
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static void accept(final SSLServerSocket listener)
    {
        while (true)
        {
            try (SSLSocket socket = (SSLSocket)listener.accept())
            {
                socket.setSoTimeout(PATIENCE_MS);
                final byte[] bytes = new byte[4096];
                final InputStream in = socket.getInputStream();
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes))
                {
                    socket.getOutputStream().write(bytes, 0, count);
                    socket.getOutputStream().flush();
                }
            }
            catch (final IOException ex)
            {
                ex.printStackTrace();
            }
        }
    }

    private static SSLContext context(final Path pki, final String own) throws Exception
    {
        final CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(certificates, pki.resolve("ca.crt")));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = null;
        if (own != null)
        {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (final String use : new String[] {"sign", "enc"})
            {
                final Certificate[] chain = {
                    certificate(certificates, pki.resolve(own + "_" + use + ".crt")),
                    certificate(certificates, pki.resolve("subca.crt"))};
                final PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(
                    new PKCS8EncodedKeySpec(Files.readAllBytes(pki.resolve(own + "_" + use + ".p8.der"))));
                store.setKeyEntry(use, key, NO_PASSWORD, chain);
            }
            keys = KeyManagerFactory.getInstance("NewSunX509");
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
