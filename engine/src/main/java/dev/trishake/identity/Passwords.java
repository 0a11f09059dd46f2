// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.io.CipherInputStream;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

import java.io.InputStream;

/**
 * Decryption of keys under a password. Bouncy Castle does PBES1 and PBES2 with the usual ciphers; it does not find
 * SM4-CBC by its identifier, which GmSSL and gmssl-java write, so that is put together here.
 */
final class Passwords implements InputDecryptorProvider
{
    /** SM4-CBC, 1.2.156.10197.1.104.2. */
    static final ASN1ObjectIdentifier SM4_CBC = GMObjectIdentifiers.sms4_cbc;

    private static final int SM4_KEY_BITS = 128;

    /** What a hostile file may cost: GmSSL writes 65,536. */
    private static final int MAX_ITERATIONS = 10_000_000;

    private final char[] password;
    private final InputDecryptorProvider others;

    Passwords(final char[] password)
    {
        this.password = password;
        this.others = new JcePKCSPBEInputDecryptorProviderBuilder().setProvider(Certificates.PROVIDER).build(password);
    }

    @Override
    public InputDecryptor get(final AlgorithmIdentifier algorithm) throws OperatorCreationException
    {
        if (PKCSObjectIdentifiers.id_PBES2.equals(algorithm.getAlgorithm()))
        {
            final PBES2Parameters scheme = PBES2Parameters.getInstance(algorithm.getParameters());
            if (SM4_CBC.equals(scheme.getEncryptionScheme().getAlgorithm()))
            {
                return sm4(algorithm, scheme);
            }
        }
        return others.get(algorithm);
    }

    private InputDecryptor sm4(final AlgorithmIdentifier algorithm, final PBES2Parameters scheme)
        throws OperatorCreationException
    {
        if (!PKCSObjectIdentifiers.id_PBKDF2.equals(scheme.getKeyDerivationFunc().getAlgorithm()))
        {
            throw new OperatorCreationException("SM4-CBC with another derivation than PBKDF2");
        }
        final PBKDF2Params derivation = PBKDF2Params.getInstance(scheme.getKeyDerivationFunc().getParameters());
        if (derivation.getIterationCount().bitLength() >= Integer.SIZE ||
            derivation.getIterationCount().intValue() > MAX_ITERATIONS)
        {
            throw new OperatorCreationException("more than " + MAX_ITERATIONS + " iterations of PBKDF2");
        }
        final PKCS5S2ParametersGenerator generator =
            new PKCS5S2ParametersGenerator(digest(derivation.getPrf().getAlgorithm()));
        generator.init(
            PBEParametersGenerator.PKCS5PasswordToUTF8Bytes(password),
            derivation.getSalt(),
            derivation.getIterationCount().intValue());
        final byte[] iv =
            ASN1OctetString.getInstance(scheme.getEncryptionScheme().getParameters()).getOctets();
        final CipherParameters key =
            new ParametersWithIV(generator.generateDerivedParameters(SM4_KEY_BITS), iv);
        return new InputDecryptor()
        {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier()
            {
                return algorithm;
            }

            @Override
            public InputStream getInputStream(final InputStream encrypted)
            {
                final PaddedBufferedBlockCipher cipher = new PaddedBufferedBlockCipher(
                    CBCBlockCipher.newInstance(new SM4Engine()), new PKCS7Padding());
                cipher.init(false, key);
                return new CipherInputStream(encrypted, cipher);
            }
        };
    }

    private static Digest digest(final ASN1ObjectIdentifier prf) throws OperatorCreationException
    {
        if (GMObjectIdentifiers.hmac_sm3.equals(prf))
        {
            return new SM3Digest();
        }
        if (PKCSObjectIdentifiers.id_hmacWithSHA256.equals(prf))
        {
            return new SHA256Digest();
        }
        if (PKCSObjectIdentifiers.id_hmacWithSHA512.equals(prf))
        {
            return new SHA512Digest();
        }
        if (PKCSObjectIdentifiers.id_hmacWithSHA1.equals(prf))
        {
            return new SHA1Digest();
        }
        throw new OperatorCreationException("PBKDF2 with the unknown function " + prf);
    }
}
