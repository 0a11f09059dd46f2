// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.sm.Sm4Constants;
import dev.trishake.crypto.sm.Sm4Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * SM4 in the sixteen lanes of a vector. The S-box is a table in four registers: two permutations select from 128
 * octets each, and the index's highest bit between the two. No memory is accessed, so time depends on nothing.
 *
 * <p>Both methods are longer than the 325 bytecodes that C2 inlines at most (see {@link Sm3Vectors}).
 */
public final class Sm4Vectors implements Sm4Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int TABLE = 64;
    private static final int ALL_LANES = 0xffff;

    private static final byte[] SBOX = Sm4Constants.sbox();
    private static final ByteVector SBOX_0 = ByteVector.fromArray(BYTES, SBOX, 0);
    private static final ByteVector SBOX_1 = ByteVector.fromArray(BYTES, SBOX, TABLE);
    private static final ByteVector SBOX_2 = ByteVector.fromArray(BYTES, SBOX, 2 * TABLE);
    private static final ByteVector SBOX_3 = ByteVector.fromArray(BYTES, SBOX, 3 * TABLE);

    // a pair of vectors is 32 words: every second one, and the first or second half of both interleaved
    private static final IntVector EVEN = IntVector.zero(INTS).addIndex(2);
    private static final IntVector ODD = EVEN.add(1);
    private static final IntVector LOW = IntVector.fromArray(INTS, interleaved(0), 0);
    private static final IntVector HIGH = IntVector.fromArray(INTS, interleaved(LANES / 2), 0);

    private final int[] constants = new int[ROUNDS];
    private final int[] roundKeys = new int[ROUNDS * LANES];
    private final int[] masks = new int[LANES];

    /** Allocates the scratch. */
    public Sm4Vectors()
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            constants[i] = Sm4Constants.ck(i);
        }
    }

    @Override
    public void expandKeys(final byte[] keys, final int decrypting)
    {
        expand(keys, constants, roundKeys);
        if ((decrypting & ALL_LANES) != 0)
        {
            for (int lane = 0; lane < LANES; lane++)
            {
                masks[lane] = -(decrypting >>> lane & 1);
            }
            reverse(roundKeys, masks);
        }
    }

    @Override
    public void crypt(final byte[] blocks)
    {
        rounds(blocks, roundKeys);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(roundKeys, 0);
    }

    /**
     * The key expansion of GB/T 32907 7.3: row i of {@code rk} holds rki of the sixteen lanes.
     *
     * <p>Four vectors hold four lanes' blocks each. The place of a word among their 64 is a number of six bits, four
     * for the lane and two for the word; taking the even words of two vectors and then the odd ones rotates that number
     * by one bit to the right, so two such stages make a vector of each word. Two stages of interleaving lead back.
     */
    private static void expand(final byte[] keys, final int[] ck, final int[] rk)
    {
        final IntVector r0 = ByteVector.fromArray(BYTES, keys, 0)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r1 = ByteVector.fromArray(BYTES, keys, 4 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r2 = ByteVector.fromArray(BYTES, keys, 8 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r3 = ByteVector.fromArray(BYTES, keys, 12 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector s0 = EVEN.selectFrom(r0, r1);
        final IntVector s1 = EVEN.selectFrom(r2, r3);
        final IntVector s2 = ODD.selectFrom(r0, r1);
        final IntVector s3 = ODD.selectFrom(r2, r3);

        IntVector k0 = EVEN.selectFrom(s0, s1).lanewise(VectorOperators.XOR, Sm4Constants.fk(0));
        IntVector k1 = EVEN.selectFrom(s2, s3).lanewise(VectorOperators.XOR, Sm4Constants.fk(1));
        IntVector k2 = ODD.selectFrom(s0, s1).lanewise(VectorOperators.XOR, Sm4Constants.fk(2));
        IntVector k3 = ODD.selectFrom(s2, s3).lanewise(VectorOperators.XOR, Sm4Constants.fk(3));
        final ByteVector t0 = SBOX_0;
        final ByteVector t1 = SBOX_1;
        final ByteVector t2 = SBOX_2;
        final ByteVector t3 = SBOX_3;
        for (int i = 0; i < ROUNDS; i++)
        {
            final ByteVector x = IntVector.broadcast(INTS, ck[i]).lanewise(VectorOperators.XOR, k1)
                .lanewise(VectorOperators.XOR, k2).lanewise(VectorOperators.XOR, k3).reinterpretAsBytes();
            final IntVector y = x.selectFrom(t0, t1)
                .blend(x.selectFrom(t2, t3), x.compare(VectorOperators.LT, (byte)0)).reinterpretAsInts();
            // L'(B) = B ^ (B <<< 13) ^ (B <<< 23)
            final IntVector k4 = y.lanewise(VectorOperators.XOR, k0)
                .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.ROL, 13))
                .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.ROL, 23));
            k4.intoArray(rk, LANES * i);
            k0 = k1;
            k1 = k2;
            k2 = k3;
            k3 = k4;
        }
    }

    /** Exchanges the first round keys with the last ones in the lanes that decrypt, 7.2. */
    private static void reverse(final int[] rk, final int[] masks)
    {
        final IntVector mask = IntVector.fromArray(INTS, masks, 0);
        for (int i = 0; i < ROUNDS / 2; i++)
        {
            final int last = ROUNDS - 1 - i;
            final IntVector a = IntVector.fromArray(INTS, rk, LANES * i);
            final IntVector b = IntVector.fromArray(INTS, rk, LANES * last);
            final IntVector exchange = a.lanewise(VectorOperators.XOR, b).and(mask);
            a.lanewise(VectorOperators.XOR, exchange).intoArray(rk, LANES * i);
            b.lanewise(VectorOperators.XOR, exchange).intoArray(rk, LANES * last);
        }
    }

    /** The rounds of 7.1: the names are the standard's. */
    private static void rounds(final byte[] blocks, final int[] rk)
    {
        final IntVector r0 = ByteVector.fromArray(BYTES, blocks, 0)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r1 = ByteVector.fromArray(BYTES, blocks, 4 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r2 = ByteVector.fromArray(BYTES, blocks, 8 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector r3 = ByteVector.fromArray(BYTES, blocks, 12 * BLOCK_LENGTH)
            .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
        final IntVector s0 = EVEN.selectFrom(r0, r1);
        final IntVector s1 = EVEN.selectFrom(r2, r3);
        final IntVector s2 = ODD.selectFrom(r0, r1);
        final IntVector s3 = ODD.selectFrom(r2, r3);

        IntVector x0 = EVEN.selectFrom(s0, s1);
        IntVector x1 = EVEN.selectFrom(s2, s3);
        IntVector x2 = ODD.selectFrom(s0, s1);
        IntVector x3 = ODD.selectFrom(s2, s3);
        final ByteVector t0 = SBOX_0;
        final ByteVector t1 = SBOX_1;
        final ByteVector t2 = SBOX_2;
        final ByteVector t3 = SBOX_3;
        for (int i = 0; i < ROUNDS; i++)
        {
            final ByteVector a = IntVector.fromArray(INTS, rk, LANES * i).lanewise(VectorOperators.XOR, x1)
                .lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.XOR, x3).reinterpretAsBytes();
            final IntVector b = a.selectFrom(t0, t1)
                .blend(a.selectFrom(t2, t3), a.compare(VectorOperators.LT, (byte)0)).reinterpretAsInts();
            // L(B) = B ^ (B <<< 2) ^ (B <<< 10) ^ (B <<< 18) ^ (B <<< 24)
            final IntVector by2 = b.lanewise(VectorOperators.XOR, b.lanewise(VectorOperators.ROL, 8))
                .lanewise(VectorOperators.XOR, b.lanewise(VectorOperators.ROL, 16)).lanewise(VectorOperators.ROL, 2);
            final IntVector x4 = b.lanewise(VectorOperators.XOR, x0)
                .lanewise(VectorOperators.XOR, b.lanewise(VectorOperators.ROL, 24))
                .lanewise(VectorOperators.XOR, by2);
            x0 = x1;
            x1 = x2;
            x2 = x3;
            x3 = x4;
        }

        // the words come out in reverse
        final IntVector u0 = LOW.selectFrom(x3, x1);
        final IntVector u1 = HIGH.selectFrom(x3, x1);
        final IntVector u2 = LOW.selectFrom(x2, x0);
        final IntVector u3 = HIGH.selectFrom(x2, x0);
        LOW.selectFrom(u0, u2).lanewise(VectorOperators.REVERSE_BYTES).reinterpretAsBytes().intoArray(blocks, 0);
        HIGH.selectFrom(u0, u2).lanewise(VectorOperators.REVERSE_BYTES).reinterpretAsBytes()
            .intoArray(blocks, 4 * BLOCK_LENGTH);
        LOW.selectFrom(u1, u3).lanewise(VectorOperators.REVERSE_BYTES).reinterpretAsBytes()
            .intoArray(blocks, 8 * BLOCK_LENGTH);
        HIGH.selectFrom(u1, u3).lanewise(VectorOperators.REVERSE_BYTES).reinterpretAsBytes()
            .intoArray(blocks, 12 * BLOCK_LENGTH);
    }

    /** Places in a pair of vectors: word {@code first} of both, the next one of both, and so on. */
    private static int[] interleaved(final int first)
    {
        final int[] places = new int[LANES];
        for (int i = 0; i < LANES; i++)
        {
            places[i] = first + i / 2 + i % 2 * LANES;
        }
        return places;
    }
}
