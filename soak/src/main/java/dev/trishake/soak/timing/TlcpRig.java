// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.PrfSm3Batch;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import dev.trishake.tlcp.PeerTrust;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpCredentials;
import dev.trishake.tlcp.TlcpKeyLog;
import dev.trishake.wire.tlcp.Alert;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A server's core with one session, which is brought to some point of a connection, and from there is given bytes again
 * and again: before each time the session's memory is put back as it was. What is measured is all that happens between
 * the bytes and the answer, as whoever sent them could measure it.
 */
final class TlcpRig implements PeerTrust
{
    private static final int SERVER_RANDOM_AT = 5 + 4 + 2; // in the flight that begins with ServerHello
    private static final int RANDOM_LENGTH = 32;
    private static final int CERTIFICATE_LENGTH = 400;
    private static final int LENGTH_LENGTH = 3;
    private static final int RING_LENGTH = 1 << 16;

    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[2 * Sm2.NUMBER_LENGTH]);
    private final UnsafeBuffer publicKeys = new UnsafeBuffer(new byte[2 * Sm2.POINT_LENGTH]);
    private final UnsafeBuffer secrets =
        new UnsafeBuffer(new byte[RANDOM_LENGTH + TlcpKeyLog.MASTER_SECRET_LENGTH + RANDOM_LENGTH]);
    private final Side client;
    private final Side server;
    private MutableDirectBuffer memory;
    private UnsafeBuffer mark;

    /** A rig that has sent a ClientHello and received the server's first flight. */
    TlcpRig(final Kernels kernels, final int suite)
    {
        for (int i = 0; i < 2; i++)
        {
            keys.putByte(Sm2.NUMBER_LENGTH * (i + 1) - 1, (byte)(3 + i));
            keys.putByte(Sm2.NUMBER_LENGTH * i + 1, (byte)0x5a);
            new Sm2PrivateKey(keys, Sm2.NUMBER_LENGTH * i).publicKey(publicKeys, Sm2.POINT_LENGTH * i);
        }
        server = new Side(new TlcpCore(config(suite).credentials(credentials()).keyLog(this::noteSecrets), kernels,
            Entropy.seeded(1)), false);
        client = new Side(new TlcpCore(config(suite).trust(this), Kernels.scalar(), Entropy.seeded(2)), true);
        client.peer = server;
        server.peer = client;
        client.core.resume(client.slot, 0, client.outbox);
        client.deliver();
        server.runCrypto();
    }

    private static TlcpConfig config(final int suite)
    {
        return new TlcpConfig().sessions(1).handshakes(1).suites(suite);
    }

    /** The server shows two certificates that nobody reads. */
    private TlcpCredentials credentials()
    {
        final int entry = LENGTH_LENGTH + CERTIFICATE_LENGTH;
        final UnsafeBuffer body = new UnsafeBuffer(new byte[LENGTH_LENGTH + 2 * entry]);
        putLength(body, 0, 2 * entry);
        putLength(body, LENGTH_LENGTH, CERTIFICATE_LENGTH);
        putLength(body, LENGTH_LENGTH + entry, CERTIFICATE_LENGTH);
        return new TlcpCredentials(body, 2 * LENGTH_LENGTH + entry, CERTIFICATE_LENGTH, keys, 0);
    }

    private static void putLength(final UnsafeBuffer buffer, final int at, final int length)
    {
        buffer.putByte(at + 1, (byte)(length >> Byte.SIZE));
        buffer.putByte(at + 2, (byte)length);
    }

    private void noteSecrets(final DirectBuffer from, final int clientRandom, final int master)
    {
        secrets.putBytes(0, from, master, TlcpKeyLog.MASTER_SECRET_LENGTH);
        secrets.putBytes(TlcpKeyLog.MASTER_SECRET_LENGTH + RANDOM_LENGTH, from, clientRandom, RANDOM_LENGTH);
    }

    /** Lets the client go on until both are established. */
    void establish()
    {
        for (int i = 0; i < 8; i++)
        {
            server.deliver();
            client.runCrypto();
            client.deliver();
            server.runCrypto();
        }
        if ((server.core.status(server.slot) & StreamCore.ESTABLISHED) == 0)
        {
            throw new IllegalStateException("no handshake: " + server.core.history(server.slot));
        }
    }

    /** {@return the first octets of the key block; both sides are established} */
    UnsafeBuffer keyBlock(final int length)
    {
        final PrfSm3Batch prf = new PrfSm3Batch(Kernels.scalar(), 1);
        final UnsafeBuffer label = new UnsafeBuffer("key expansion".getBytes(StandardCharsets.US_ASCII));
        final UnsafeBuffer block = new UnsafeBuffer(new byte[length]);
        prf.add(secrets, 0, TlcpKeyLog.MASTER_SECRET_LENGTH, length);
        prf.append(label, 0, label.capacity());
        prf.append(secrets, TlcpKeyLog.MASTER_SECRET_LENGTH, 2 * RANDOM_LENGTH); // the server's, the client's
        prf.run();
        prf.result(0, block, 0);
        return block;
    }

    /** {@return what holds the server's public keys, that for encryption behind that for signing} */
    UnsafeBuffer publicKeys()
    {
        return publicKeys;
    }

    /** From here on it starts each time. */
    void mark()
    {
        server.ring.read((type, buffer, index, length) -> {});
        memory = (MutableDirectBuffer)server.core.contentBuffer();
        mark = new UnsafeBuffer(ByteBuffer.allocateDirect(memory.capacity()));
        mark.putBytes(0, memory, 0, memory.capacity());
    }

    /** Goes back, gives the server bytes of the stream, and lets it work until it has said what it has to. */
    void run(final DirectBuffer bytes, final int length)
    {
        memory.putBytes(0, mark, 0, mark.capacity());
        server.take(bytes, 0, length);
        server.runCrypto();
        server.ring.read(server.drop);
    }

    /** Runs once, and fails where the answer is another one: what is measured would mean nothing. */
    void checkRefused(final DirectBuffer bytes, final int length)
    {
        run(bytes, length);
        if (server.outcome != Outcome.peer(Alert.BAD_RECORD_MAC))
        {
            throw new IllegalStateException("not bad_record_mac: " + Integer.toHexString(server.outcome) + " " +
                server.core.history(server.slot));
        }
    }

    @Override
    public int find(
        final DirectBuffer certificates, final int offset, final int length, final DirectBuffer fingerprint,
        final int fingerprintOffset, final long nowNs)
    {
        return 0;
    }

    @Override
    public int alert(final int entry)
    {
        return TRUSTED;
    }

    @Override
    public int encryptionIndex(final int entry)
    {
        return 1;
    }

    @Override
    public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, publicKeys, 0, KEYS_LENGTH);
    }

    /** One core, its ring and its one session. */
    private final class Side
    {
        private final TlcpCore core;
        private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        private final Outbox outbox = new Outbox(ring);
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private final MessageHandler toPeer = this::toPeer;
        private final MessageHandler drop = (type, buffer, index, length) -> {};
        private final boolean isClient;
        private final int slot;
        private Side peer;
        private int outcome;

        Side(final TlcpCore core, final boolean isClient)
        {
            this.core = core;
            this.isClient = isClient;
            slot = core.open(1, isClient, 0);
        }

        void deliver()
        {
            ring.read(toPeer);
            ring.read(toPeer); // a read of Agrona's ends where the ring wraps
        }

        private void toPeer(final int type, final DirectBuffer buffer, final int index, final int length)
        {
            if (!isClient && secrets.getLong(TlcpKeyLog.MASTER_SECRET_LENGTH) == 0)
            {
                secrets.putBytes(TlcpKeyLog.MASTER_SECRET_LENGTH, buffer,
                    OutboxRecord.payloadIndex(index) + SERVER_RANDOM_AT, RANDOM_LENGTH);
            }
            peer.take(buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length));
        }

        void take(final DirectBuffer buffer, final int offset, final int length)
        {
            outcome = core.onInput(slot, buffer, offset, length, 0, outbox);
        }

        void runCrypto()
        {
            int done;
            do
            {
                done = 0;
                for (int kind = 0; kind < core.kinds(); kind++)
                {
                    if (core.queue().take(kind, core, lanes, 1) > 0)
                    {
                        core.operation(kind).execute(lanes, 1, 0);
                        outcome = core.resume(slot, 0, outbox);
                        done++;
                    }
                }
            }
            while (done > 0);
        }
    }
}
