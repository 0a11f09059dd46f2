// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outcome;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.S;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever arrives, in whatever state: no exception, and nothing is left when all is over. */
class TcpCoreFuzzTest
{
    private static final int PACKETS = 60;
    private static final List<SynCookieMode> MODES = List.of(SynCookieMode.values());

    @Test
    void shouldBearMutatedPackets()
    {
        Seeded.forEach(Scale.pick(1_000, 100_000), random -> play(random, true));
    }

    @Test
    void shouldBearSegmentsAroundTheWindow()
    {
        Seeded.forEach(Scale.pick(1_000, 100_000), random -> play(random, false));
    }

    private static void play(final SplittableRandom random, final boolean mutated)
    {
        final TestHost host = new TestHost(TestHost.config()
            .connections(4).halfOpen(4).timeWait(4).buffers(4).bufferLength(4096).windowScale(random.nextInt(3))
            .synCookies(MODES.get(random.nextInt(3))).rfc1337(random.nextBoolean())
            .abortOnOverflow(random.nextBoolean()));
        final int listener = host.core.listen(0, 0, 80, random.nextInt(3));
        final UnsafeBuffer scratch = new UnsafeBuffer(new byte[4096]);
        if (random.nextInt(6) == 0)
        {
            host.tuple.local(1, 2, 80).remote(3, 4, 1025);
        }
        long handle = random.nextInt(4) == 0 ? host.core.connect(host.tuple, host.nowNs, host.outbox) : 0;
        host.drain();
        int seq = random.nextInt();
        int ack = random.nextInt();
        for (int i = 0; i < PACKETS; i++)
        {
            while (!host.sent.isEmpty())
            {
                final TestHost.Out out = host.out();
                ack = out.seq + out.data.length + (out.flags & 1) + ((out.flags & S) >> 1);
                seq = (out.flags & A) != 0 ? out.ack : seq;
            }
            final int flags = random.nextInt(3) == 0 ? random.nextInt(64) : new int[]{A, S, A | 1, A | 8, 4}[
                random.nextInt(5)];
            final int near = random.nextInt(3) == 0 ? random.nextInt(8_000) - 4_000 : 0;
            final int nearAck = random.nextInt(4) == 0 ? random.nextInt(8_000) - 4_000 : 0;
            final boolean timestamps = random.nextInt(3) == 0;
            final byte[] data = Seeded.bytes(random, random.nextInt(2) * random.nextInt(1_400));
            final boolean syn = (flags & S) != 0;
            final int length = host.encode(flags, seq + near, ack + nearAck, random.nextInt(65536), data, options ->
            {
                if (syn)
                {
                    options.syn(random.nextInt(65536), random.nextBoolean(), timestamps, 1000, 0, random.nextInt(15));
                }
                else if (timestamps)
                {
                    options.nop().nop().timestamps(1000 + random.nextInt(100), random.nextInt());
                }
            });
            if (mutated)
            {
                mutate(host, random, length);
            }
            assertEquals(Outcome.DONE, host.core.onPacket(
                host.packet, 0, random.nextInt(8) == 0 ? random.nextInt(length + 1) : length, host.nowNs, host.outbox));
            handle = handle <= 0 ? host.core.accept(listener) : handle;
            use(host, handle, scratch, random);
            host.advance(random.nextInt(3) == 0 ? random.nextLong(2 * SECOND) : 1);
        }
        finish(host, handle, listener);
    }

    /** Damage that no checksum finds, for half of them: the checksums are made again. */
    private static void mutate(final TestHost host, final SplittableRandom random, final int length)
    {
        final byte[] bytes = new byte[length];
        host.packet.getBytes(0, bytes);
        final boolean isIpv4 = bytes[0] >> 4 == 4;
        Seeded.mutate(random, bytes, 1 + random.nextInt(4));
        host.packet.putBytes(0, bytes);
        if (random.nextInt(4) > 0)
        {
            Checksums.repair(host.packet, isIpv4, length);
        }
    }

    private static void use(
        final TestHost host, final long handle, final UnsafeBuffer scratch, final SplittableRandom random)
    {
        switch (random.nextInt(12))
        {
            case 0, 1, 2 -> host.core.send(handle, scratch, 0, random.nextInt(4096), host.nowNs, host.outbox);
            case 3, 4, 5 -> host.core.receive(handle, scratch, 0, random.nextInt(4096), host.nowNs, host.outbox);
            case 6 -> host.core.shutdown(handle, host.nowNs, host.outbox);
            case 7 -> host.core.close(handle, host.nowNs, host.outbox);
            case 8 -> host.core.keepAlive(handle, random.nextBoolean(), host.nowNs);
            default ->
            {
            }
        }
        host.drain();
    }

    private static void finish(final TestHost host, final long handle, final int listener)
    {
        host.core.abort(handle, host.nowNs, host.outbox);
        host.core.unlisten(listener, host.nowNs, host.outbox);
        for (int i = 0; i < 40; i++)
        {
            host.advance(130 * SECOND);
        }
        assertEquals(0, host.core.connections(), "connections");
        assertEquals(0, host.core.halfOpen(), "half-open");
        assertEquals(0, host.core.timeWaits(), "TIME-WAITs");
        assertEquals(0, host.core.buffersInUse(), "buffers");
        assertEquals(TcpState.CLOSED, host.core.state(host.tuple));
    }
}
