// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.lanes.P256LaneField;

import java.math.BigInteger;

/** The same laws in the field of P-256. */
class P256FieldTest extends FieldTest
{
    private static final BigInteger P =
        new BigInteger("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF", 16);

    @Override
    BigInteger prime()
    {
        return P;
    }

    @Override
    Field lanes()
    {
        return P256LaneField.create();
    }

    @Override
    Field scalar()
    {
        return P256Field.INSTANCE;
    }
}
