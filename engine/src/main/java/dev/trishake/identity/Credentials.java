// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilderProvider;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates and private keys in a file: PEM, or DER of a certificate, PKCS #8 (encrypted or not), SEC 1, PKCS #1
 * or PKCS #12. What Bouncy Castle, Tongsuo, OpenSSL, GmSSL and gmssl-java write.
 */
final class Credentials
{
    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final int MAX_FILE_LENGTH = 1 << 20;

    private final String name;
    private final char[] password;
    private final List<X509CertificateHolder> certificates = new ArrayList<>();
    private final List<PrivateKeyInfo> keys = new ArrayList<>();

    private Credentials(final String name, final char[] password)
    {
        this.name = name;
        this.password = password;
    }

    /** {@return what a file holds; the password may be null} */
    static Credentials read(final Path file, final char[] password) throws IdentityException
    {
        final byte[] bytes;
        try
        {
            if (Files.size(file) > MAX_FILE_LENGTH)
            {
                throw new IdentityException(file + ": is longer than 1 MiB, so it is no certificate or key");
            }
            bytes = Files.readAllBytes(file);
        }
        catch (final NoSuchFileException ex)
        {
            throw new IdentityException(file + ": there is no such file", ex);
        }
        catch (final IdentityException ex)
        {
            throw ex;
        }
        catch (final IOException ex)
        {
            throw new IdentityException(file + ": can't be read: " + ex.getMessage(), ex);
        }
        return parse(file.toString(), bytes, password);
    }

    /** {@return what some bytes hold; a name for sentences; the password may be null} */
    static Credentials parse(final String name, final byte[] bytes, final char[] password) throws IdentityException
    {
        final Credentials credentials = new Credentials(name, password);
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try
        {
            if (text.contains(PEM_BEGIN))
            {
                credentials.readPem(text);
            }
            else
            {
                credentials.readDer(bytes);
            }
        }
        catch (final IdentityException ex)
        {
            throw ex;
        }
        catch (final IOException | RuntimeException ex)
        {
            throw credentials.fault("is damaged, or neither PEM nor DER of a certificate, a key or PKCS #12", ex);
        }
        return credentials;
    }

    String name()
    {
        return name;
    }

    List<X509CertificateHolder> certificates()
    {
        return certificates;
    }

    /** {@return the one private key} */
    PrivateKeyInfo key() throws IdentityException
    {
        if (keys.size() != 1)
        {
            throw fault(keys.isEmpty() ? "has no private key in it" : "has more than one private key in it", null);
        }
        return keys.getFirst();
    }

    /** {@return the number that is the one private key, which must be on a curve} */
    BigInteger key(final EcCurve curve) throws IdentityException
    {
        final PrivateKeyInfo key = key();
        try
        {
            if (!curve.isOf(key))
            {
                throw fault("the private key is not " + curve.keyWords(), null);
            }
            final BigInteger number = ECPrivateKey.getInstance(key.parsePrivateKey()).getKey();
            if (!curve.isPrivateKey(number))
            {
                throw fault("the private key is out of the range of " + curve.keyWords(), null);
            }
            return number;
        }
        catch (final IdentityException ex)
        {
            throw ex;
        }
        catch (final IOException | RuntimeException ex)
        {
            throw fault("the private key is damaged", ex);
        }
    }

    private void readPem(final String text) throws IOException
    {
        // OpenSSL 3 labels with the key's type what everybody else labels EC
        try (PEMParser parser = new PEMParser(new StringReader(text.replace("SM2 P", "EC P"))))
        {
            for (Object found = parser.readObject(); found != null; found = parser.readObject())
            {
                switch (found)
                {
                    case final X509CertificateHolder certificate -> certificates.add(certificate);
                    case final PrivateKeyInfo key -> keys.add(key);
                    case final PKCS8EncryptedPrivateKeyInfo key -> keys.add(decrypt(key));
                    case final PEMKeyPair pair -> keys.add(pair.getPrivateKeyInfo());
                    case final PEMEncryptedKeyPair pair -> keys.add(decrypt(pair).getPrivateKeyInfo());
                    default ->
                    {
                        // curve parameters stand before a key in what OpenSSL writes; public keys and requests are
                        // of no use here
                    }
                }
            }
        }
    }

