// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;

/**
 * Agrees on shared secrets: a server on both at once, with its config's private key and its ephemeral one; a client on
 * one after the other, with its own ephemeral key. So a session has one or two jobs, and jobs fill the lanes.
 */
abstract class AgreeOperation extends GquicOperation
{
    private static final int WIDTH = 8;

    private final ServerConfigs configs; // null for a client
    private final int exchange;
    private final GquicSession[] sessions = new GquicSession[WIDTH];
    private final int[] secrets = new int[WIDTH];
    private int jobs;

    AgreeOperation(final GquicMemory memory, final ServerConfigs configs, final int exchange)
    {
        super(memory, WIDTH);
        this.configs = configs;
        this.exchange = exchange;
    }

    @Override
    final void execute(final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            lanes[i].set(HandshakeFields.RESULT, 1);
        }
        generate(count);
        for (int i = 0; i < count; i++)
        {
            final GquicSession session = lanes[i];
            if (has(session, HandshakeFields.INITIAL))
            {
                addInitial(session);
            }
            if (has(session, HandshakeFields.FORWARD))
            {
                add(session, session.memory(), session.at(HandshakeFields.PRIVATE), HandshakeFields.FORWARD_SECRET);
            }
        }
        runJobs();
    }

    private void addInitial(final GquicSession session)
    {
        if (configs == null)
        {
            add(session, session.memory(), session.at(HandshakeFields.PRIVATE), HandshakeFields.INITIAL_SECRET);
            return;
        }
        final ServerConfig config = configs.numbered(session.get(HandshakeFields.CONFIG_NUMBER));
        if (config == null || !config.hasExchange(exchange))
        {
            session.set(HandshakeFields.RESULT, 0);
            return;
        }
        add(session, config.secrets(), ServerConfig.privateKey(exchange), HandshakeFields.INITIAL_SECRET);
    }

    private void add(
        final GquicSession session, final DirectBuffer privateKey, final int privateKeyAt, final int secret)
    {
        if (jobs == WIDTH)
        {
            runJobs();
        }
        sessions[jobs] = session;
        secrets[jobs] = secret;
        jobs++;
        addJob(privateKey, privateKeyAt, session.memory(), session.at(HandshakeFields.PEER_PUBLIC));
    }

    private void runJobs()
    {
        if (jobs == 0)
        {
            return;
        }
        run();
        for (int i = 0; i < jobs; i++)
        {
            if (!takeSecret(i, sessions[i], secrets[i]))
            {
                sessions[i].set(HandshakeFields.RESULT, 0);
            }
        }
        clear();
        jobs = 0;
    }

    /** Makes the pairs of the first so many lanes that want one. */
    abstract void generate(int count);

    /** Takes both keys of a job; public values as they stand in PUBS. */
    abstract void addJob(DirectBuffer privateKey, int privateKeyAt, DirectBuffer publicKey, int publicKeyAt);

    abstract void run();

    /** Stores a job's secret; answers false where there is none. */
    abstract boolean takeSecret(int job, GquicSession session, int secret);

    abstract void clear();

    /** {@return the kind of the operation for an exchange} */
    static int kind(final int exchange)
    {
        return exchange == Tag.C255 ? HandshakeOperations.X25519 : HandshakeOperations.P256;
    }
}
