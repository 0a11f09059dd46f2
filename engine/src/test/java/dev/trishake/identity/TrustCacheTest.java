// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TrustCacheTest
{
    private static final long NOW = 1_800_000_000L;
    private static final PeerName[] NAMES = {PeerName.ANY, PeerName.of("a.test"), PeerName.of("b.test")};

    private final UnsafeBuffer fingerprint = new UnsafeBuffer(new byte[40]);
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[TrustVerdict.KEYS_LENGTH]);

    @Test
    void shouldSayWhatAMapWouldSayUnlessItHasForgotten()
    {
        final int[] counts = new int[2];
        Seeded.forEach(Scale.pick(20, 1000), random ->
        {
            final TrustCache<TrustVerdict> cache = new TrustCache<>(32, 1000, 100);
            final Map<String, TrustVerdict> model = new HashMap<>();
            final Map<String, Long> until = new HashMap<>();
            long now = NOW;
            for (int i = 0; i < 400; i++)
            {
                final int number = random.nextInt(24);
                final PeerName name = NAMES[random.nextInt(NAMES.length)];
                final String key = number + "/" + name;
                putFingerprint(number);
                if (random.nextInt(3) == 0)
                {
                    final TrustVerdict verdict = verdict(random, now);
                    cache.put(fingerprint, 3, name, verdict, now);
                    model.put(key, verdict);
                    until.put(key, verdict.isTrusted() ?
                        Math.min(verdict.validUntil().getEpochSecond(), now + 1000) : now + 100);
                }
                else
                {
                    final int entry = cache.find(fingerprint, 3, name, now);
                    if (entry != TrustCache.UNKNOWN)
                    {
                        final TrustVerdict expected = model.get(key);
                        assertTrue(until.get(key) > now || !expected.isTrusted(), "an expired one");
                        assertSame(expected, cache.verdict(entry));
                        counts[0]++;
                    }
                    else
                    {
                        counts[1]++;
                    }
                }
                now += random.nextInt(20);
            }
        });
        assertTrue(counts[0] > 500 && counts[1] > 500, counts[0] + " hits, " + counts[1] + " misses");
    }

    @Test
    void shouldForgetWhenItsTimeIsOver()
    {
        final TrustCache<TrustVerdict> cache = new TrustCache<>(4, 1000, 100);
        putFingerprint(1);
        cache.put(fingerprint, 3, PeerName.ANY, trusted(NOW + 500), NOW);
        assertNotEquals(TrustCache.UNKNOWN, find(cache, NOW));
        assertNotEquals(TrustCache.UNKNOWN, find(cache, NOW + 499));
        assertEquals(TrustCache.UNKNOWN, find(cache, NOW + 500), "the certificates have expired");
        assertEquals(TrustCache.UNKNOWN, find(cache, NOW - 1001), "they are not valid yet");
        cache.put(fingerprint, 3, PeerName.ANY, trusted(NOW + 5000), NOW);
        assertEquals(TrustCache.UNKNOWN, find(cache, NOW + 1000), "the verdict is too old");
        putFingerprint(2);
        cache.put(fingerprint, 3, PeerName.ANY, TrustVerdict.refused(48, "no"), NOW);
        assertEquals(48, cache.verdict(find(cache, NOW + 99)).alert());
        assertEquals(TrustCache.UNKNOWN, find(cache, NOW + 100));
        cache.clear();
        assertEquals(TrustCache.UNKNOWN, find(cache, NOW));
    }

    @Test
    void shouldKeepWhoIsTrustedHoweverManyAreRefused()
    {
        final TrustCache<TrustVerdict> cache = new TrustCache<>(64, 1000, 100);
        putFingerprint(7);
        // it expires before the refusals do, so it would be the first to give way among them
        cache.put(fingerprint, 3, PeerName.ANY, trusted(NOW + 50), NOW);
        for (int number = 100; number < 10_000; number++)
        {
            putFingerprint(number);
            cache.put(fingerprint, 3, PeerName.ANY, TrustVerdict.refused(48, "no"), NOW);
        }
        putFingerprint(7);
        assertEquals(TrustVerdict.TRUSTED, cache.verdict(find(cache, NOW)).alert());
    }

    @Test
    void shouldLetTheLaterVerdictCount()
    {
        final TrustCache<TrustVerdict> cache = new TrustCache<>(4, 1000, 100);
        putFingerprint(9);
        cache.put(fingerprint, 3, PeerName.ANY, TrustVerdict.refused(48, "no"), NOW);
        cache.put(fingerprint, 3, PeerName.ANY, trusted(NOW + 1000), NOW);
        assertEquals(TrustVerdict.TRUSTED, cache.verdict(find(cache, NOW)).alert());
        cache.put(fingerprint, 3, PeerName.ANY, TrustVerdict.refused(44, "no"), NOW);
        assertEquals(44, cache.verdict(find(cache, NOW)).alert());
    }

    @Test
    void shouldAllocateNothingForThoseItKnowsAndThoseItDoesNot()
    {
        final TrustCache<TrustVerdict> cache = new TrustCache<>(64, 1000, 100);
        putFingerprint(3);
        cache.put(fingerprint, 3, NAMES[1], trusted(NOW + 1000), NOW);
        Allocation.assertNone(2000, () ->
        {
            long done = 0;
            for (int i = 0; i < 2000; i++)
            {
                final int entry = cache.find(fingerprint, 3, NAMES[1 + (i & 1)], NOW);
                if (entry != TrustCache.UNKNOWN)
                {
                    cache.verdict(entry).copyKeys(keys, 0);
                    done += cache.verdict(entry).isTrusted() ? 1 : 0;
                }
                else
                {
                    done += i & 1;
                }
            }
            return done;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 12, 1 << 30})
    void shouldRefuseSizesThatCanNotBe(final int entries)
    {
        assertThrows(IllegalArgumentException.class, () -> new TrustCache<>(entries, 1, 1));
    }

    private int find(final TrustCache<TrustVerdict> cache, final long now)
    {
        return cache.find(fingerprint, 3, PeerName.ANY, now);
    }

    private static TrustVerdict verdict(final SplittableRandom random, final long now)
    {
        return random.nextBoolean() ?
            trusted(now + random.nextInt(2000)) : TrustVerdict.refused(42 + random.nextInt(7), "no");
    }

    private static TrustVerdict trusted(final long until)
    {
        final byte[] keys = Seeded.bytes(new SplittableRandom(until), TrustVerdict.KEYS_LENGTH);
        return TrustVerdict.trusted(
            "CN=peer", 1, keys, Instant.ofEpochSecond(NOW - 1000), Instant.ofEpochSecond(until));
    }

    private void putFingerprint(final int number)
    {
        fingerprint.putBytes(3, Seeded.bytes(new SplittableRandom(number), TrustCache.FINGERPRINT_LENGTH));
    }
}
