// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.wire.tcp.TcpFlags;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does a connection cost from SYN to CLOSED, ring to ring, the peer's segments included? Whoever closes first has
 * TIME-WAIT; ours lasts a moment here, so that its end is in the figure.
 */
public class TcpCloseBenchmark extends Bench
{
    @Param({"peer", "engine"})
    private String first;

    private Wire wire;
    private boolean peerFirst;
    private int port;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().timestamps(false).timeWaitNs(1_000_000));
        peerFirst = first.equals("peer");
    }

    @Benchmark
    public int openAndClose()
    {
        port = 1024 + ((port + 1) & 0x3fff);
        wire.nowNs += 1000;
        final int seq = port << 8;
        final long handle = wire.open(0x0a090001, port, seq);
        final int iss = wire.lastSeq;
        if (peerFirst)
        {
            wire.put(0x0a090001, port, TcpFlags.FIN | TcpFlags.ACK, seq + 1, iss + 1);
            wire.exchange();
            wire.core.close(handle, wire.nowNs, wire.outbox);
            wire.exchange();
            wire.put(0x0a090001, port, TcpFlags.ACK, seq + 2, iss + 2);
        }
        else
        {
            wire.core.close(handle, wire.nowNs, wire.outbox);
            wire.exchange();
            wire.put(0x0a090001, port, TcpFlags.FIN | TcpFlags.ACK, seq + 1, iss + 2);
        }
        wire.exchange();
        wire.core.onTimers(wire.nowNs, 16, wire.outbox);
        if (wire.core.connections() != 0)
        {
            throw new IllegalStateException("not closed: " + wire.core.counters());
        }
        return wire.lastSeq;
    }
}
