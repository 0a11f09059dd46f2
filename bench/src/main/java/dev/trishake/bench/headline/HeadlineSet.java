// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.baseline.HarnessBenchmark;
import dev.trishake.bench.core.RingHopBenchmark;
import dev.trishake.bench.crypto.AeadBenchmark;
import dev.trishake.bench.crypto.P256Benchmark;
import dev.trishake.bench.crypto.SipHashBenchmark;
import dev.trishake.bench.crypto.Sm2DecryptBenchmark;
import dev.trishake.bench.crypto.Sm2KeyExchangeBenchmark;
import dev.trishake.bench.crypto.Sm2SignBenchmark;
import dev.trishake.bench.crypto.Sm2VerifyBenchmark;
import dev.trishake.bench.crypto.Sm3Benchmark;
import dev.trishake.bench.crypto.Sm4Benchmark;
import dev.trishake.bench.crypto.X25519Benchmark;
import dev.trishake.bench.session.SessionTableBenchmark;
import dev.trishake.bench.session.TimerQueueBenchmark;
import dev.trishake.bench.tcp.SynFloodBenchmark;
import dev.trishake.bench.tcp.TcpCloseBenchmark;
import dev.trishake.bench.tcp.TcpConnectionsBenchmark;
import dev.trishake.bench.tcp.TcpPassiveOpenBenchmark;
import dev.trishake.bench.tlcp.TlcpHandshakeBenchmark;
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
            .ours("parse").peer("parseByteBuffer")
            .goal(Goal.bytes("parse", 0)),
        Family.of(TcpHeaderBenchmark.class, "What does it cost to write the SYN-ACK that answers it?")
            .named("TcpHeader encode")
            .ours("encode").peer("encodeByteBuffer")
            .goal(Goal.bytes("encode", 0)),
        Family.of(ChecksumBenchmark.class, "What does the Internet checksum of so many bytes cost?")
            .ours("sum").peer("longByLong")
            .param("length", "1460")
            .goal(Goal.bytes("sum", 0)),
        Family.of(TcpPassiveOpenBenchmark.class, "What does it cost our TCP core to open a connection, ring to ring?")
            .ours("open")
            .param("mode", "queue", "cookie")
            .goal(Goal.nanoseconds("open", 250)).goal(Goal.bytes("open", 0)),
        Family.of(SynFloodBenchmark.class, "What does a spoofed SYN cost our TCP core in cookie mode?")
            .ours("synWithoutHop").ours("synRingToRing")
            .goal(Goal.nanoseconds("synWithoutHop", 75)).goal(Goal.nanoseconds("synRingToRing", 105))
            .goal(Goal.bytes("synRingToRing", 0)),

        Family.of(TcpCloseBenchmark.class, "What does it cost our TCP core to close a connection?")
            .ours("close").param("first", "peer", "engine")
            .goal(Goal.bytes("close", 0)),
        Family.of(TcpConnectionsBenchmark.class, "What does an open cost when many connections are open?")
            .pace(Pace.SHORT_ON_LARGE)
            .ours("open").param("connections", "1000", "1000000"),

        Family.of(TlcpHandshakeBenchmark.class,
            "What does a TLCP handshake cost its server, which knows the certificates?")
            .named("TlcpHandshake server").pace(Pace.STACK)
            .ours("serverBatch").peer("serverBgmprovider").peer("serverTongsuo")
            .param("suite", "E013").param("inFlight", "32")
            .goal(Goal.nanoseconds("serverBatch", 17_000)).goal(Goal.bytes("serverBatch", 0)),
        kernel(Sm2SignBenchmark.class, "What does an SM2 signature cost, nonce included?",
            "bouncyCastle", "kona", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 2200)),
        kernel(Sm2VerifyBenchmark.class, "What does it cost to verify an SM2 signature?",
            "bouncyCastle", "kona", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 9500)),
        kernel(Sm2DecryptBenchmark.class, "What does it cost to decrypt 48 octets with SM2?",
            "bouncyCastle", "kona", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 9200)),
        kernel(Sm2KeyExchangeBenchmark.class, "What does SM2's key exchange cost, ephemeral key included?",
            "bouncyCastle", "kona")
            .goal(Goal.nanoseconds("trishakeBatch", 14_000)),
        kernel(Sm3Benchmark.class, "What does SM3 of 1024 octets cost?", "bouncyCastle", "kona", "openssl")
            .param("length", "1024"),
        kernel(Sm4Benchmark.class, "What does an SM4 block cost, sixteen at a time?", "bouncyCastle", "kona", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 12)),
        kernel(X25519Benchmark.class, "What does an X25519 agreement cost?", "bouncyCastle", "jdk", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 3500)),
        kernel(P256Benchmark.class, "What does an ECDSA signature on P-256 cost?", "bouncyCastle", "jdk", "openssl")
            .goal(Goal.nanoseconds("trishakeBatch", 2600)),
        Family.of(AeadBenchmark.class, "What does it cost to seal 1200 octets?")
            .pace(Pace.KERNEL)
            .ours("trishakeOne").peer("bouncyCastle").peer("jdkFreshKey").peer("openssl")
            .param("algorithm", "AES-128-GCM", "ChaCha20-Poly1305").param("length", "1200")
            .goal(Goal.bytes("trishakeOne", 0)),

        Family.of(RingHopBenchmark.class, "What does a 64-byte message cost from a core to a link, 64 at a time?")
            .ours("outboxBatch").ours("claimBatch")
            .peer("arrayDequeBatch")
            .goal(Goal.nanoseconds("outboxBatch", 16)).goal(Goal.nanoseconds("claimBatch", 16))
            .goal(Goal.bytes("outboxBatch", 0)),
        Family.of(SipHashBenchmark.class, "What does a keyed hash of an IPv6 4-tuple cost, 1-3 rounds?")
            .named("SipHash-1-3")
            .ours("words13Of40").peer("bouncyCastle13Of40")
            .goal(Goal.bytes("words13Of40", 0)),
        Family.of(SessionTableBenchmark.class, "What does it cost to find the session of a packet?")
            .named("SessionTable hit").pace(Pace.SHORT_ON_LARGE)
            .ours("hit").peer("hitHashMap").peer("hitObject2Object")
            .param("sessions", "1000000")
            .goal(Goal.bytes("hit", 0)),
        Family.of(TimerQueueBenchmark.class, "What does it cost to move a deadline when a million others wait?")
            .named("TimerQueue move")
            .ours("move").peer("moveAgronaWheel")
            .param("timers", "1000000")
            .goal(Goal.bytes("move", 0)));

    /** A kernel: alone, batched, and in scalar code, beside its peers. */
    private static Family kernel(final Class<?> benchmark, final String question, final String... peers)
    {
        final Family family = Family.of(benchmark, question).pace(Pace.KERNEL)
            .ours("trishakeBatch").ours("trishakeOne").ours("trishakeScalar");
        for (final String peer : peers)
        {
            family.peer(peer);
        }
        return family.goal(Goal.bytes("trishakeBatch", 0));
    }

    private HeadlineSet()
    {
    }
}
