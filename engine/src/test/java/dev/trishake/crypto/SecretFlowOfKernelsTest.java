// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.SecretFlow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** No kernel branches on a secret, looks one up in memory or divides by one. A kernel joins by its classes' names. */
class SecretFlowOfKernelsTest
{
    @ParameterizedTest
    @ValueSource(strings = {
        "crypto.Columns",
        "crypto.sm.Sm3Block",
        "crypto.sm.Sm3Scalars",
        "crypto.hash.Sha256Block",
        "crypto.hash.Sha256Scalars",
        "crypto.lanes.Sha256Vectors",
        "crypto.sm.Sm4Sbox",
        "crypto.sm.Sm4Slices",
        "crypto.lanes.Sm3Vectors",
        "crypto.lanes.Sm4Vectors",
        "crypto.aead.Ghash",
        "crypto.aead.GhashScalars",
        "crypto.lanes.GhashVectors",
        "crypto.aead.AesBitsliced",
        "crypto.aead.AesGcmScalars",
        "crypto.aead.ChaCha20Poly1305Scalars",
        "crypto.aead.ExclusiveOr",
        "crypto.aead.Poly1305",
        "crypto.curve.BatchInversion",
        "crypto.curve.Field25519",
        "crypto.curve.P256Field",
        "crypto.curve.X25519Base",
        "crypto.curve.X25519Scalars",
        "crypto.lanes.AesGcmVectors",
        "crypto.lanes.ChaCha20Poly1305Vectors",
        "crypto.lanes.Field25519Vectors",
        "crypto.lanes.X25519Vectors",
        "crypto.ChaCha20",
        "crypto.ConstantTime"})
    void shouldNotDependOnSecrets(final String name) throws ClassNotFoundException
    {
        // what equal() of buffers has found is acted on in public; assertions are off outside of tests
        final String[] decided = {"equal", "isMask", "select", "conditionalCopy", "conditionalSwap"};
        final Class<?> kernel = Class.forName("dev.trishake." + name);
        assertEquals(Set.of(), SecretFlow.findings(kernel, kernel == ConstantTime.class ? decided : new String[0]));
    }
}
