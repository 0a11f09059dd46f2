// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Adds key stream to text, a vector at a time; that it writes beyond the end is agreed upon. */
final class ExclusiveOrVectors
{
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;

    private ExclusiveOrVectors()
    {
    }

    static void apply(
        final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        for (int i = 0; i < length; i += BYTES.length())
        {
            ByteVector.fromArray(BYTES, text, textAt + i)
                .lanewise(VectorOperators.XOR, ByteVector.fromArray(BYTES, keyStream, keyStreamAt + i))
                .intoArray(text, textAt + i);
        }
    }
}
