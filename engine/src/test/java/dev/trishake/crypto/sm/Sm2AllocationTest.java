// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** No operation allocates once it is warm, be it vectors or scalar code. */
class Sm2AllocationTest
{
    private static final int BATCHES = 12;

    private final Entropy entropy = Entropy.seeded(1);
    private final UnsafeBuffer octets = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[256]);

    static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    /** One operation's batch: how many of its lanes came out well. */
    @FunctionalInterface
    private interface Batch
    {
        int run(int count);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldNotAllocate(final Kernels kernels)
    {
        final Sm2KeyPairs pairs = new Sm2KeyPairs(kernels, entropy);
        pairs.take(octets, 0, octets, 32);
        final Sm2PrivateKey key = new Sm2PrivateKey(octets, 0);
        assertNone(count ->
        {
            for (int i = 0; i < count; i++)
            {
                pairs.take(out, 0, out, 32);
            }
            return count;
        });
        assertNone(signing(new Sm2Sign(kernels, entropy), key));
        assertNone(verifying(new Sm2Verify(kernels)));
        final Sm2Encrypt encrypt = new Sm2Encrypt(kernels, entropy, 48);
        assertNone(encrypting(encrypt));
        assertNone(decrypting(new Sm2Decrypt(kernels, 48), key));
        assertNone(exchanging(new Sm2KeyExchange(kernels, 48), key));
        assertNone(identifying(new Sm2Identity(kernels)));
    }

    private void assertNone(final Batch batch)
    {
        Allocation.assertNone(BATCHES * (Sm2.LANES + 1), () ->
        {
            int done = 0;
            if (entropy.reseedDue())
            {
                entropy.reseed();
            }
            for (int i = 0; i < BATCHES; i++)
            {
                // a full batch, and a lone session, which goes another way
                done += batch.run(Sm2.LANES);
                done += batch.run(1);
            }
            return done;
        });
    }

    private Batch signing(final Sm2Sign sign, final Sm2PrivateKey key)
    {
        return count ->
        {
            int done = 0;
            for (int i = 0; i < count; i++)
            {
                sign.add(key, octets, 0);
            }
            sign.run();
            for (int i = 0; i < count; i++)
            {
                done += sign.succeeded(i) ? 1 : 0;
                sign.result(i, octets, 96);
            }
            sign.clear();
            return done;
        };
    }

    private Batch verifying(final Sm2Verify verify)
    {
        return count ->
        {
            int done = 0;
            for (int i = 0; i < count; i++)
            {
                verify.add(octets, 32, octets, 0, octets, 96);
            }
            verify.run();
            for (int i = 0; i < count; i++)
            {
                done += verify.succeeded(i) ? 1 : 0;
            }
            verify.clear();
            return done;
        };
    }

    private Batch encrypting(final Sm2Encrypt encrypt)
    {
        return count ->
        {
            int done = 0;
            for (int i = 0; i < count; i++)
            {
                encrypt.add(octets, 32, octets, 0, 48);
            }
            encrypt.run();
            for (int i = 0; i < count; i++)
            {
                done += encrypt.succeeded(i) ? 1 : 0;
                encrypt.c1(i, out, 0);
                encrypt.c3(i, out, 64);
                encrypt.c2(i, out, 96);
            }
            encrypt.clear();
            return done;
        };
    }

    private Batch decrypting(final Sm2Decrypt decrypt, final Sm2PrivateKey key)
    {
        return count ->
        {
            int done = 0;
            for (int i = 0; i < count; i++)
            {
                decrypt.add(key, out, 0, out, 64, out, 96, 48);
            }
            decrypt.run();
            for (int i = 0; i < count; i++)
            {
                done += decrypt.succeeded(i) ? 1 : 0;
                decrypt.result(i, octets, 160);
            }
            decrypt.clear();
            return done;
        };
    }

    private Batch exchanging(final Sm2KeyExchange exchange, final Sm2PrivateKey key)
    {
        return count ->
        {
            int done = 0;
            for (int i = 0; i < count; i++)
            {
                exchange.add(true, key, octets, 0, octets, 32, octets, 32, octets, 32, octets, 32);
            }
            exchange.run();
            for (int i = 0; i < count; i++)
            {
                done += exchange.succeeded(i) ? 1 : 0;
                exchange.result(i, out, 0);
            }
            exchange.clear();
            return done;
        };
    }

    private Batch identifying(final Sm2Identity identity)
    {
        return count ->
        {
            for (int i = 0; i < count; i++)
            {
                identity.add(octets, 32);
            }
            identity.run();
            for (int i = 0; i < count; i++)
            {
                identity.result(i, out, 0);
            }
            identity.clear();
            return count;
        };
    }
}
