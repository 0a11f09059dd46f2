// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Entropy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

class P256NoncesTest
{
    @Test
    void shouldDependOnDigestAndKeyAndGenerator()
    {
        // the same generator twice, as after a snapshot: another digest or key still gives another nonce
        final long nonce = nonce(1, 0, 0);
        assertNotEquals(nonce, nonce(1, 1, 0));
        assertNotEquals(nonce, nonce(1, 0, 1));
        assertNotEquals(nonce, nonce(2, 0, 0));
    }

    private static long nonce(final long seed, final int key, final int digest)
    {
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[32]);
        final UnsafeBuffer digests = new UnsafeBuffer(new byte[32]);
        keys.putByte(31, (byte)key);
        digests.putByte(31, (byte)digest);
        final long[] words = new long[Words.LENGTH];
        new P256Nonces(Entropy.seeded(seed)).next(keys, 0, digests, 0, words, 0);
        return words[0];
    }
}
