// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Allocation;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WireAllocationTest
{
    private static final int OPERATIONS = 2000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final UnsafeBuffer field = new UnsafeBuffer(new byte[64]);
    private final OctetWriter out = new OctetWriter();
    private final OctetReader in = new OctetReader();
    private final OctetReader child = new OctetReader();

    @Test
    void shouldAllocateNothingForVectors()
    {
        Allocation.assertNone(OPERATIONS, () ->
        {
            long done = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                out.wrap(buffer, 0, buffer.capacity());
                final int outer = out.beginVector16();
                final int inner = out.beginVector8();
                out.u8(i & 0xff).u16(i).u24(i).u32(i).u64(i).bytes(field, 0, 32).endVector(inner).endVector(outer);

                in.wrap(buffer, 0, out.length());
                final boolean read = in.vector16(child) && in.isComplete() && child.vector8(in) && child.isComplete();
                in.u8();
                in.u16();
                in.u24();
                in.u32();
                in.u64();
                in.bytes(field, 0, 32);
                done += read && in.isComplete() && !out.failed() ? 1 : 0;
                in.u8();
            }
            return done;
        });
    }

    @Test
    void shouldAllocateNothingForDer()
    {
        field.setMemory(0, 64, (byte)0x91);
        Allocation.assertNone(OPERATIONS, () ->
        {
            long done = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                out.wrap(buffer, 0, buffer.capacity());
                final int sequence = Der.begin(out, Der.SEQUENCE);
                Der.writeUnsigned(out, field, 0, 32);
                Der.writeUnsigned(out, field, 32, 32);
                Der.write(out, Der.OCTET_STRING, field, 0, 48 + (i & 15));
                Der.end(out, sequence);

                in.wrap(buffer, 0, out.length());
                final boolean read = Der.readSequence(in, child) &&
                    Der.readUnsigned(child, field, 0, 32) &&
                    Der.readUnsigned(child, field, 32, 32) &&
                    Der.readOctetString(child, in) &&
                    child.isComplete();
                done += read && in.remaining() == 48 + (i & 15) ? 1 : 0;
            }
            return done;
        });
    }
}