    /** The five forms differ in what their SEQUENCE begins with. */
    private void readDer(final byte[] bytes) throws IOException
    {
        final ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(bytes));
        final ASN1Encodable first = sequence.getObjectAt(0);
        final ASN1Encodable second = sequence.getObjectAt(1);
        if (!(first instanceof ASN1Integer))
        {
            final ASN1Sequence head = ASN1Sequence.getInstance(first);
            if (head.getObjectAt(0) instanceof ASN1ObjectIdentifier)
            {
                keys.add(decrypt(new PKCS8EncryptedPrivateKeyInfo(EncryptedPrivateKeyInfo.getInstance(sequence))));
            }
            else
            {
                certificates.add(new X509CertificateHolder(bytes));
            }
        }
        else if (second instanceof ASN1OctetString)
        {
            keys.add(new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey), ECPrivateKey.getInstance(sequence)));
        }
        else if (second instanceof ASN1Integer)
        {
            keys.add(new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                RSAPrivateKey.getInstance(sequence)));
        }
        else if (ASN1Integer.getInstance(first).hasValue(0) || ASN1Integer.getInstance(first).hasValue(1))
        {
            keys.add(PrivateKeyInfo.getInstance(sequence));
        }
        else
        {
            readPkcs12(new PKCS12PfxPdu(bytes));
        }
    }

    private void readPkcs12(final PKCS12PfxPdu file) throws IOException
    {
        try
        {
            if (file.hasMac() && !file.isMacValid(
                new JcePKCS12MacCalculatorBuilderProvider().setProvider(Certificates.PROVIDER), secret()))
            {
                throw fault("the password is wrong, or the file is damaged", null);
            }
            for (final ContentInfo content : file.getContentInfos())
            {
                final boolean encrypted = PKCSObjectIdentifiers.encryptedData.equals(content.getContentType());
                final PKCS12SafeBagFactory bags = encrypted ?
                    new PKCS12SafeBagFactory(content, new Passwords(secret())) : new PKCS12SafeBagFactory(content);
                for (final PKCS12SafeBag bag : bags.getSafeBags())
                {
                    switch (bag.getBagValue())
                    {
                        case final X509CertificateHolder certificate -> certificates.add(certificate);
                        case final PKCS8EncryptedPrivateKeyInfo key -> keys.add(decrypt(key));
                        case final PrivateKeyInfo key -> keys.add(key);
                        default ->
                        {
                            // revocation lists and secrets are of no use here
                        }
                    }
                }
            }
        }
        catch (final PKCSException ex)
        {
            throw fault("the password is wrong, or the file is encrypted in an unknown way", ex);
        }
    }

    private PrivateKeyInfo decrypt(final PKCS8EncryptedPrivateKeyInfo key) throws IdentityException
    {
        try
        {
            return key.decryptPrivateKeyInfo(new Passwords(secret()));
        }
        catch (final PKCSException | RuntimeException ex)
        {
            throw fault("the password is wrong, or the key is encrypted in an unknown way", ex);
        }
    }

    private PEMKeyPair decrypt(final PEMEncryptedKeyPair pair) throws IOException
    {
        try
        {
            return pair.decryptKeyPair(
                new JcePEMDecryptorProviderBuilder().setProvider(Certificates.PROVIDER).build(secret()));
        }
        catch (final PEMException ex)
        {
            throw fault("the password is wrong, or the key is encrypted in an unknown way", ex);
        }
    }

    private char[] secret() throws IdentityException
    {
        if (password == null)
        {
            throw fault("is encrypted: give its password", null);
        }
        return password;
    }

    private IdentityException fault(final String sentence, final Exception cause)
    {
        return new IdentityException(name + ": " + sentence, cause);
    }
}
