// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * From shared secrets to the keys of packets, see {@link KeySchedule}. A server has all at once. A client has its own
 * initial keys with its CHLO, the server's once it has seen a diversification nonce, and the others with SHLO.
 */
final class KeysOperation extends GquicOperation
{
    private final KeySchedule schedule;
    private final Protection protection;
    private final ServerConfigs configs; // of a server
    private final DirectBuffer leaf;
    private final ServerCache cache; // of a client
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[KeySchedule.MAX_LENGTH]);

    KeysOperation(
        final GquicMemory memory, final Protection protection, final ServerConfigs configs, final DirectBuffer leaf,
        final ServerCache cache)
    {
        super(memory, MAX_LANES);
        this.configs = configs;
        this.leaf = leaf;
        this.cache = cache;
        this.protection = protection;
        final int longestHello = memory.config.isClient ? memory.config.cryptoOutLength : memory.config.cryptoInLength;
        schedule = new KeySchedule(longestHello + ServerCache.MAX_CONFIG_LENGTH + GquicCredentials.MAX_LEAF_LENGTH);
    }

    @Override
    void execute(final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            final GquicSession session = lanes[i];
            final int keyLength = protection.aead(session.get(GquicSession.AEAD)).keyLength();
            if (has(session, HandshakeFields.DIVERSIFY) && session.isClient())
            {
                diversify(session, keyLength);
            }
            else if (begin(session))
            {
                derive(session, keyLength);
            }
        }
        schedule.wipe();
        ConstantTime.wipe(keys, 0, keys.capacity());
    }

    /** Takes in what both levels' keys depend on; answers false when the config is gone. */
    private boolean begin(final GquicSession session)
    {
        schedule.begin(session.get(GquicSession.CID)).append(memory.messages(),
            session.get(HandshakeFields.HELLO_OFFSET), session.get(HandshakeFields.HELLO_LENGTH));
        if (session.isClient())
        {
            final int version =
                cache.find(session.get(GquicSession.SERVER_INDEX), session.get(HandshakeFields.CACHED_VERSION));
            if (version == ServerCache.NONE)
            {
                return false;
            }
            schedule.append(cache.memory(), cache.configOffset(version), cache.configLength(version));
            schedule.append(cache.memory(), cache.leafOffset(version), cache.leafLength(version));
            return true;
        }
        final ServerConfig config = configs.numbered(session.get(HandshakeFields.CONFIG_NUMBER));
        if (config == null)
        {
            return false;
        }
        schedule.append(config.message(), 0, config.message().capacity());
        schedule.append(leaf, 0, leaf.capacity());
        return true;
    }

    private void derive(final GquicSession session, final int keyLength)
    {
        if (has(session, HandshakeFields.INITIAL))
        {
            // NONC, and SNO only where the CHLO brought one
            derive(session, false, session.get(HandshakeFields.SALT_LENGTH), HandshakeFields.INITIAL_SECRET, keyLength);
            if (session.isClient())
            {
                final int kept = session.at(HandshakeFields.UNDIVERSIFIED);
                session.memory().putBytes(kept, keys, KeySchedule.serverKey(keyLength), keyLength);
                session.memory().putBytes(kept + keyLength, keys, KeySchedule.serverIv(keyLength),
                    KeySchedule.IV_LENGTH);
            }
            else
            {
                schedule.diversify(
                    session.memory(), session.at(GquicSession.DIVERSIFICATION), keyLength, keys, 0);
                protection.set(session, GquicSession.KEYS_INITIAL_WRITE, keys, KeySchedule.serverKey(keyLength),
                    KeySchedule.serverIv(keyLength));
            }
            protection.set(session,
                session.isClient() ? GquicSession.KEYS_INITIAL_WRITE : GquicSession.KEYS_INITIAL_READ, keys, 0,
                KeySchedule.clientIv(keyLength));
        }
        if (has(session, HandshakeFields.FORWARD))
        {
            takeForwardNonce(session);
            derive(session, true, session.get(HandshakeFields.SALT_LENGTH), HandshakeFields.FORWARD_SECRET, keyLength);
            protection.set(session,
                session.isClient() ? GquicSession.KEYS_FORWARD_WRITE : GquicSession.KEYS_FORWARD_READ, keys, 0,
                KeySchedule.clientIv(keyLength));
            protection.set(session,
                session.isClient() ? GquicSession.KEYS_FORWARD_READ : GquicSession.KEYS_FORWARD_WRITE, keys,
                KeySchedule.serverKey(keyLength), KeySchedule.serverIv(keyLength));
        }
        session.set(HandshakeFields.RESULT, 1);
    }

    /** A server that makes both levels' keys at once: the SNO of its SHLO replaces the one before. */
    private static void takeForwardNonce(final GquicSession session)
    {
        if (!session.isClient())
        {
            session.memory().putBytes(session.at(HandshakeFields.SALT + ClientNonce.LENGTH), session.memory(),
                session.at(HandshakeFields.SERVER_NONCE), HandshakeFields.SERVER_NONCE_LENGTH);
            session.set(HandshakeFields.SALT_LENGTH, ClientNonce.LENGTH + HandshakeFields.SERVER_NONCE_LENGTH);
        }
    }

    private void derive(
        final GquicSession session, final boolean forwardSecure, final int saltLength, final int secret,
        final int keyLength)
    {
        schedule.derive(forwardSecure, session.memory(), session.at(HandshakeFields.SALT), saltLength,
            session.memory(), session.at(secret), keyLength, keys, 0);
    }

    private void diversify(final GquicSession session, final int keyLength)
    {
        final int kept = session.at(HandshakeFields.UNDIVERSIFIED);
        keys.putBytes(KeySchedule.serverKey(keyLength), session.memory(), kept, keyLength);
        keys.putBytes(KeySchedule.serverIv(keyLength), session.memory(), kept + keyLength, KeySchedule.IV_LENGTH);
        schedule.diversify(session.memory(), session.at(GquicSession.DIVERSIFICATION), keyLength, keys, 0);
        protection.set(session, GquicSession.KEYS_INITIAL_READ, keys, KeySchedule.serverKey(keyLength),
            KeySchedule.serverIv(keyLength));
        session.set(HandshakeFields.RESULT, 1);
    }
}
