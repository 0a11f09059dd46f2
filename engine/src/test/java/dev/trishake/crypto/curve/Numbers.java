// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

import java.math.BigInteger;
import java.util.SplittableRandom;

/** Numbers and points that tests of sm2p256v1 begin with: random ones, and those where formulas may go wrong. */
public final class Numbers
{
    /** The order. */
    public static final BigInteger N = CustomNamedCurves.getByName("sm2p256v1").getN();

    /** The generator. */
    public static final ECPoint G = CustomNamedCurves.getByName("sm2p256v1").getG();

    /** The prime. */
    public static final BigInteger P = G.getCurve().getField().getCharacteristic();

    /** A point whose x is so small that x + p is below 2^256. */
    public static final ECPoint SMALL_X = smallX();

    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(256);
    private static final BigInteger TWINS = BigInteger.valueOf(30).shiftLeft(252).subtract(N);

    private Numbers()
    {
    }

    /**
     * {@return any number below 2^256: half of them random, the others near 0, n, 2^k, p and where sums have twins}
     *
     * @param random where it comes from
     */
    public static BigInteger scalar(final SplittableRandom random)
    {
        final BigInteger small = BigInteger.valueOf(random.nextInt(140));
        final BigInteger k = switch (random.nextInt(14))
        {
            case 0 -> small;
            case 1 -> N.subtract(small);
            case 2 -> N.add(small);
            case 3 -> BigInteger.ONE.shiftLeft(random.nextInt(256)).add(small);
            case 4 -> BigInteger.ONE.shiftLeft(random.nextInt(256)).subtract(small);
            case 5 -> TWINS;
            case 6 -> N.subtract(TWINS);
            case 7 -> LIMIT.subtract(BigInteger.ONE).subtract(small);
            default -> random(random);
        };
        return k.mod(LIMIT);
    }

    /**
     * {@return a number below 2^256}
     *
     * @param random where it comes from
     */
    public static BigInteger random(final SplittableRandom random)
    {
        final byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes);
    }

    /**
     * {@return a point of the curve, one in eight a small multiple of the generator; or one time in nine none}
     *
     * @param random where it comes from
     */
    public static ECPoint point(final SplittableRandom random)
    {
        if (random.nextInt(9) == 0)
        {
            return null;
        }
        final boolean isSmall = random.nextInt(8) == 0;
        final BigInteger k = isSmall ? BigInteger.valueOf(random.nextInt(1, 40)) : random(random).mod(N);
        return k.signum() == 0 ? SMALL_X : G.multiply(k).normalize();
    }

    /**
     * {@return four words, least significant first}
     *
     * @param value below 2^256
     */
    public static long[] words(final BigInteger value)
    {
        final long[] words = new long[4];
        for (int i = 0; i < 4; i++)
        {
            words[i] = value.shiftRight(64 * i).longValue();
        }
        return words;
    }

    private static ECPoint smallX()
    {
        for (int x = 0;; x++)
        {
            final byte[] compressed = new byte[33];
            compressed[0] = 2;
            compressed[32] = (byte)x;
            try
            {
                return G.getCurve().decodePoint(compressed);
            }
            catch (final IllegalArgumentException ex)
            {
                continue;
            }
        }
    }
}
