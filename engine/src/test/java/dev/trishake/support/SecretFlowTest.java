// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.junit.jupiter.api.Test;

import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SecretFlowTest
{
    /** What a kernel must not do, a method for each way. */
    static final class Leaky
    {
        private static final byte[] TABLE = new byte[256];

        private Leaky()
        {
        }

        static int lookup(final byte[] secret, final int at)
        {
            final int index = secret[at] & 0xff;
            return TABLE[index];
        }

        static int branch(final long secret)
        {
            int count = 0;
            for (int i = 0; i < 64; i++)
            {
                count += (secret >>> i & 1) != 0 ? 1 : 0;
            }
            return count;
        }

        static int carried(final int[] secret)
        {
            int sum = 0;
            int before = 0;
            for (int i = 0; i < 4; i++)
            {
                // only the second turn sees it
                sum += before > 7 ? 1 : 0;
                before = secret[i];
            }
            return sum;
        }

        static int throughACall(final int[] secret)
        {
            return TABLE[Integer.rotateLeft(secret[0], 3) & 0xff];
        }

        static int division(final long secret)
        {
            return (int)(secret / 3);
        }

        static int choice(final byte[] secret)
        {
            return switch (secret[0])
            {
                case 1 -> 7;
                case 2 -> 9;
                default -> 0;
            };
        }
    }

    /** What a kernel may do. */
    static final class Honest
    {
        private Honest()
        {
        }

        static long sum(final long[] secret, final int length)
        {
            long sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum ^= (secret[i] * 3) >>> 1;
                secret[i] ^= sum;
            }
            return sum;
        }
    }

    @Test
    void shouldFindEveryKindOfLeak()
    {
        assertEquals(Set.of(
            "Leaky.lookup: a place in an array depends on a secret",
            "Leaky.branch: a branch depends on a secret",
            "Leaky.carried: a branch depends on a secret",
            "Leaky.throughACall: a place in an array depends on a secret",
            "Leaky.division: a division depends on a secret",
            "Leaky.choice: a switch depends on a secret"), SecretFlow.findings(Leaky.class));
    }

    @Test
    void shouldFindNothingInHonestCode()
    {
        assertEquals(Set.of(), SecretFlow.findings(Honest.class));
    }
}
