// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A throw-away PKI for tests: a root, a sub-authority, and signing and encryption pairs for a server and a client, in
 * files that Tongsuo, GmSSL, Kona, gotlcp and this engine read.
 *
 * <pre>
 * ca, subca            .crt (PEM)  .key (PEM, PKCS #8)  .p8.der
 * server_sign ...      the same, and .p12 with the chain
 * server_double.crt    both leaves and the sub-authority       client_... alike
 * server_sign_chain.crt  signing leaf and sub-authority
 * chain.crt            sub-authority and root
 * </pre>
 *
 * <p>Leaves are valid at most 3653 days and without basic constraints, because GmSSL refuses others.
 */
public final class TestPki
{
    /** Longest validity that all peers take. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(3653);

    private static final int LINE_LENGTH = 64;
    private static final int ROUNDS = 2048;

    private final Contents contents;
    private final SecureRandom random;

    /**
     * What the PKI is for.
     *
     * @param organization in all subjects
     * @param hosts        names and addresses of the server, the first of which is its common name; one or more
     * @param client       the client's common name
     * @param from         when all begins to be valid
     * @param lifetime     how long
     * @param password     of the .p12 files
     */
    public record Contents(
        String organization, List<String> hosts, String client, Instant from, Duration lifetime, String password)
    {
        /** Checks. */
        public Contents
        {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty())
            {
                throw new IllegalArgumentException("a server needs a name");
            }
            if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(MAX_LIFETIME) > 0)
            {
                throw new IllegalArgumentException(
                    "valid for 1 to " + MAX_LIFETIME.toDays() + " days, not " + lifetime.toDays());
            }
            hosts.forEach(PeerName::of);
        }
    }

    /**
     * Prepares one.
     *
     * @param contents what it is for
     * @param random   where keys and serial numbers come from
     */
    public TestPki(final Contents contents, final SecureRandom random)
    {
        this.contents = contents;
        this.random = random;
    }

    /**
     * Makes all keys and certificates and writes the files; those of the same names are replaced.
     *
     * @param folder where to; is made when it is not there
     * @return the files, in the order in which they were written
     * @throws IOException              when a file can't be written
     * @throws GeneralSecurityException when Bouncy Castle can't make a key or certificate
     */
    public List<Path> write(final Path folder) throws IOException, GeneralSecurityException
    {
        Files.createDirectories(folder);
        final List<Path> written = new ArrayList<>();
        final TestAuthority root = TestAuthority.root(TestKeys.SM2, authority("Root CA", 1), random);
        final TestAuthority sub = root.sub(authority("Sub CA", 0));
        writePair(written, folder, "ca", root.certificate(), root.keys());
        writePair(written, folder, "subca", sub.certificate(), sub.keys());
        writePem(written, folder.resolve("chain.crt"), sub.certificate(), root.certificate());
        writeEntity(written, folder, "server", contents.hosts().getFirst(), names(), KeyPurposeId.id_kp_serverAuth,
            List.of(sub, root));
        writeEntity(written, folder, "client", contents.client(), null, KeyPurposeId.id_kp_clientAuth,
            List.of(sub, root));
        return written;
    }

    private void writeEntity(
        final List<Path> written,
        final Path folder,
        final String who,
        final String commonName,
        final GeneralNames names,
        final KeyPurposeId purpose,
        final List<TestAuthority> authorities) throws IOException, GeneralSecurityException
    {
        final TestAuthority issuer = authorities.getFirst();
        final X500Name subject = subject(commonName);
        final KeyPair signKeys = TestKeys.SM2.generate(random);
        final X509CertificateHolder sign = issuer.issue(new TestAuthority.Contents(
            subject, names, KeyUsage.digitalSignature | KeyUsage.nonRepudiation, purpose, -1,
            contents.from(), contents.lifetime()), signKeys);
        final KeyPair encKeys = TestKeys.SM2.generate(random);
        final X509CertificateHolder enc = issuer.issue(new TestAuthority.Contents(
            subject, names, Certificates.ENCRYPTION_USAGE, purpose, -1, contents.from(), contents.lifetime()), encKeys);
        writePair(written, folder, who + "_sign", sign, signKeys);
        writePair(written, folder, who + "_enc", enc, encKeys);
        writePkcs12(written, folder.resolve(who + "_sign.p12"), sign, signKeys.getPrivate(), authorities);
        writePkcs12(written, folder.resolve(who + "_enc.p12"), enc, encKeys.getPrivate(), authorities);
        writePem(written, folder.resolve(who + "_double.crt"), sign, enc, issuer.certificate());
        writePem(written, folder.resolve(who + "_sign_chain.crt"), sign, issuer.certificate());
    }

    private TestAuthority.Contents authority(final String name, final int path)
    {
        return TestAuthority.Contents.authority(
            "C=CN,O=" + escaped(contents.organization()) + ",CN=" + escaped(contents.organization() + " " + name),
            path, contents.from(), contents.lifetime());
    }

    private X500Name subject(final String commonName)
    {
        return new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.C, "CN")
            .addRDN(BCStyle.O, contents.organization())
            .addRDN(BCStyle.OU, "TLCP")
            .addRDN(BCStyle.CN, commonName)
            .build();
    }

    private GeneralNames names()
    {
        return new GeneralNames(contents.hosts().stream()
            .map(host -> new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
            .toArray(GeneralName[]::new));
    }

    private static boolean isAddress(final String host)
    {
        try
        {
            return InetAddress.ofLiteral(host) != null;
        }
        catch (final IllegalArgumentException ex)
        {
            return false;
        }
    }

    private static String escaped(final String value)
    {
        return value.replaceAll("([,=+<>#;\"\\\\])", "\\\\$1");
    }

    private static void writePair(
        final List<Path> written,
        final Path folder,
        final String name,
        final X509CertificateHolder certificate,
        final KeyPair keys) throws IOException
    {
        writePem(written, folder.resolve(name + ".crt"), certificate);
        final byte[] pkcs8 = keys.getPrivate().getEncoded();
        write(written, folder.resolve(name + ".key"), pem("PRIVATE KEY", pkcs8).getBytes(StandardCharsets.US_ASCII));
        write(written, folder.resolve(name + ".p8.der"), pkcs8);
    }

    private static void writePem(
        final List<Path> written, final Path file, final X509CertificateHolder... certificates) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (final X509CertificateHolder certificate : certificates)
        {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        write(written, file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** As OpenSSL writes it: the leaf first, AES-256-CBC under PBKDF2 with HMAC-SHA-256, 2048 rounds. */
    private void writePkcs12(
        final List<Path> written,
        final Path file,
        final X509CertificateHolder leaf,
        final PrivateKey key,
        final List<TestAuthority> authorities) throws IOException, GeneralSecurityException
    {
        final char[] password = contents.password().toCharArray();
        final DERBMPString name = new DERBMPString("tlcp");
        final DEROctetString id = new DEROctetString(leaf.getSerialNumber().toByteArray());
        final List<PKCS12SafeBag> certificates = new ArrayList<>();
        certificates.add(new PKCS12SafeBagBuilder(leaf)
            .addBagAttribute(PKCS12SafeBag.friendlyNameAttribute, name)
            .addBagAttribute(PKCS12SafeBag.localKeyIdAttribute, id)
            .build());
        for (final TestAuthority authority : authorities)
        {
            certificates.add(new PKCS12SafeBagBuilder(authority.certificate()).build());
        }
        try
        {
            final PKCS12SafeBag keyBag =
                new PKCS12SafeBagBuilder(PrivateKeyInfo.getInstance(key.getEncoded()), encryptor(password))
                    .addBagAttribute(PKCS12SafeBag.friendlyNameAttribute, name)
                    .addBagAttribute(PKCS12SafeBag.localKeyIdAttribute, id)
                    .build();
            write(written, file, new PKCS12PfxPduBuilder()
                .addEncryptedData(encryptor(password), certificates.toArray(PKCS12SafeBag[]::new))
                .addData(keyBag)
                .build(new JcePKCS12MacCalculatorBuilder(NISTObjectIdentifiers.id_sha256)
                    .setProvider(Certificates.PROVIDER).setIterationCount(ROUNDS), password)
                .getEncoded(ASN1Encoding.DL));
        }
        catch (final PKCSException | OperatorCreationException ex)
        {
            throw new GeneralSecurityException(ex);
        }
    }

    private OutputEncryptor encryptor(final char[] password) throws OperatorCreationException
    {
        return new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
            .setProvider(Certificates.PROVIDER)
            .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE))
            .setIterationCount(ROUNDS)
            .setRandom(random)
            .build(password);
    }

    private static String pem(final String label, final byte[] der)
    {
        return "-----BEGIN " + label + "-----\n" +
            Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(der) +
            "\n-----END " + label + "-----\n";
    }

    private static void write(final List<Path> written, final Path file, final byte[] bytes) throws IOException
    {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
        written.add(file);
    }
}
