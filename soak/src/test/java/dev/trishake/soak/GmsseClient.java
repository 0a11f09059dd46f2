// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * com.aliyun:gmsse as a TLCP client, which is all that it has, with the old Bouncy Castle that it wants: both are seen
 * by a class loader of their own, and the old provider is registered only while this is open.
 */
final class GmsseClient implements AutoCloseable
{
    private final URLClassLoader loader;
    private final Provider castle;
    private final Provider gm;

    GmsseClient(final Path jars) throws IOException, ReflectiveOperationException
    {
        final List<URL> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(jars))
        {
            for (final Path file : files.toList())
            {
                urls.add(file.toUri().toURL());
            }
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        castle = provider("org.bouncycastle.jce.provider.BouncyCastleProvider");
        gm = provider("com.aliyun.gmsse.GMProvider");
        Security.addProvider(castle); // it asks for it by its name
    }

    private Provider provider(final String name) throws ReflectiveOperationException
    {
        return (Provider)loader.loadClass(name).getDeclaredConstructor().newInstance();
    }

    /** {@return the suite that was agreed on, and a text as it came back} */
    String echo(final int port, final Path pki, final String text) throws IOException, GeneralSecurityException
    {
        final KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null, null);
        for (final String name : List.of("ca", "subca"))
        {
            try (InputStream in = Files.newInputStream(pki.resolve(name + ".crt")))
            {
                trusted.setCertificateEntry(
                    name, CertificateFactory.getInstance("X.509", castle).generateCertificate(in));
            }
        }
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("X509", gm);
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS", gm);
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket)context.getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress().getHostAddress(), port))
        {
            socket.startHandshake();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            final byte[] echo = new byte[4096]; // it gives a record to each read, and forgets the rest
            final int count = socket.getInputStream().read(echo);
            return socket.getSession().getCipherSuite() + " " + new String(echo, 0, count, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException
    {
        Security.removeProvider(castle.getName());
        loader.close();
    }
}
