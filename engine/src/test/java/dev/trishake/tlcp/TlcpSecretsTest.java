// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.wire.tlcp.CipherSuite;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reads the memory of cores for secrets that must not be there any more. */
class TlcpSecretsTest
{
    private static final long LIFETIME_NS = 3_600_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3, CipherSuite.ECDHE_SM4_GCM_SM3,
        CipherSuite.ECDHE_SM4_CBC_SM3})
    void shouldWipeSecretsWhenTheyAreNotNeededAnyMore(final int suite)
    {
        final TlcpPair pair = TlcpHandshakeTest.pair(
            TlcpPair.clientConfig(suite).tickets(LIFETIME_NS)
                .credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(suite).tickets(LIFETIME_NS));
        assertWiped(pair, false);
        assertWiped(pair, true);
    }

    /** Sessions are zeroed as far as they were written: what was sent and received is gone with them. */
    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldWipeDataWhenASessionIsClosed(final int suite)
    {
        final TlcpPair pair = TlcpHandshakeTest.pair(TlcpPair.clientConfig(suite), TlcpPair.serverConfig(suite));
        final byte[] data = new byte[1000];
        new SplittableRandom(1).nextBytes(data);
        final int slot = pair.open();
        pair.run();
        assertEquals(data.length, pair.client.send(slot, data));
        final byte[] end = Arrays.copyOfRange(data, data.length - 64, data.length);
        assertTrue(holds(pair.client, end), "this test can see data that waits to be sealed");
        pair.run();
        assertEquals(data.length, pair.server.receivedLength[slot]);
        final byte[] record = read(pair.client, slot, TlcpSession.OUTPUT + TlcpSession.PREFIX_LENGTH + 936, 64);
        assertTrue(holds(pair.client, record), "and what has been sent");
        pair.close(slot);
        assertFalse(holds(pair.client, record), "client's output");
        assertFalse(holds(pair.server, end), "server's input");
    }

    /** In a full handshake a ticket is sealed, in the resumed one it is opened: neither leaves anything. */
    private static void assertWiped(final TlcpPair pair, final boolean isResumed)
    {
        final int slot = pair.open();
        final List<byte[]> secrets = new ArrayList<>();
        pair.client.beforeCrypto = () -> assertNoEarlierSecret(pair.client, slot);
        pair.server.beforeCrypto = () -> assertNoEarlierSecret(pair.server, slot);
        int work;
        do
        {
            work = pair.client.deliver() + pair.server.deliver() + pair.client.runCrypto() + pair.server.runCrypto();
            note(pair.client, slot, secrets);
            note(pair.server, slot, secrets);
        }
        while (work > 0);
        assertTrue(pair.client.isEstablished(slot) && pair.server.isEstablished(slot));
        assertEquals(isResumed, TlcpParameters.isResumed(pair.server.core.parameters(slot)));
        assertTrue(secrets.size() >= 2, "secrets were seen: " + secrets.size());

        for (final byte[] secret : secrets)
        {
            assertFalse(holds(pair.client, secret), "client's sessions");
            assertFalse(holds(pair.server, secret), "server's sessions");
        }
        assertEquals(0, pair.server.core.memory().transcripts.active());

        final byte[] keys = read(pair.server, slot, TlcpSession.KEY_BLOCK, TlcpSession.KEY_BLOCK_LENGTH);
        assertTrue(holds(pair.client, keys), "this test can see keys that are needed");
        pair.close(slot);
        assertFalse(holds(pair.client, keys));
        assertFalse(holds(pair.server, keys));
    }

    /** Once there is a master secret, what it came from is gone, though the handshake still goes on. */
    private static void assertNoEarlierSecret(final TlcpPair.Side side, final int slot)
    {
        if (side.session(slot).getLong(TlcpSession.KEY_BLOCK) != 0)
        {
            assertArrayEquals(new byte[48], read(side, slot, TlcpSession.PRE_MASTER, 48));
            assertArrayEquals(new byte[32], read(side, slot, TlcpSession.EPHEMERAL_KEY, 32));
        }
    }

    private static void note(final TlcpPair.Side side, final int slot, final List<byte[]> secrets)
    {
        add(read(side, slot, TlcpSession.MASTER, TlcpSession.MASTER_LENGTH), secrets);
        add(read(side, slot, TlcpSession.PRE_MASTER, 48), secrets);
        add(read(side, slot, TlcpSession.EPHEMERAL_KEY, 32), secrets);
    }

    private static void add(final byte[] secret, final List<byte[]> secrets)
    {
        int any = 0;
        for (final byte octet : secret)
        {
            any |= octet;
        }
        if (any != 0)
        {
            secrets.add(secret);
        }
    }

    private static byte[] read(final TlcpPair.Side side, final int slot, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        final TlcpSession session = side.core.memory().view().wrap(slot);
        session.memory().getBytes(session.at(offset), bytes);
        return bytes;
    }

    private static boolean holds(final TlcpPair.Side side, final byte[] secret)
    {
        final UnsafeBuffer wanted = new UnsafeBuffer(secret, 0, 16);
        return holds(side.core.memory().sessions.memory(), wanted) || holds(side.core.memory().messages(), wanted);
    }

    private static boolean holds(final DirectBuffer memory, final UnsafeBuffer wanted)
    {
        final long first = wanted.getLong(0);
        for (int at = 0; at <= memory.capacity() - Long.BYTES; at++)
        {
            if (memory.getLong(at) == first)
            {
                return true;
            }
        }
        return false;
    }
}
