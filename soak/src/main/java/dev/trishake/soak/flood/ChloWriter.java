// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.crypto.hash.Fnv1a128;
import dev.trishake.wire.gquic.FrameEncoder;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.PacketHeaderEncoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes packets of Q044 that hold a CHLO, each with another connection ID, and sound: anybody can compute the hash
 * that is their only protection.
 */
public final class ChloWriter
{
    /** No packet is longer. */
    public static final int MAX_LENGTH = 1472;

    private static final int CRYPTO_STREAM = 1;
    private static final int MESSAGE_LENGTH = 1040; // quic-go's
    private static final int MESSAGE_HEADER_LENGTH = 8;
    private static final int ENTRY_LENGTH = 8;
    private static final int TAGS = 8;
    private static final int NUMBERS_LENGTH = 6 * Integer.BYTES;
    private static final int IDLE_SECONDS = 30;
    private static final int STREAMS = 100;
    private static final int CONNECTION_WINDOW = 0xc000;
    private static final int STREAM_WINDOW = 0x8000;
    private static final int CONNECTION_ID_OFFSET = 6;
    private static final int HEADER_LENGTH = 18;
    private static final int HASH_LENGTH = 12;
    private static final DirectBuffer SENDER = ascii("Client");

    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[MAX_LENGTH]);
    private final int length;
    private final Fnv1a128 hash = new Fnv1a128();

    private ChloWriter(final int length)
    {
        this.length = length;
    }

    /**
     * {@return who writes what a client sends first that knows nothing of the server, as quic-go's does}
     *
     * @param host its name
     */
    public static ChloWriter inchoate(final String host)
    {
        final int frame = FrameEncoder.streamOverhead(CRYPTO_STREAM, 0, true);
        final ChloWriter writer = new ChloWriter(HEADER_LENGTH + HASH_LENGTH + frame + MESSAGE_LENGTH);
        PacketHeaderEncoder.longHeader(writer.packet, 0, LongType.INITIAL, true, 0, 1);
        final int at = new FrameEncoder().wrap(writer.packet, HEADER_LENGTH + HASH_LENGTH, frame + MESSAGE_LENGTH)
            .streamInPlace(CRYPTO_STREAM, 0, false, true, MESSAGE_LENGTH);
        final DirectBuffer name = ascii(host);
        final DirectBuffer demand = ascii("X509");
        new MessageEncoder().begin(writer.packet, at, MESSAGE_LENGTH, Tag.CHLO, TAGS)
            .pad(MESSAGE_LENGTH - MESSAGE_HEADER_LENGTH - TAGS * ENTRY_LENGTH - NUMBERS_LENGTH - name.capacity(),
                (byte)0)
            .value(Tag.SNI, name, 0, name.capacity())
            .u32(Tag.VER, 0)
            .value(Tag.PDMD, demand, 0, demand.capacity())
            .u32(Tag.ICSL, IDLE_SECONDS)
            .u32(Tag.MIDS, STREAMS)
            .u32(Tag.CFCW, CONNECTION_WINDOW)
            .u32(Tag.SFCW, STREAM_WINDOW)
            .finish();
        return writer;
    }

    /**
     * {@return who writes a packet again and again}
     *
     * @param recorded holds it, a client's first of Q044
     * @param offset   where it begins
     * @param length   its
     */
    public static ChloWriter replayed(final DirectBuffer recorded, final int offset, final int length)
    {
        final ChloWriter writer = new ChloWriter(length);
        writer.packet.putBytes(0, recorded, offset, length);
        return writer;
    }

    private static DirectBuffer ascii(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * {@return length of each packet}
     */
    public int length()
    {
        return length;
    }

    /**
     * Writes the next packet.
     *
     * @param buffer       where to
     * @param offset       where it begins; room for {@link #length()}
     * @param connectionId of it
     */
    public void write(final MutableDirectBuffer buffer, final int offset, final long connectionId)
    {
        packet.putLong(CONNECTION_ID_OFFSET, connectionId, ByteOrder.BIG_ENDIAN);
        hash.reset();
        hash.update(packet, 0, HEADER_LENGTH);
        hash.update(packet, HEADER_LENGTH + HASH_LENGTH, length - HEADER_LENGTH - HASH_LENGTH);
        hash.update(SENDER, 0, SENDER.capacity());
        packet.putLong(HEADER_LENGTH, hash.low(), ByteOrder.LITTLE_ENDIAN);
        packet.putInt(HEADER_LENGTH + Long.BYTES, (int)hash.high(), ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(offset, packet, 0, length);
    }
}
