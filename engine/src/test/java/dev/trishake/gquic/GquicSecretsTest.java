// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What must be wiped is: ephemeral keys, shared secrets, keys of lower levels, messages, and in the end all. */
class GquicSecretsTest
{
    private static final int SECRET_LENGTH = 16;
    private static final long MILLISECOND = 1_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {Tag.C255, Tag.P256})
    void shouldWipeSecretsWhenTheyAreNotNeededAnyMore(final int exchange)
    {
        final RecordingHandler clientSays = new RecordingHandler(1);
        final RecordingHandler serverSays = new RecordingHandler(1);
        final ClientSettings settings = new ClientSettings(
            new TestServers.Trust(TestServers.ECDSA), new UnixTime(), "quic.example").exchanges(exchange);
        final GquicPair pair = new GquicPair(
            new GquicCore(GquicConnectionTest.config().versions(GquicVersion.Q043), settings, Kernels.scalar(),
                Entropy.seeded(1), clientSays, HandshakeRig.NOW_NS),
            new GquicCore(GquicConnectionTest.config(), TestServers.settings(TestServers.ECDSA), Kernels.scalar(),
                Entropy.seeded(2), serverSays, HandshakeRig.NOW_NS));
        pair.nowNs = HandshakeRig.NOW_NS;
        final int slot = pair.connect(40_000, 0);
        final List<byte[]> secrets = new ArrayList<>();
        for (int i = 0; i < 200; i++)
        {
            // operation by operation: a secret may live for no longer than one takes
            pair.client.cycle();
            note(pair.client.core, slot, secrets);
            pair.server.cycle();
            note(pair.server.core, 0, secrets);
            pair.nowNs += MILLISECOND;
        }
        assertEquals(GquicState.FORWARD_SECURE, pair.client.core.state(slot));
        assertEquals(GquicState.FORWARD_SECURE, pair.server.core.state(0));
        assertTrue(secrets.size() >= 3, "secrets were seen: " + secrets.size());
        for (final byte[] secret : secrets)
        {
            assertFalse(holds(pair.client.core, secret), "client's memory");
            assertFalse(holds(pair.server.core, secret), "server's memory");
        }
        assertEquals(0, pair.client.core.memory().handshakes.active());
        assertEquals(0, pair.server.core.memory().handshakes.active());

        final byte[] keys = read(pair.server.core, 0, GquicSession.KEYS_FORWARD_READ);
        final byte[] cid = read(pair.server.core, 0, (int)GquicSession.CID);
        assertTrue(holds(pair.client.core, keys), "this test can see keys that are needed");
        pair.client.core.close(slot, GquicError.PEER_GOING_AWAY);
        pair.run(100 * MILLISECOND, MILLISECOND);
        for (final GquicPair.Side side : List.of(pair.client, pair.server))
        {
            assertFalse(holds(side.core, keys));
            assertFalse(holds(side.core, cid));
        }
    }

    private static void note(final GquicCore core, final int slot, final List<byte[]> secrets)
    {
        for (final int offset : new int[] {HandshakeFields.PRIVATE, HandshakeFields.INITIAL_SECRET,
            HandshakeFields.FORWARD_SECRET, HandshakeFields.UNDIVERSIFIED, GquicSession.KEYS_INITIAL_READ,
            GquicSession.KEYS_INITIAL_WRITE})
        {
            final byte[] secret = read(core, slot, offset);
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
    }

    private static byte[] read(final GquicCore core, final int slot, final int offset)
    {
        final byte[] bytes = new byte[SECRET_LENGTH];
        final GquicSession session = core.memory().view().wrap(slot);
        session.memory().getBytes(session.at(offset), bytes);
        return bytes;
    }

    private static boolean holds(final GquicCore core, final byte[] secret)
    {
        final UnsafeBuffer wanted = new UnsafeBuffer(secret);
        return holds(core.memory().sessions.memory(), wanted) || holds(core.memory().messages(), wanted);
    }

    private static boolean holds(final DirectBuffer memory, final UnsafeBuffer wanted)
    {
        final long first = wanted.getLong(0);
        for (int at = 0; at <= memory.capacity() - Long.BYTES; at += Long.BYTES)
        {
            if (memory.getLong(at) == first)
            {
                return true;
            }
        }
        return false;
    }
}
