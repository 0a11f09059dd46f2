// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.hash.Fnv1a128;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.FrameEncoder;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.PacketHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/** Makes packets that no honest peer would send: any frames, rightly hashed or sealed. */
final class PacketForge
{
    /** The packet made last: a stored tuple, as its sender has it, then the datagram. */
    final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    int length;

    private final Protection protection = new Protection(Kernels.scalar());
    private final FrameEncoder frames = new FrameEncoder();
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[1500]);

    static UnsafeBuffer hex(final String digits)
    {
        return new UnsafeBuffer(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    /** A client's packet that has only a hash; frames are made at least so long by PADDING before them. */
    void clientNull(
        final int port, final long cid, final int version, final long number, final DirectBuffer plain,
        final int leastLength)
    {
        GquicPair.tuple(port).store(packet, 0);
        final int at = FourTuple.LENGTH;
        final int headerLength = version == GquicVersion.Q044 ?
            PacketHeaderEncoder.longHeader(packet, at, LongType.INITIAL, true, cid, number) :
            PacketHeaderEncoder.clientPublic(packet, at, cid, version, number, 2);
        hash(headerLength, plain, leastLength, "Client");
    }

    /** Hashes a client's packet anew, whose header somebody has changed. */
    void hashAgain(final int headerLength)
    {
        hash(headerLength, length - FourTuple.LENGTH - headerLength - PacketSlots.HASH_LENGTH, "Client");
    }

    /** A server's packet that has only a hash. */
    void serverNull(final int port, final long cid, final int version, final long number, final DirectBuffer plain)
    {
        new FourTuple().localIpv4(GquicPair.SERVER_ADDRESS, GquicPair.SERVER_PORT)
            .remoteIpv4(GquicPair.CLIENT_ADDRESS, port).store(packet, 0);
        final int at = FourTuple.LENGTH;
        final int headerLength = version == GquicVersion.Q044 ?
            PacketHeaderEncoder.longHeader(packet, at, LongType.HANDSHAKE, false, cid, number) :
            PacketHeaderEncoder.serverPublic(packet, at, cid, null, 0, number, 2);
        hash(headerLength, plain, 0, "Server");
    }

    private void hash(final int headerLength, final DirectBuffer plain, final int leastLength, final String sender)
    {
        final int padding = Math.max(0, leastLength - plain.capacity());
        final int textAt = FourTuple.LENGTH + headerLength + PacketSlots.HASH_LENGTH;
        packet.setMemory(textAt, padding, (byte)0);
        packet.putBytes(textAt + padding, plain, 0, plain.capacity());
        length = textAt + padding + plain.capacity();
        hash(headerLength, padding + plain.capacity(), sender);
    }

    private void hash(final int headerLength, final int textLength, final String sender)
    {
        final int textAt = FourTuple.LENGTH + headerLength + PacketSlots.HASH_LENGTH;
        final Fnv1a128 fnv = new Fnv1a128();
        fnv.update(packet, FourTuple.LENGTH, headerLength);
        fnv.update(packet, textAt, textLength);
        fnv.update(new UnsafeBuffer(sender.getBytes(StandardCharsets.US_ASCII)), 0, sender.length());
        packet.putLong(FourTuple.LENGTH + headerLength, fnv.low(), LITTLE_ENDIAN);
        packet.putInt(FourTuple.LENGTH + headerLength + Long.BYTES, (int)fnv.high(), LITTLE_ENDIAN);
    }

    /** A packet of a session, under the keys that it writes with, forward secure. */
    void sealed(final GquicCore core, final int slot, final long number, final DirectBuffer plain)
    {
        final GquicSession session = core.memory().view().wrap(slot);
        packet.putBytes(0, session.memory(), session.at(GquicSession.TUPLE), FourTuple.LENGTH);
        final long cid = session.get(GquicSession.CID);
        final int at = FourTuple.LENGTH;
        final int headerLength;
        if (session.isClient())
        {
            headerLength = session.isQ044() ? PacketHeaderEncoder.clientShort(packet, at, cid, number, 4) :
                PacketHeaderEncoder.clientPublic(packet, at, cid, 0, number, 4);
        }
        else
        {
            headerLength = session.isQ044() ? PacketHeaderEncoder.serverShort(packet, at, number, 4) :
                PacketHeaderEncoder.serverPublic(packet, at, cid, null, 0, number, 4);
        }
        text.putBytes(0, plain, 0, plain.capacity());
        protection.seal(session, GquicSession.KEYS_FORWARD_WRITE, number, packet, at, headerLength,
            text, 0, plain.capacity(), packet, at + headerLength);
        length = at + headerLength + plain.capacity() + Aead.SHORT_TAG_LENGTH;
    }

    /** {@return the STREAM frame of a message at an offset of the crypto stream} */
    DirectBuffer crypto(final long offset, final DirectBuffer message)
    {
        frames.wrap(text, 0, text.capacity())
            .stream(CryptoStream.ID, offset, false, true, message, 0, message.capacity());
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[frames.length()]);
        copy.putBytes(0, text, 0, frames.length());
        return copy;
    }
}
