// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * AES-128 (FIPS 197) on four blocks at a time without tables: bit i of every octet of the blocks lies in the i-th of
 * eight words, and each step is a formula on those words. The S-box is the circuit of Boyar and Peralta ("A depth-16
 * circuit for the AES S-box", 2011), the arrangement of bits that of Pornin's BearSSL ({@code aes_ct64}).
 */
final class AesBitsliced
{
    /** How many blocks are encrypted at a time. */
    static final int BLOCKS = 4;

    private static final int WORDS = 8;
    private static final int ROUND_KEYS = AesGcmLanes.ROUND_KEYS;
    private static final int BLOCK_LENGTH = AesGcmLanes.BLOCK_LENGTH;
    private static final int KEY_INTS = 4;

    private final long[] q = new long[WORDS];
    private final long[] roundKeys = new long[ROUND_KEYS * WORDS];

    /** Expands the key in the first 16 octets to round keys behind it (FIPS 197 5.2). */
    void expandKey(final UnsafeBuffer schedule)
    {
        int last = schedule.getInt(BLOCK_LENGTH - Integer.BYTES, LITTLE_ENDIAN);
        int constant = 1;
        for (int i = KEY_INTS; i < ROUND_KEYS * KEY_INTS; i++)
        {
            if (i % KEY_INTS == 0)
            {
                last = substitute(Integer.rotateRight(last, Byte.SIZE)) ^ constant;
                // 1, 2, 4, ... in GF(2^8)
                constant = constant << 1 ^ (constant >>> 7) * 0x11b;
            }
            last ^= schedule.getInt((i - KEY_INTS) * Integer.BYTES, LITTLE_ENDIAN);
            schedule.putInt(i * Integer.BYTES, last, LITTLE_ENDIAN);
        }
    }

    /** Takes round keys for the calls that follow. */
    void load(final UnsafeBuffer schedule)
    {
        for (int round = 0; round < ROUND_KEYS; round++)
        {
            interleave(schedule, round * BLOCK_LENGTH, 0);
            for (int i = 1; i < BLOCKS; i++)
            {
                q[i] = q[0];
                q[BLOCKS + i] = q[BLOCKS];
            }
            transpose(q);
            System.arraycopy(q, 0, roundKeys, round * WORDS, WORDS);
        }
    }

    /** Encrypts four blocks in place. */
    void encrypt(final UnsafeBuffer blocks, final int offset)
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            interleave(blocks, offset + i * BLOCK_LENGTH, i);
        }
        transpose(q);
        addRoundKey(q, roundKeys, 0);
        for (int round = 1; round < ROUND_KEYS - 1; round++)
        {
            substitute(q);
            shiftRows(q);
            mixColumns(q);
            addRoundKey(q, roundKeys, round);
        }
        substitute(q);
        shiftRows(q);
        addRoundKey(q, roundKeys, ROUND_KEYS - 1);
        transpose(q);
        for (int i = 0; i < BLOCKS; i++)
        {
            deinterleave(blocks, offset + i * BLOCK_LENGTH, i);
        }
    }

    void wipe()
    {
        Arrays.fill(q, 0);
        Arrays.fill(roundKeys, 0);
    }

    private int substitute(final int word)
    {
        Arrays.fill(q, 0);
        q[0] = word & 0xffffffffL;
        transpose(q);
        substitute(q);
        transpose(q);
        return (int)q[0];
    }

    /** Spreads a block's octets over words i and i + 4: columns 0 and 2, columns 1 and 3. */
    private void interleave(final UnsafeBuffer block, final int offset, final int i)
    {
        q[i] = spread(block.getInt(offset, LITTLE_ENDIAN)) | spread(block.getInt(offset + 8, LITTLE_ENDIAN)) << 8;
        q[BLOCKS + i] =
            spread(block.getInt(offset + 4, LITTLE_ENDIAN)) | spread(block.getInt(offset + 12, LITTLE_ENDIAN)) << 8;
    }

    private void deinterleave(final UnsafeBuffer block, final int offset, final int i)
    {
        block.putInt(offset, gather(q[i]), LITTLE_ENDIAN);
        block.putInt(offset + 4, gather(q[BLOCKS + i]), LITTLE_ENDIAN);
        block.putInt(offset + 8, gather(q[i] >>> 8), LITTLE_ENDIAN);
        block.putInt(offset + 12, gather(q[BLOCKS + i] >>> 8), LITTLE_ENDIAN);
    }

    /** Four octets to every second octet. */
    private static long spread(final int word)
    {
        long x = word & 0xffffffffL;
        x = (x | x << 16) & 0x0000ffff0000ffffL;
        return (x | x << 8) & 0x00ff00ff00ff00ffL;
    }

    private static int gather(final long spread)
    {
        long x = spread & 0x00ff00ff00ff00ffL;
        x = (x | x >>> 8) & 0x0000ffff0000ffffL;
        return (int)(x | x >>> 16);
    }

    /** Exchanges bit i of octet j in every word with bit j: eight words of octets to eight words of bits, and back. */
    private static void transpose(final long[] q)
    {
        for (int i = 0; i < WORDS; i += 2)
        {
            exchange(q, i, i + 1, 0x5555555555555555L, 1);
        }
        for (int i = 0; i < WORDS; i += 4)
        {
            exchange(q, i, i + 2, 0x3333333333333333L, 2);
            exchange(q, i + 1, i + 3, 0x3333333333333333L, 2);
        }
        for (int i = 0; i < WORDS / 2; i++)
        {
            exchange(q, i, i + 4, 0x0f0f0f0f0f0f0f0fL, 4);
        }
    }

    private static void exchange(final long[] q, final int i, final int j, final long low, final int shift)
    {
        final long a = q[i];
        final long b = q[j];
        q[i] = a & low | (b & low) << shift;
        q[j] = a >>> shift & low | b & ~low;
    }

    private static void addRoundKey(final long[] q, final long[] roundKeys, final int round)
    {
        for (int i = 0; i < WORDS; i++)
        {
            q[i] ^= roundKeys[round * WORDS + i];
        }
    }

    private static void shiftRows(final long[] q)
    {
        for (int i = 0; i < WORDS; i++)
        {
            final long x = q[i];
            q[i] = x & 0x000000000000ffffL |
                (x & 0x00000000fff00000L) >>> 4 |
                (x & 0x00000000000f0000L) << 12 |
                (x & 0x0000ff0000000000L) >>> 8 |
                (x & 0x000000ff00000000L) << 8 |
                (x & 0xf000000000000000L) >>> 12 |
                (x & 0x0fff000000000000L) << 4;
        }
    }

    /** Each octet of a column: twice (itself and the next one), and the next one and the two after it. */
    private static void mixColumns(final long[] q)
    {
        // bit 7 of twice an octet comes back as 0x1b: bits 0, 1, 3 and 4
        final long overflow = q[7] ^ Long.rotateRight(q[7], 16);
        long below = 0;
        for (int i = 0; i < WORDS; i++)
        {
            final long next = Long.rotateRight(q[i], 16);
            final long both = q[i] ^ next;
            final long reduction = (0x1b >>> i & 1) * overflow;
            q[i] = below ^ reduction ^ next ^ Long.rotateRight(both, 32);
            below = both;
        }
    }

    /** The S-box on all octets. */
    // one formula in as many registers as there are: Java returns one value
    @SuppressWarnings("checkstyle:MethodLength")
    private static void substitute(final long[] q)
    {
        final long x0 = q[7];
        final long x1 = q[6];
        final long x2 = q[5];
        final long x3 = q[4];
        final long x4 = q[3];
        final long x5 = q[2];
        final long x6 = q[1];
        final long x7 = q[0];

        // the linear part before the inversion
        final long y14 = x3 ^ x5;
        final long y13 = x0 ^ x6;
        final long y9 = x0 ^ x3;
        final long y8 = x0 ^ x5;
        final long t0 = x1 ^ x2;
        final long y1 = t0 ^ x7;
        final long y4 = y1 ^ x3;
        final long y12 = y13 ^ y14;
        final long y2 = y1 ^ x0;
        final long y5 = y1 ^ x6;
        final long y3 = y5 ^ y8;
        final long t1 = x4 ^ y12;
        final long y15 = t1 ^ x5;
        final long y20 = t1 ^ x1;
        final long y6 = y15 ^ x7;
        final long y10 = y15 ^ t0;
        final long y11 = y20 ^ y9;
        final long y7 = x7 ^ y11;
        final long y17 = y10 ^ y11;
        final long y19 = y10 ^ y8;
        final long y16 = t0 ^ y11;
        final long y21 = y13 ^ y16;
        final long y18 = x0 ^ y16;

        // the inversion in GF(2^8), by way of GF(2^4)
        final long t2 = y12 & y15;
        final long t3 = y3 & y6;
        final long t4 = t3 ^ t2;
        final long t5 = y4 & x7;
        final long t6 = t5 ^ t2;
        final long t7 = y13 & y16;
        final long t8 = y5 & y1;
        final long t9 = t8 ^ t7;
        final long t10 = y2 & y7;
        final long t11 = t10 ^ t7;
        final long t12 = y9 & y11;
        final long t13 = y14 & y17;
        final long t14 = t13 ^ t12;
        final long t15 = y8 & y10;
        final long t16 = t15 ^ t12;
        final long t17 = t4 ^ t14;
        final long t18 = t6 ^ t16;
        final long t19 = t9 ^ t14;
        final long t20 = t11 ^ t16;
        final long t21 = t17 ^ y20;
        final long t22 = t18 ^ y19;
        final long t23 = t19 ^ y21;
        final long t24 = t20 ^ y18;
        final long t25 = t21 ^ t22;
        final long t26 = t21 & t23;
        final long t27 = t24 ^ t26;
        final long t28 = t25 & t27;
        final long t29 = t28 ^ t22;
        final long t30 = t23 ^ t24;
        final long t31 = t22 ^ t26;
        final long t32 = t31 & t30;
        final long t33 = t32 ^ t24;
        final long t34 = t23 ^ t33;
        final long t35 = t27 ^ t33;
        final long t36 = t24 & t35;
        final long t37 = t36 ^ t34;
        final long t38 = t27 ^ t36;
        final long t39 = t29 & t38;
        final long t40 = t25 ^ t39;
        final long t41 = t40 ^ t37;
        final long t42 = t29 ^ t33;
        final long t43 = t29 ^ t40;
        final long t44 = t33 ^ t37;
        final long t45 = t42 ^ t41;
        final long z0 = t44 & y15;
        final long z1 = t37 & y6;
        final long z2 = t33 & x7;
        final long z3 = t43 & y16;
        final long z4 = t40 & y1;
        final long z5 = t29 & y7;
        final long z6 = t42 & y11;
        final long z7 = t45 & y17;
        final long z8 = t41 & y10;
        final long z9 = t44 & y12;
        final long z10 = t37 & y3;
        final long z11 = t33 & y4;
        final long z12 = t43 & y13;
        final long z13 = t40 & y5;
        final long z14 = t29 & y2;
        final long z15 = t42 & y9;
        final long z16 = t45 & y14;
        final long z17 = t41 & y8;

        // the linear part after it
        final long t46 = z15 ^ z16;
        final long t47 = z10 ^ z11;
        final long t48 = z5 ^ z13;
        final long t49 = z9 ^ z10;
        final long t50 = z2 ^ z12;
        final long t51 = z2 ^ z5;
        final long t52 = z7 ^ z8;
        final long t53 = z0 ^ z3;
        final long t54 = z6 ^ z7;
        final long t55 = z16 ^ z17;
        final long t56 = z12 ^ t48;
        final long t57 = t50 ^ t53;
        final long t58 = z4 ^ t46;
        final long t59 = z3 ^ t54;
        final long t60 = t46 ^ t57;
        final long t61 = z14 ^ t57;
        final long t62 = t52 ^ t58;
        final long t63 = t49 ^ t58;
        final long t64 = z4 ^ t59;
        final long t65 = t61 ^ t62;
        final long t66 = z1 ^ t63;
        final long s0 = t59 ^ t63;
        final long s6 = t56 ^ ~t62;
        final long s7 = t48 ^ ~t60;
        final long t67 = t64 ^ t65;
        final long s3 = t53 ^ t66;
        final long s4 = t51 ^ t66;
        final long s5 = t47 ^ t65;
        final long s1 = t64 ^ ~s3;
        final long s2 = t55 ^ ~t67;
        q[7] = s0;
        q[6] = s1;
        q[5] = s2;
        q[4] = s3;
        q[3] = s4;
        q[2] = s5;
        q[1] = s6;
        q[0] = s7;
    }
}
