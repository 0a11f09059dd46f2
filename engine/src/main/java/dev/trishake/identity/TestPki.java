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
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        final PkiFiles files = new PkiFiles(folder);
        final TestAuthority root = TestAuthority.root(TestKeys.SM2, authority("Root CA", 1), random);
        final TestAuthority sub = root.sub(authority("Sub CA", 0));
        files.writePair("ca", root.certificate(), root.keys());
        files.writePair("subca", sub.certificate(), sub.keys());
        files.writeCertificates("chain.crt", sub.certificate(), root.certificate());
        writeEntity(files, "server", contents.hosts().getFirst(), PeerName.alternatives(contents.hosts()),
            KeyPurposeId.id_kp_serverAuth, List.of(sub, root));
        writeEntity(files, "client", contents.client(), null, KeyPurposeId.id_kp_clientAuth,
            List.of(sub, root));
        return files.written();
    }

    private void writeEntity(
        final PkiFiles files,
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
        files.writePair(who + "_sign", sign, signKeys);
        files.writePair(who + "_enc", enc, encKeys);
        writePkcs12(files, who + "_sign.p12", sign, signKeys.getPrivate(), authorities);
        writePkcs12(files, who + "_enc.p12", enc, encKeys.getPrivate(), authorities);
        files.writeCertificates(who + "_double.crt", sign, enc, issuer.certificate());
        files.writeCertificates(who + "_sign_chain.crt", sign, issuer.certificate());
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

    private static String escaped(final String value)
    {
        return value.replaceAll("([,=+<>#;\"\\\\])", "\\\\$1");
    }

    /** As OpenSSL writes it: the leaf first, AES-256-CBC under PBKDF2 with HMAC-SHA-256, 2048 rounds. */
    private void writePkcs12(
        final PkiFiles files,
        final String file,
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
            files.write(file, new PKCS12PfxPduBuilder()
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
}
