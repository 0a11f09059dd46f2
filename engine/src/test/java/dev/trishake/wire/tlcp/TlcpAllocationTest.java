// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.support.Allocation;
import dev.trishake.wire.OctetWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Reading and writing the messages of whole handshakes, and refusing them cut off, allocates nothing. */
class TlcpAllocationTest
{
    private final Messages messages = new Messages(Strictness.TOLERANT);
    private final OctetWriter out = new OctetWriter();
    private final UnsafeBuffer written = new UnsafeBuffer(new byte[1 << 13]);
    private final RecordHeaderFlyweight record = new RecordHeaderFlyweight();
    private final HandshakeHeaderFlyweight handshake = new HandshakeHeaderFlyweight();

    @Test
    void shouldAllocateNothing()
    {
        final List<Captures.Message> samples = TlcpFuzzTest.samples();
        final int count = samples.size();
        final int[] types = new int[count];
        final boolean[] ecdhe = new boolean[count];
        final UnsafeBuffer[] buffers = new UnsafeBuffer[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = samples.get(i).type();
            ecdhe[i] = CipherSuite.isEcdhe(samples.get(i).suite());
            buffers[i] = new UnsafeBuffer(samples.get(i).bytes());
        }
        Allocation.assertNone(200L * count, () ->
        {
            long done = 0;
            for (int round = 0; round < 200; round++)
            {
                for (int i = 0; i < count; i++)
                {
                    done += readAndWrite(types[i], ecdhe[i], buffers[i]) ? 1 : 0;
                }
            }
            return done;
        });
    }

    private boolean readAndWrite(final int type, final boolean ecdhe, final UnsafeBuffer buffer)
    {
        final int length = buffer.capacity();
        final int body = length - HandshakeHeaderFlyweight.LENGTH;
        RecordHeaderEncoder.encode(written, 0, ContentType.HANDSHAKE, Math.min(length, 16_384));
        final boolean headers = record.wrap(written, 0, 5) && record.fault(false) == Alert.NONE &&
            handshake.wrap(buffer, 0, length) && handshake.fault(MessageLimits.DEFAULT) == Alert.NONE;
        // what is refused must not allocate either
        final boolean refused = body == 0 || !messages.wrap(type, ecdhe, buffer, 4, body - 1);
        final boolean read = messages.wrap(type, ecdhe, buffer, 4, body);
        final boolean wrote = messages.write(type, ecdhe, buffer, 4, out.wrap(written, 0, length));
        Alert.encode(written, 0, Alert.FATAL, Alert.DECODE_ERROR);
        return headers && refused && read && wrote && out.length() == length && Alert.isValid(written, 0, 2);
    }
}
