// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

import org.bouncycastle.jce.provider.BouncyCastleProvider;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * com.aliyun:gmsse as a TLCP client, which is all that it has; run from its source.
 *
 * <pre>
 * PORT PKI    twice: "SUITE ECHO", where the echo is of standard input
 * </pre>
 */
public final class GmssePeer
{
    public static void main(final String[] args) throws Exception
    {
        final byte[] text = System.in.readAllBytes();
        final Provider gm =
            (Provider)Class.forName("com.aliyun.gmsse.GMProvider").getDeclaredConstructor().newInstance();
        Security.addProvider(new BouncyCastleProvider());
        final KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null, null);
        for (final String name : new String[] {"ca", "subca"})
        {
            try (InputStream in = Files.newInputStream(Path.of(args[1]).resolve(name + ".crt")))
            {
                trusted.setCertificateEntry(
                    name, CertificateFactory.getInstance("X.509", new BouncyCastleProvider()).generateCertificate(in));
            }
        }
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("X509", gm);
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS", gm);
        context.init(null, trust.getTrustManagers(), null);
        for (int i = 0; i < 2; i++)
        {
            try (SSLSocket socket = (SSLSocket)context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress().getHostAddress(), Integer.parseInt(args[0])))
            {
                socket.startHandshake();
                socket.getOutputStream().write(text);
                socket.getOutputStream().flush();
                final byte[] echo = new byte[4096]; // it gives a record to each read, and forgets the rest
                final int count = socket.getInputStream().read(echo);
                System.out.println(socket.getSession().getCipherSuite() + " " +
                    new String(echo, 0, count, StandardCharsets.UTF_8));
            }
        }
    }
}
