// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.baseline.HarnessBenchmark;
import dev.trishake.bench.core.RingHopBenchmark;
import dev.trishake.bench.crypto.SipHashBenchmark;
import dev.trishake.bench.session.SessionTableBenchmark;
import dev.trishake.bench.session.TimerQueueBenchmark;
import dev.trishake.bench.transport.TcpAcceptBenchmark;
import dev.trishake.bench.wire.ChecksumBenchmark;
import dev.trishake.bench.wire.TcpHeaderBenchmark;

import java.util.List;

/**
 * The headline set: what {@code bench.jar} measures without arguments, in the order of the table.
 *
 * <p>A new benchmark is one more entry. {@code HeadlineSetTest} checks that its methods and parameters exist and that
 * the whole still fits into ten minutes.
 */
final class HeadlineSet
{
    static final List<Family> FAMILIES = List.of(
        Family.of(HarnessBenchmark.class, "What does the harness itself cost?")
            .ours("increment"),

        Family.of(TcpAcceptBenchmark.class, "What does it cost a server to accept a TCP connection and close it?")
            .onServerThread().pace(Pace.LONG)
            .ours("trishakeEpoll").ours("trishakeNio")
            .peer("cEpoll").peer("plainNio").peer("nettyEpoll").peer("nettyNio")
            .goal(Goal.bytes("trishakeEpoll", 0)).goal(Goal.ratio("cEpoll", 1.0))
            .goal(Goal.ratio("nettyEpoll", 0.65)).goal(Goal.ratio("nettyNio", 0.65)),
        Family.of(TcpHeaderBenchmark.class, "What does it cost to take in a SYN with its options, checksum included?")
            .named("TcpHeader parse")
            .ours("parse").oursUnchecked("parse").peer("parseByteBuffer")
            .goal(Goal.bytes("parse", 0)),
        Family.of(TcpHeaderBenchmark.class, "What does it cost to write the SYN-ACK that answers it?")
            .named("TcpHeader encode")
            .ours("encode").oursUnchecked("encode").peer("encodeByteBuffer")
            .goal(Goal.bytes("encode", 0)),
        Family.of(ChecksumBenchmark.class, "What does the Internet checksum of so many bytes cost?")
            .ours("sum").peer("longByLong").peer("wordByWord")
            .param("length", "20", "1460")
            .goal(Goal.bytes("sum", 0)),
        Family.of(RingHopBenchmark.class, "What does a 64-byte message cost from a core to a link, 64 at a time?")
            .ours("outboxBatch").ours("claimBatch").oursUnchecked("outboxBatch")
            .peer("arrayDequeBatch").peer("arrayBlockingQueueBatch")
            .goal(Goal.nanoseconds("outboxBatch", 16)).goal(Goal.nanoseconds("claimBatch", 16))
            .goal(Goal.bytes("outboxBatch", 0)),
        Family.of(SipHashBenchmark.class, "What does a keyed hash of an IPv6 4-tuple cost, 1-3 rounds?")
            .named("SipHash-1-3")
            .ours("words13Of40").ours("buffer13Of40").peer("bouncyCastle13Of40")
            .goal(Goal.bytes("words13Of40", 0)),
        Family.of(SipHashBenchmark.class, "What does a keyed hash of an IPv6 4-tuple cost, 2-4 rounds?")
            .named("SipHash-2-4")
            .ours("words24Of40").peer("bouncyCastle24Of40")
            .goal(Goal.bytes("words24Of40", 0)),
        Family.of(SessionTableBenchmark.class, "What does it cost to find the session of a packet?")
            .named("SessionTable hit").pace(Pace.SHORT_ON_LARGE)
            .ours("hit").peer("hitHashMap").peer("hitObject2Object").peer("hitLong2Long")
            .param("sessions", "1000", "100000", "1000000")
            .goal(Goal.bytes("hit", 0)),
        Family.of(SessionTableBenchmark.class, "What does it cost to remove a session and to put it back?")
            .named("SessionTable churn").pace(Pace.SHORT_ON_LARGE)
            .ours("churn").peer("churnHashMap").peer("churnObject2Object").peer("churnLong2Long")
            .param("sessions", "1000000")
            .goal(Goal.bytes("churn", 0)),
        Family.of(TimerQueueBenchmark.class, "What does it cost to move a deadline when a million others wait?")
            .named("TimerQueue move")
            .ours("move").peer("moveAgronaWheel").peer("movePriorityQueue")
            .param("timers", "1000000")
            .goal(Goal.bytes("move", 0)),
        Family.of(TimerQueueBenchmark.class, "What does it cost to let a deadline fire when a million others wait?")
            .named("TimerQueue fire")
            .ours("fire").peer("fireAgronaWheel").peer("firePriorityQueue")
            .param("timers", "1000000")
            .goal(Goal.bytes("fire", 0)));

    private HeadlineSet()
    {
    }
}
