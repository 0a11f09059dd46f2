// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;

/**
 * An ephemeral SM2 point, in ServerKeyExchange and in ClientKeyExchange: 69 bytes.
 *
 * <pre>
 * +---------------+-------------------+-----------+----+-------+-------+
 * | curve_type 03 | named_curve 00 29 | length 41 | 04 | x[32] | y[32] |
 * +---------------+-------------------+-----------+----+-------+-------+
 * </pre>
 *
 * <p>Strict: this curve only. Tolerant: any curve type and number, because old peers use others for SM2, as long as the
 * point has this form. That it is on SM2's curve is for the kernel to find out.
 */
final class EcdheParams
{
    private final Strictness strictness;

    EcdheParams(final Strictness strictness)
    {
        this.strictness = strictness;
    }

    /** {@return where the point begins (its 04), or -1, with the reader failed} */
    int read(final OctetReader in)
    {
        final int curveType = in.u8();
        final int namedCurve = in.u16();
        final int pointLength = in.u8();
        final int point = in.skip(Tlcp.POINT_LENGTH);
        final boolean isCurve = strictness == Strictness.TOLERANT ||
            (curveType == Tlcp.NAMED_CURVE_TYPE && namedCurve == Tlcp.CURVE_SM2);
        if (!isCurve ||
            pointLength != Tlcp.POINT_LENGTH ||
            point < 0 ||
            in.buffer().getByte(point) != Tlcp.UNCOMPRESSED)
        {
            in.fail();
            return -1;
        }
        return point;
    }

    static void write(final OctetWriter out, final DirectBuffer point, final int pointOffset)
    {
        out.u8(Tlcp.NAMED_CURVE_TYPE).u16(Tlcp.CURVE_SM2).u8(Tlcp.POINT_LENGTH)
            .u8(Tlcp.UNCOMPRESSED).bytes(point, pointOffset, Tlcp.POINT_LENGTH - 1);
    }
}
