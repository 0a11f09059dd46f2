// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What our client begins with when it has met the server before, gQUIC 16, and what becomes of it. */
class GquicResumptionTest extends ClientConversation
{
    @Test
    void shouldBeginWithWhatItKnows()
    {
        both.clientSettings.resumption(true);
        both.meet();
        final Message full = both.firstHello();
        assertTrue(full.has(Tag.PUBS) && full.has(Tag.STK));
        assertEquals(SourceAddressToken.LENGTH, full.get(Tag.STK).length);
        both.clientSettings.resumption(false);
        assertFalse(both.firstHello().has(Tag.PUBS));
    }

    @Test
    void shouldRememberTheTokenOfTheServerHello()
    {
        both.clientSettings.resumption(true);
        read(proven());
        final Message hello = answer();
        read(hello);
        assertArrayEquals(hello.get(Tag.STK), both.firstHello().get(Tag.STK));
    }

    @Test
    void shouldForgetAConfigInTime()
    {
        both.clientSettings.resumption(true);
        both.meet();
        client.nowNs += (86_400L - 1) * 1_000_000_000;
        assertTrue(both.firstHello().has(Tag.PUBS));
        client.nowNs += 1_000_000_000;
        assertFalse(both.firstHello().has(Tag.PUBS), "EXPY");
    }

    @Test
    void shouldForgetAConfigAsSoonAsTheServerSays()
    {
        for (final long[] toldAndKept : new long[][] {{10, 10}, {1_000_000_000L, 7 * 86_400}, {-1, 7 * 86_400}})
        {
            final byte[] lifetime = new byte[8];
            new UnsafeBuffer(lifetime).putLong(0, toldAndKept[0]);
            both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(toldAndKept[0]), -1));
            both.clientSettings.resumption(false);
            client.nowNs = HandshakeRig.NOW_NS;
            read(proven().put(Tag.STTL, lifetime));
            end();
            both.clientSettings.resumption(true);
            client.nowNs += (toldAndKept[1] - 1) * 1_000_000_000;
            assertTrue(both.firstHello().has(Tag.PUBS));
            client.close(client.session.slot());
            client.nowNs += 1_000_000_000;
            assertFalse(both.firstHello().has(Tag.PUBS));
            client.close(client.session.slot());
        }
    }

    @Test
    void shouldLearnANewConfigWhenTheOldOneIsRejected()
    {
        both.clientSettings.resumption(true);
        both.meet();
        for (int i = 0; i < ServerConfigs.KEPT; i++)
        {
            both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(50 + i), -1));
        }
        begin();
        final Message reject = answer();
        assertTrue(reject.has(Tag.PROF), "its token is good");
        read(reject);
        read(answer());
        assertTrue(client.isEstablished(own));
        assertEquals(2, client.session.get(GquicSession.HELLOS));
        assertFalse(client.session.is(GquicSession.RESUMED));
    }

    /** Nobody has proven the new config in this connection: the client asks, as one that knows nothing. */
    @Test
    void shouldAskAgainWhenTokenAndConfigAreTooOld()
    {
        both.clientSettings.resumption(true);
        both.meet();
        both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(50), -1));
        begin();
        server.feed(other, new Message(client.sent(own)).flip(Tag.STK, 20).bytes(), GquicLevel.NULL);
        client.feed(own, server.sent(other), GquicLevel.NULL);
        assertEquals(0, client.error(own));
        final Message second = new Message(client.sent(own));
        assertFalse(second.has(Tag.PUBS));
        assertTrue(second.has(Tag.SCID));
        assertFalse(client.session.wrap(own).is(GquicSession.HAS_INITIAL_WRITE | GquicSession.RESUMED));
    }

    @Test
    void shouldKeepVersionsThatConnectionsStillNeed()
    {
        final ServerCache cache = new ServerCache(new String[] {"a", "b"});
        final byte[] config = new byte[200];
        int first = 0;
        for (int i = 0; i < 3 * ServerCache.VERSIONS_KEPT; i++)
        {
            config[0] = (byte)i;
            final int number = cache.store(1, new UnsafeBuffer(config), 0, 200, 1000, both.trust, 0);
            first = i == 0 ? number : first;
            assertEquals(number, cache.store(1, new UnsafeBuffer(config), 0, 200, 1000, both.trust, 0), "the same one");
            assertEquals(i < ServerCache.VERSIONS_KEPT, cache.find(1, first) != ServerCache.NONE);
            final int current = cache.current(1, 999);
            assertEquals(number, cache.number(current));
            assertEquals(ServerCache.NONE, cache.current(1, 1000));
            assertTrue(cache.hasConfig(current, new UnsafeBuffer(config), 0, 200));
        }
        assertEquals(ServerCache.NONE, cache.current(0, 0));
        assertEquals(0, cache.store(0, new UnsafeBuffer(new byte[2000]), 0, 1025, 1000, both.trust, 0));
        cache.forget(1);
        assertEquals(ServerCache.NONE, cache.current(1, 0));
    }
}
