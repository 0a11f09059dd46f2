// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.session;

import dev.trishake.bench.Bench;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionTable;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Object2ObjectHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What does it cost to find the session of a packet, among a thousand and among a million?
 *
 * <p>Every side makes its key from the same numbers, as it would from a packet: ours sets its one {@link FourTuple},
 * the maps make a record. {@code Long2Long} folds what of an IPv4 tuple fits into 64 bits and has no secret: a lower
 * bound that holds neither IPv6 nor an attack.
 */
public class SessionTableBenchmark extends Bench
{
    private static final int ORDER_LENGTH = 1 << 20;
    private static final int LOCAL_ADDRESS = 0xc000_0201;
    private static final int LOCAL_PORT = 443;

    /** Number of sessions. */
    @Param({"1000", "10000", "100000", "1000000"})
    public int sessions;

    private final int[] order = new int[ORDER_LENGTH];
    private final FourTuple tuple = new FourTuple();
    private SessionTable table;
    private Map<Key, Integer> hashMap;
    private Object2ObjectHashMap<Key, Integer> agronaMap;
    private Long2LongHashMap longMap;
    private int cursor;

    private record Key(long localHigh, long localLow, long remoteHigh, long remoteLow, int localPort, int remotePort)
    {
    }

    @Setup
    public void setUp()
    {
        final SplittableRandom random = new SplittableRandom(1);
        table = new SessionTable(sessions, random.nextLong(), random.nextLong());
        hashMap = new HashMap<>(2 * sessions);
        agronaMap = new Object2ObjectHashMap<>(2 * sessions, 0.5f);
        longMap = new Long2LongHashMap(2 * sessions, 0.5f, -1);
        for (int session = 0; session < sessions; session++)
        {
            table.put(tuple(session), session);
            hashMap.put(key(session), session);
            agronaMap.put(key(session), session);
            longMap.put(folded(session), session);
        }
        for (int i = 0; i < ORDER_LENGTH; i++)
        {
            order[i] = random.nextInt(sessions);
        }
    }

    @Benchmark
    public int hit()
    {
        return table.find(tuple(next()));
    }

    @Benchmark
    public int miss()
    {
        return table.find(tuple(next() + sessions));
    }

    @Benchmark
    public boolean churn()
    {
        final int session = next();
        table.remove(session);
        return table.put(tuple(session), session);
    }

    @Benchmark
    public Integer hitHashMap()
    {
        return hashMap.get(key(next()));
    }

    @Benchmark
    public Integer missHashMap()
    {
        return hashMap.get(key(next() + sessions));
    }

    @Benchmark
    public Integer churnHashMap()
    {
        final Key key = key(next());
        final Integer session = hashMap.remove(key);
        return hashMap.put(key, session);
    }

    @Benchmark
    public Integer hitObject2Object()
    {
        return agronaMap.get(key(next()));
    }

    @Benchmark
    public Integer missObject2Object()
    {
        return agronaMap.get(key(next() + sessions));
    }

    @Benchmark
    public Integer churnObject2Object()
    {
        final Key key = key(next());
        final Integer session = agronaMap.remove(key);
        return agronaMap.put(key, session);
    }

    @Benchmark
    public long hitLong2Long()
    {
        return longMap.get(folded(next()));
    }

    @Benchmark
    public long missLong2Long()
    {
        return longMap.get(folded(next() + sessions));
    }

    @Benchmark
    public long churnLong2Long()
    {
        final long key = folded(next());
        final long session = longMap.remove(key);
        return longMap.put(key, session);
    }

    private int next()
    {
        return order[cursor++ & ORDER_LENGTH - 1];
    }

    private FourTuple tuple(final int session)
    {
        return tuple.localIpv4(LOCAL_ADDRESS, LOCAL_PORT).remoteIpv4(remoteAddress(session), remotePort(session));
    }

    private static Key key(final int session)
    {
        return new Key(0, 0xffff_0000_0000L | LOCAL_ADDRESS, 0, 0xffff_0000_0000L | remoteAddress(session),
            LOCAL_PORT, remotePort(session));
    }

    private static long folded(final int session)
    {
        return (long)remoteAddress(session) << 32 | (long)remotePort(session) << 16 | LOCAL_PORT;
    }

    /** A different address for each session, without an order that a weak hash would profit from. */
    private static int remoteAddress(final int session)
    {
        return session * 0x9e37_79b1;
    }

    private static int remotePort(final int session)
    {
        return 1024 + (session & 0x7fff);
    }
}
