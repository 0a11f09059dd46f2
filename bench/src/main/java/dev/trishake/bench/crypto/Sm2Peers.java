// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.KonaCryptoProvider;
import com.tencent.kona.crypto.spec.SM2PrivateKeySpec;
import com.tencent.kona.crypto.spec.SM2PublicKeySpec;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

/** One SM2 key pair as each peer wants it. */
final class Sm2Peers
{
    /** Kona's provider, in Java. */
    static final Provider KONA = new KonaCryptoProvider();

    /** The ID that all sign with. */
    static final byte[] ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("sm2p256v1");
    private static final ECDomainParameters DOMAIN =
        new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN());
    private static final MethodHandle NEW_FROM_NAME =
        LibCrypto.function("EVP_PKEY_CTX_new_from_name", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle NEW_OF_KEY =
        LibCrypto.function("EVP_PKEY_CTX_new_from_pkey", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle KEYGEN_INIT = LibCrypto.function("EVP_PKEY_keygen_init", JAVA_INT, ADDRESS);
    private static final MethodHandle GENERATE = LibCrypto.function("EVP_PKEY_generate", JAVA_INT, ADDRESS, ADDRESS);

    private final byte[] privateKey;
    private final byte[] publicKey;

    /**
     * Takes a pair.
     *
     * @param pair d, then x and y
     */
    Sm2Peers(final UnsafeBuffer pair)
    {
        final byte[] octets = new byte[96];
        pair.getBytes(0, octets);
        privateKey = Arrays.copyOf(octets, 32);
        publicKey = new byte[65];
        publicKey[0] = 4;
        System.arraycopy(octets, 32, publicKey, 1, 64);
    }

    ECPrivateKeyParameters bouncyCastlePrivate()
    {
        return new ECPrivateKeyParameters(new BigInteger(1, privateKey), DOMAIN);
    }

    ECPublicKeyParameters bouncyCastlePublic()
    {
        return new ECPublicKeyParameters(CURVE.getCurve().decodePoint(publicKey), DOMAIN);
    }

    ECPrivateKey konaPrivate() throws GeneralSecurityException
    {
        return (ECPrivateKey)KeyFactory.getInstance("SM2", KONA).generatePrivate(new SM2PrivateKeySpec(privateKey));
    }

    ECPublicKey konaPublic() throws GeneralSecurityException
    {
        return (ECPublicKey)KeyFactory.getInstance("SM2", KONA).generatePublic(new SM2PublicKeySpec(publicKey));
    }

    /** A new context of OpenSSL's with a new SM2 key in it. */
    static MemorySegment opensslContext() throws Throwable
    {
        LibCrypto.require();
        final MemorySegment maker = (MemorySegment)NEW_FROM_NAME.invokeExact(
            MemorySegment.NULL, LibCrypto.memory(new byte[] {'S', 'M', '2', 0}), MemorySegment.NULL);
        final MemorySegment key = LibCrypto.memory(new byte[Long.BYTES]);
        LibCrypto.check("EVP_PKEY_keygen_init", (int)KEYGEN_INIT.invokeExact(maker));
        LibCrypto.check("EVP_PKEY_generate", (int)GENERATE.invokeExact(maker, key));
        final MemorySegment pkey = MemorySegment.ofAddress(
            key.get(JAVA_LONG_UNALIGNED, 0));
        return (MemorySegment)NEW_OF_KEY.invokeExact(MemorySegment.NULL, pkey, MemorySegment.NULL);
    }
}
