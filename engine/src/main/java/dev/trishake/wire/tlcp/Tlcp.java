// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Small numbers that several messages share. */
public final class Tlcp
{
    /** TLCP 1.1, in every record and every hello from the first on. */
    public static final int VERSION = 0x0101;

    /** Length of either side's random. */
    public static final int RANDOM_LENGTH = 32;

    /** Longest session ID. */
    public static final int MAX_SESSION_ID_LENGTH = 32;

    /** The only compression method: none. */
    public static final int NULL_COMPRESSION = 0;

    /** {@code ECCurveType.named_curve}, RFC 8422 5.4. */
    public static final int NAMED_CURVE_TYPE = 3;

    /** SM2's curve among the named ones. */
    public static final int CURVE_SM2 = 41;

    /** Length of an uncompressed point: 04, x, y. */
    public static final int POINT_LENGTH = 65;

    /** First byte of an uncompressed point. */
    public static final int UNCOMPRESSED = 4;

    /** Length of curve type, curve, and a point behind its length: what ECDHE's two key exchanges hold. */
    public static final int ECDHE_PARAMS_LENGTH = 4 + POINT_LENGTH;

    /** Length of {@code verify_data} in Finished. */
    public static final int VERIFY_DATA_LENGTH = 12;

    /** Length of a pre-master secret, so of C2 in ECC's ClientKeyExchange. */
    public static final int PRE_MASTER_SECRET_LENGTH = 48;

    private Tlcp()
    {
    }
}
