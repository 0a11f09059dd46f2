// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of keys that are made for tests, and how authorities sign with them. */
enum TestKeys
{
    /** Of TLCP. */
    SM2("EC", "sm2p256v1", "SM3withSM2"),

    /** Of gQUIC: proofs by our own kernel. */
    P256("EC", "secp256r1", "SHA256withECDSA"),

    /** Of gQUIC: proofs by the JDK. */
    RSA_2048("RSA", null, "SHA256withRSA");

    private static final int RSA_BITS = 2048;

    private final String algorithm;
    private final String curve;
    private final String signature;

    TestKeys(final String algorithm, final String curve, final String signature)
    {
        this.algorithm = algorithm;
        this.curve = curve;
        this.signature = signature;
    }

    /** {@return new ones} */
    KeyPair generate(final SecureRandom random) throws GeneralSecurityException
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, Certificates.PROVIDER);
        generator.initialize(curve == null ?
            new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4) : new ECGenParameterSpec(curve), random);
        return generator.generateKeyPair();
    }

    /** {@return the name of the algorithm by which certificates are signed} */
    String signature()
    {
        return signature;
    }
}
