// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The server that browsers were recorded with, and that meets their recordings again: its secrets are fixed, what it
 * draws is kept in the one case and put in the other. It answers the first request by sending the browser elsewhere
 * and closing the connection, the second one with an empty page.
 */
final class ChromiumSite implements GquicHandler, GquicTap
{
    private static final int LOOPBACK = 0x7f00_0001;
    private static final int SERVER_PORT = 4433;
    private static final int HEADERS_STREAM = 3;
    /** HTTP/2 HEADERS that end headers and stream, with ":status: 302" and "location: /next". */
    private static final UnsafeBuffer ELSEWHERE =
        PacketForge.hex("00000c 01 05 00000000 4803333032 6e052f6e657874");
    private static final UnsafeBuffer EMPTY_PAGE = PacketForge.hex("000001 01 05 00000000 88");
    private static final int HTTP_STREAM_OFFSET = 5;
    private static final int EXPIRY_OFFSET = 24;
    private static final long CONFIG_SECONDS = 86_400;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long STEP_NS = 1_000_000;

    final GquicPair pair;
    /** What happened, in lines: kind, then what belongs to it. */
    final List<String> events = new ArrayList<>();
    /** What is to be put where it is drawn, in the lines that were kept; null: it is drawn. */
    Iterator<String> randoms;
    private final GquicCore core;
    private final UnixTime time = new UnixTime();
    private final long leapNs;
    private final UnsafeBuffer datagram =
        new UnsafeBuffer(new byte[FourTuple.LENGTH + GquicConfig.MAX_DATAGRAM_LENGTH]);
    private int leaving = -1;
    private int requests;

    /**
     * A server.
     *
     * @param nowNs  nanoseconds of 1970
     * @param leapNs so much time passes behind its first connection, for what it gave the browser
     */
    ChromiumSite(final long nowNs, final long leapNs)
    {
        this.leapNs = leapNs;
        final UnsafeBuffer secrets = new UnsafeBuffer(new byte[ServerConfig.SECRETS_LENGTH]);
        for (int i = 0; i < secrets.capacity(); i++)
        {
            secrets.putByte(i, (byte)(i + 1));
        }
        secrets.putLong(EXPIRY_OFFSET, (nowNs + leapNs) / NS_PER_SECOND + CONFIG_SECONDS, LITTLE_ENDIAN);
        final ServerSettings settings = new ServerSettings(TestServers.credentials(TestServers.ECDSA),
            new ServerConfigs(new ServerConfig(
                secrets, 0, new int[] {Tag.AESG, Tag.CC20}, new int[] {Tag.P256, Tag.C255})),
            TestServers.tokenKeys(), time);
        core = new GquicCore(new GquicConfig().sessions(4).handshakes(4).streams(16, 16)
            .versions(GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039).tap(this),
            settings, Kernels.scalar(), Entropy.seeded(nowNs), this, nowNs);
        pair = new GquicPair(GquicConnectionTest.fakeCore(
            GquicConnectionTest.config().client(true), new RecordingHandler(1), 1), core);
        pair.nowNs = nowNs;
        pair.server.preparation = this::onOperation;
    }

    /** A datagram of a browser comes from a port of the loopback. */
    void give(final int port, final byte[] bytes)
    {
        new FourTuple().localIpv4(LOOPBACK, SERVER_PORT).remoteIpv4(LOOPBACK, port).store(datagram, 0);
        datagram.putBytes(FourTuple.LENGTH, bytes);
        pair.server.give(datagram, 0, FourTuple.LENGTH + bytes.length);
        work();
    }

    /** Does all that is to be done until a time, and answers how it is in between. */
    void runUntil(final long nowNs)
    {
        while (pair.nowNs < nowNs)
        {
            pair.nowNs = Math.min(nowNs, pair.nowNs + STEP_NS);
            work();
        }
    }

    private void work()
    {
        int work;
        do
        {
            work = pair.server.cycle();
            if (leaving >= 0)
            {
                core.close(leaving, GquicError.PEER_GOING_AWAY);
                leaving = -1;
                time.set(pair.nowNs + leapNs, pair.nowNs);
                work++;
            }
        }
        while (work > 0);
    }

    private void onOperation(final int kind, final int[] slots, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (kind == HandshakeOperations.X25519)
            {
                draw(slots[i], HandshakeFields.PRIVATE, KeySchedule.SECRET_LENGTH);
                draw(slots[i], HandshakeFields.PUBLIC, KeySchedule.SECRET_LENGTH);
                draw(slots[i], GquicSession.DIVERSIFICATION, PacketHeaderDecoder.NONCE_LENGTH);
            }
            else if (kind == HandshakeOperations.KEYS)
            {
                draw(slots[i], HandshakeFields.SERVER_NONCE, HandshakeFields.SERVER_NONCE_LENGTH);
            }
        }
    }

    private void draw(final int slot, final int field, final int length)
    {
        final GquicSession session = core.memory().view().wrap(slot);
        if (randoms != null)
        {
            session.memory().putBytes(session.at(field), Vectors.hex(randoms.next()));
        }
        events.add("random|" + hex(session.memory(), session.at(field), length));
    }

    private static String hex(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return Vectors.hex(bytes);
    }

    @Override
    public void onMessageReceived(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        events.add("received|" + hex(buffer, offset, length));
    }

    @Override
    public void onMessageSent(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        events.add("sent|" + hex(buffer, offset, length));
    }

    @Override
    public void onAccepted(final int slot)
    {
        // the hello says it
    }

    @Override
    public void onEstablished(final int slot)
    {
        final long parameters = core.parameters(slot);
        events.add("established|" + Integer.toHexString(GquicParameters.version(parameters)) + '|' +
            GquicParameters.hellos(parameters));
    }

    @Override
    public void onCertificate(final int slot)
    {
        throw new IllegalStateException("a server asks for none");
    }

    @Override
    public int onStreamData(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length)
    {
        events.add("data|" + streamId + '|' + hex(buffer, offset, length));
        if (streamId == HEADERS_STREAM)
        {
            final UnsafeBuffer answer = requests++ == 0 ? ELSEWHERE : EMPTY_PAGE;
            answer.putInt(HTTP_STREAM_OFFSET, buffer.getInt(offset + HTTP_STREAM_OFFSET, BIG_ENDIAN), BIG_ENDIAN);
            core.send(slot, HEADERS_STREAM, answer, 0, answer.capacity(), false);
            leaving = requests == 1 ? slot : -1;
        }
        return length;
    }

    @Override
    public void onStreamEnd(final int slot, final int streamId)
    {
        events.add("end|" + streamId);
    }

    @Override
    public void onStreamReset(final int slot, final int streamId, final int error)
    {
        events.add("reset|" + streamId + '|' + error);
    }

    @Override
    public void onWritable(final int slot, final int streamId)
    {
        // all of an answer fits
    }

    @Override
    public void onClosed(final int slot, final int error, final boolean byPeer)
    {
        events.add("closed|" + error + '|' + byPeer);
    }
}
