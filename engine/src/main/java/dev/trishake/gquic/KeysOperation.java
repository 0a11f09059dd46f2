// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
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
    private final GquicSession[] sessions = new GquicSession[KeySchedule.JOBS];
    private final boolean[] isForward = new boolean[KeySchedule.JOBS];
    private int jobs;

    KeysOperation(
        final GquicMemory memory, final Protection protection, final Kernels kernels, final ServerConfigs configs,
        final DirectBuffer leaf, final ServerCache cache)
    {
        super(memory, MAX_LANES);
        this.configs = configs;
        this.leaf = leaf;
        this.cache = cache;
        this.protection = protection;
        final int longestHello = memory.config.isClient ? memory.config.cryptoOutLength : memory.config.cryptoInLength;
        schedule = new KeySchedule(
            kernels, longestHello + ServerCache.MAX_CONFIG_LENGTH + GquicCredentials.MAX_LEAF_LENGTH);
    }

    @Override
    void execute(final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            final GquicSession session = lanes[i];
            if (has(session, HandshakeFields.DIVERSIFY))
            {
                diversify(session);
            }
            else
            {
                add(session);
            }
        }
        runJobs();
        ConstantTime.wipe(keys, 0, keys.capacity());
    }

    /** Adds the levels that a session wants; none when the config that they depend on is gone. */
    private void add(final GquicSession session)
    {
        final ServerConfig config =
            session.isClient() ? null : configs.numbered(session.get(HandshakeFields.CONFIG_NUMBER));
        final int version = session.isClient() ? cache.find(
            session.get(GquicSession.SERVER_INDEX), session.get(HandshakeFields.CACHED_VERSION)) : ServerCache.NONE;
        if (config == null && version == ServerCache.NONE)
        {
            return;
        }
        if (has(session, HandshakeFields.INITIAL))
        {
            // NONC, and SNO only where the CHLO brought one
            addLevel(session, false, HandshakeFields.INITIAL_SECRET, config, version);
        }
        if (has(session, HandshakeFields.FORWARD))
        {
            takeForwardNonce(session);
            addLevel(session, true, HandshakeFields.FORWARD_SECRET, config, version);
        }
    }

    private void addLevel(
        final GquicSession session, final boolean forwardSecure, final int secret, final ServerConfig config,
        final int version)
    {
        if (jobs == KeySchedule.JOBS)
        {
            runJobs();
        }
        schedule.begin(forwardSecure, session.get(GquicSession.CID), session.memory(),
            session.at(HandshakeFields.SALT), session.get(HandshakeFields.SALT_LENGTH),
            session.memory(), session.at(secret), keyLength(session));
        schedule.append(memory.messages(), session.get(HandshakeFields.HELLO_OFFSET),
            session.get(HandshakeFields.HELLO_LENGTH));
        if (config != null)
        {
            schedule.append(config.message(), 0, config.message().capacity()).append(leaf, 0, leaf.capacity());
        }
        else
        {
            schedule.append(cache.memory(), cache.configOffset(version), cache.configLength(version))
                .append(cache.memory(), cache.leafOffset(version), cache.leafLength(version));
        }
        sessions[jobs] = session;
        isForward[jobs] = forwardSecure;
        jobs++;
    }

    private int keyLength(final GquicSession session)
    {
        return protection.aead(session.get(GquicSession.AEAD)).keyLength();
    }

    private void runJobs()
    {
        schedule.run();
        for (int i = 0; i < jobs; i++)
        {
            schedule.result(i, keys, 0);
            if (isForward[i])
            {
                takeForward(sessions[i]);
            }
            else
            {
                takeInitial(sessions[i]);
            }
            sessions[i].set(HandshakeFields.RESULT, 1);
        }
        schedule.wipe();
        jobs = 0;
    }

    private void takeInitial(final GquicSession session)
    {
        final int keyLength = keyLength(session);
        if (session.isClient())
        {
            final int kept = session.at(HandshakeFields.UNDIVERSIFIED);
            session.memory().putBytes(kept, keys, KeySchedule.serverKey(keyLength), keyLength);
            session.memory().putBytes(
                kept + keyLength, keys, KeySchedule.serverIv(keyLength), KeySchedule.IV_LENGTH);
            protection.set(session, GquicSession.KEYS_INITIAL_WRITE, keys, 0, KeySchedule.clientIv(keyLength));
            tell(session, GquicLevel.INITIAL, GquicKeyLog.CLIENTS);
            return;
        }
        protection.set(session, GquicSession.KEYS_INITIAL_READ, keys, 0, KeySchedule.clientIv(keyLength));
        schedule.diversify(session.memory(), session.at(GquicSession.DIVERSIFICATION), keyLength, keys, 0);
        protection.set(session, GquicSession.KEYS_INITIAL_WRITE, keys, KeySchedule.serverKey(keyLength),
            KeySchedule.serverIv(keyLength));
        tell(session, GquicLevel.INITIAL, GquicKeyLog.CLIENTS | GquicKeyLog.SERVERS);
    }

    private void takeForward(final GquicSession session)
    {
        final int keyLength = keyLength(session);
        protection.set(session,
            session.isClient() ? GquicSession.KEYS_FORWARD_WRITE : GquicSession.KEYS_FORWARD_READ, keys, 0,
            KeySchedule.clientIv(keyLength));
        protection.set(session,
            session.isClient() ? GquicSession.KEYS_FORWARD_READ : GquicSession.KEYS_FORWARD_WRITE, keys,
            KeySchedule.serverKey(keyLength), KeySchedule.serverIv(keyLength));
        tell(session, GquicLevel.FORWARD_SECURE, GquicKeyLog.CLIENTS | GquicKeyLog.SERVERS);
    }

    private void tell(final GquicSession session, final int level, final int whose)
    {
        if (memory.config.keyLog != null)
        {
            memory.config.keyLog.onKeys(session.get(GquicSession.CID), level, session.get(GquicSession.AEAD), whose,
                keys, 0, keyLength(session));
        }
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

    /** A client's: the nonce has come. */
    private void diversify(final GquicSession session)
    {
        final int keyLength = keyLength(session);
        final int kept = session.at(HandshakeFields.UNDIVERSIFIED);
        keys.putBytes(KeySchedule.serverKey(keyLength), session.memory(), kept, keyLength);
        keys.putBytes(KeySchedule.serverIv(keyLength), session.memory(), kept + keyLength, KeySchedule.IV_LENGTH);
        schedule.diversify(session.memory(), session.at(GquicSession.DIVERSIFICATION), keyLength, keys, 0);
        protection.set(session, GquicSession.KEYS_INITIAL_READ, keys, KeySchedule.serverKey(keyLength),
            KeySchedule.serverIv(keyLength));
        tell(session, GquicLevel.INITIAL, GquicKeyLog.SERVERS);
        session.set(HandshakeFields.RESULT, 1);
    }
}
