// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.util.SplittableRandom;

/**
 * Random cases that can be had again: a failing case names its seed.
 *
 * <p>The first seed is fixed in {@code mvn verify} (a build is not a lottery), the clock's under {@code -Pfull}, and
 * {@code -Dtrishake.seed=N} runs case N alone.
 */
public final class Seeded
{
    private static final long FIXED_SEED = 0x7415_4a4b_e000_0001L;
    private static final String SEED_PROPERTY = "trishake.seed";

    private Seeded()
    {
    }

    /** One random case. */
    @FunctionalInterface
    public interface Case
    {
        /**
         * Runs the case.
         *
         * @param random everything random comes from here
         * @throws Exception when the case fails
         */
        void run(SplittableRandom random) throws Exception;
    }

    /**
     * Runs cases with seeds of their own.
     *
     * @param count how many
     * @param body  the case
     */
    public static void forEach(final int count, final Case body)
    {
        final Long only = Long.getLong(SEED_PROPERTY);
        final long first = Scale.full() ? System.nanoTime() : FIXED_SEED;
        for (int i = 0; i < (only == null ? count : 1); i++)
        {
            final long seed = only == null ? first + i : only;
            try
            {
                body.run(new SplittableRandom(seed));
            }
            catch (final Exception | AssertionError ex)
            {
                throw new AssertionError("case " + i + " failed; run it alone with -D" + SEED_PROPERTY + "=" + seed +
                    ": " + ex.getMessage(), ex);
            }
        }
    }

    /**
     * {@return random bytes}
     *
     * @param random where they come from
     * @param length how many
     */
    public static byte[] bytes(final SplittableRandom random, final int length)
    {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /**
     * Damages bytes as a hostile or broken sender would: flips bits, overwrites with extreme values.
     *
     * @param random where the damage comes from
     * @param bytes  what is damaged, in place; may be empty
     * @param times  how many bytes are touched
     */
    public static void mutate(final SplittableRandom random, final byte[] bytes, final int times)
    {
        for (int i = 0; i < times && bytes.length > 0; i++)
        {
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(4))
            {
                case 0 -> bytes[at] ^= (byte)(1 << random.nextInt(8));
                case 1 -> bytes[at] = 0;
                case 2 -> bytes[at] = (byte)0xff;
                default -> bytes[at] = (byte)random.nextInt();
            }
        }
    }
}
