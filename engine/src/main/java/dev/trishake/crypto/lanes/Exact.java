// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;

/**
 * The classes of 512-bit vectors, for {@code cast}: of a vector that comes round a loop C2 knows no more than its
 * declared, abstract class. Which class it really has is then only in the profile of each call, and where a formula is
 * compiled before that has been gathered, or after other code has spoilt it, the call stays virtual, its vectors become
 * objects, and the method stays a hundred times slower for good.
 *
 * <p>So in lanes nothing is called on a vector that comes round a loop. It is an argument of a vector made in the same
 * round, which is sure of its argument's class; where that can't be, it is cast first. A cast costs nothing.
 */
final class Exact
{
    /** Sixteen of 32 bits. */
    static final Class<? extends Vector<Integer>> INTS = IntVector.SPECIES_512.vectorType();

    /** Eight of 64 bits. */
    static final Class<? extends Vector<Long>> LONGS = LongVector.SPECIES_512.vectorType();

    private Exact()
    {
    }
}
