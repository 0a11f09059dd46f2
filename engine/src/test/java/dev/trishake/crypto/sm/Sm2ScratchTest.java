// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Numbers;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What an operation keeps once it has run: no key, no nonce, no shared secret, in no form. The objects below an
 * operation are walked and each word they hold is compared with the words and limbs of each secret.
 */
class Sm2ScratchTest
{
    private static final BigInteger R = BigInteger.ONE.shiftLeft(260);
    private static final BigInteger N = Numbers.N;

    private final SplittableRandom random = new SplittableRandom(5);
    private final BigInteger d = Numbers.random(random).mod(N);
    private final BigInteger r = Numbers.random(random).mod(N);
    private final Sm2PrivateKey key = new Sm2PrivateKey(octets(d), 0);
    private final UnsafeBuffer digest = octets(Numbers.random(random));
    private final Set<Long> secrets = new HashSet<>();

    static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeyAndNonceOfASignature(final Kernels kernels)
    {
        final Sm2Nonces known = new Sm2Nonces(kernels, Entropy.seeded(1))
        {
            @Override
            void take(final int i, final long[] words, final int at)
            {
                super.take(i, words, at);
                System.arraycopy(Numbers.words(r), 0, words, at, 4);
            }
        };
        final Sm2Sign sign = new Sm2Sign(kernels, known);
        secret(d);
        secret(r);
        secret(d.add(BigInteger.ONE).modInverse(N));
        for (final int count : new int[] {1, 3, 8})
        {
            for (int lane = 0; lane < count; lane++)
            {
                sign.add(key, digest, 0);
            }
            assertTrue(holdsSecret(sign), "a walk that sees no key sees nothing");
            sign.run();
            assertTrue(sign.succeeded(0));
            assertFalse(holdsSecret(sign), count + " lanes");
            sign.clear();
            assertFalse(holdsSecret(sign), count + " lanes");
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeyAndPointOfADecryption(final Kernels kernels)
    {
        final Sm2Encrypt encrypt = new Sm2Encrypt(kernels, null, 32);
        final UnsafeBuffer publicKey = octets(Numbers.G.multiply(d));
        final UnsafeBuffer c = new UnsafeBuffer(new byte[128]);
        final BigInteger message = Numbers.random(random);
        final ECPoint shared = Numbers.G.multiply(d).multiply(r).normalize();
        secret(d);
        secret(r);
        secret(shared.getAffineXCoord().toBigInteger());
        secret(shared.getAffineYCoord().toBigInteger());
        for (final int count : new int[] {1, 3, 8})
        {
            for (int lane = 0; lane < count; lane++)
            {
                encrypt.add(publicKey, 0, octets(message), 0, 32);
                encrypt.nonces().putBytes(32 * lane, octets(r), 0, 32);
            }
            encrypt.run();
            assertTrue(encrypt.succeeded(count - 1));
            assertFalse(holdsSecret(encrypt), count + " lanes");
            encrypt.c1(0, c, 0);
            encrypt.c3(0, c, 64);
            encrypt.c2(0, c, 96);
            encrypt.clear();
        }

        final Sm2Decrypt decrypt = new Sm2Decrypt(kernels, 32);
        for (final int count : new int[] {1, 3, 8})
        {
            decrypt.clear();
            for (int lane = 0; lane < count; lane++)
            {
                decrypt.add(key, c, 0, c, 64, c, 96, 32);
            }
            decrypt.run();
            assertTrue(decrypt.succeeded(count - 1));
            assertFalse(holdsSecret(decrypt), count + " lanes");
        }
        final Set<Long> before = Set.copyOf(secrets);
        secret(message);
        assertTrue(holdsSecret(decrypt), "the plaintext, until it is cleared");
        decrypt.clear();
        encrypt.clear();
        assertFalse(holdsSecret(decrypt));
        assertFalse(holdsSecret(encrypt));
        assertTrue(before.size() < secrets.size());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeysAndPointOfAnExchange(final Kernels kernels)
    {
        final Sm2KeyExchange exchange = new Sm2KeyExchange(kernels, 48);
        final UnsafeBuffer own = octets(Numbers.G.multiply(r));
        final UnsafeBuffer peer = octets(Numbers.G.multiply(BigInteger.TEN));
        final BigInteger half = BigInteger.ONE.shiftLeft(127);
        final BigInteger x = half.add(new BigInteger(1, Arrays.copyOf(own.byteArray(), 32)).mod(half));
        final BigInteger t = x.multiply(r).add(d).mod(N);
        final BigInteger y = half.add(new BigInteger(1, Arrays.copyOf(peer.byteArray(), 32)).mod(half));
        final ECPoint u = Numbers.G.multiply(BigInteger.TEN).multiply(y.add(BigInteger.ONE)).multiply(t).normalize();
        secret(d);
        secret(r);
        secret(t);
        secret(u.getAffineXCoord().toBigInteger());
        secret(u.getAffineYCoord().toBigInteger());
        for (final int count : new int[] {1, 3, 8})
        {
            for (int lane = 0; lane < count; lane++)
            {
                exchange.add(true, key, octets(r), 0, own, 0, peer, 0, peer, 0, peer, 0);
            }
            assertTrue(holdsSecret(exchange), "a walk that sees no key sees nothing");
            exchange.runConfirmed();
            assertTrue(exchange.succeeded(count - 1));
            assertFalse(holdsSecret(exchange), count + " lanes");
            final UnsafeBuffer agreed = new UnsafeBuffer(new byte[48]);
            exchange.result(0, agreed, 0);
            exchange.clear();
            final Set<Long> before = Set.copyOf(secrets);
            secret(new BigInteger(1, Arrays.copyOf(agreed.byteArray(), 32)));
            assertFalse(holdsSecret(exchange), count + " lanes");
            secrets.retainAll(before);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeyPairs(final Kernels kernels)
    {
        final Sm2KeyPairs pairs = new Sm2KeyPairs(kernels, Entropy.seeded(3));
        final UnsafeBuffer pair = new UnsafeBuffer(new byte[96]);
        for (int i = 0; i < Sm2KeyPairs.LANES + 1; i++)
        {
            pairs.take(pair, 0, pair, 32);
            secret(new BigInteger(1, Arrays.copyOf(pair.byteArray(), 32)));
            assertFalse(holdsSecret(pairs), "pair " + i);
        }
        pairs.refill();
        final Sm2PrivateKey taken = new Sm2PrivateKey(pair, 0);
        assertTrue(holdsSecret(taken));
        taken.close();
        assertFalse(holdsSecret(taken));
        pairs.close();
        assertTrue(pairs.available() == 0);
    }

    /** A number in all forms: words, octets, limbs, also in Montgomery's form. */
    private void secret(final BigInteger value)
    {
        words(value, 64);
        words(value, 52);
        words(value, 30);
        words(value.multiply(R).mod(N), 52);
        words(value.multiply(R).mod(Numbers.P), 52);
        words(N.subtract(value.mod(N)), 64);
    }

    private void words(final BigInteger value, final int bits)
    {
        for (int i = 0; i * bits < 256 - bits; i++)
        {
            final long word = value.shiftRight(i * bits).longValue() & (bits == 64 ? -1L : (1L << bits) - 1);
            secrets.add(word);
            secrets.add(Long.reverseBytes(word));
        }
    }

    private boolean holdsSecret(final Object root)
    {
        return holdsSecret(root, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private boolean holdsSecret(final Object object, final Set<Object> seen)
    {
        if (object == null || !seen.add(object))
        {
            return false;
        }
        final Class<?> type = object.getClass();
        if (object instanceof DirectBuffer buffer)
        {
            boolean found = false;
            for (int i = 0; i + Long.BYTES <= buffer.capacity(); i++)
            {
                found |= secrets.contains(buffer.getLong(i));
            }
            return found;
        }
        if (object instanceof byte[] bytes)
        {
            return holdsSecret(new UnsafeBuffer(bytes), seen);
        }
        if (type.isArray())
        {
            boolean found = false;
            for (int i = 0; i < Array.getLength(object); i++)
            {
                found |= switch (object)
                {
                    case long[] longs -> secrets.contains(longs[i]) || secrets.contains(-longs[i]);
                    case int[] ints -> i + 1 < ints.length &&
                        secrets.contains((long)ints[i] << 32 | ints[i + 1] & 0xffff_ffffL);
                    case Object[] objects -> holdsSecret(objects[i], seen);
                    default -> false;
                };
            }
            return found;
        }
        return type.getName().startsWith("dev.trishake.") && fieldsHoldSecret(object, type, seen);
    }

    private boolean fieldsHoldSecret(final Object object, final Class<?> declared, final Set<Object> seen)
    {
        boolean found = false;
        for (Class<?> type = declared; type != Object.class; type = type.getSuperclass())
        {
            if (type == getClass())
            {
                return found;
            }
            for (final Field field : type.getDeclaredFields())
            {
                final boolean isOurs = !Modifier.isStatic(field.getModifiers()) && !field.getName().startsWith("this$");
                if (isOurs)
                {
                    found |= fieldHoldsSecret(field, object, seen);
                }
            }
        }
        return found;
    }

    private boolean fieldHoldsSecret(final Field field, final Object object, final Set<Object> seen)
    {
        try
        {
            field.setAccessible(true);
            final Object value = field.get(object);
            return value instanceof Long number ? secrets.contains(number) : holdsSecret(value, seen);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static UnsafeBuffer octets(final BigInteger value)
    {
        final byte[] octets = value.add(BigInteger.ONE.shiftLeft(256)).toByteArray();
        return new UnsafeBuffer(Arrays.copyOfRange(octets, octets.length - 32, octets.length));
    }

    private static UnsafeBuffer octets(final ECPoint point)
    {
        return new UnsafeBuffer(Arrays.copyOfRange(point.normalize().getEncoded(false), 1, 65));
    }
}
