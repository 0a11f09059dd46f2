// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.aead.Aes128Gcm;
import dev.trishake.crypto.aead.ChaCha20Poly1305;
import dev.trishake.gquic.GquicLevel;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Keys of gQUIC connections, to open captured packets with: a line for each connection and level, in hexadecimal but
 * for the words, as they are after diversification; a dash stands for what is not known. Blank lines are skipped, those
 * that begin with #, and those of TLCP.
 *
 * <pre>
 * # connection ID  level    AEAD  client's key                      server's key            client's and server's IV
 * 88c1677a196380a8 initial  AESG  000102030405060708090a0b0c0d0e0f  000102030405060708...   00010203  00010203
 * 88c1677a196380a8 forward  AESG  ...
 * </pre>
 */
public final class GquicSecrets
{
    private static final int COLUMNS = 7;
    private static final String UNKNOWN = "-";
    private static final String OF_TLCP = "CLIENT_RANDOM ";
    private static final int MAX_PLAINTEXT_LENGTH = 1 << 16;

    private final Map<Long, List<Key>> connections = new HashMap<>();
    private final Aead aes = new Aes128Gcm(Kernels.scalar(), Aead.SHORT_TAG_LENGTH);
    private final Aead chaCha = new ChaCha20Poly1305(Kernels.scalar(), Aead.SHORT_TAG_LENGTH);
    private final UnsafeBuffer plaintext = new UnsafeBuffer(new byte[MAX_PLAINTEXT_LENGTH]);

    /** One direction's key at a level: its schedule, and its IV. */
    private record Key(int level, boolean isClients, Aead aead, UnsafeBuffer schedule, int iv)
    {
    }

    /** A log without keys. */
    GquicSecrets()
    {
    }

    /**
     * {@return the keys that a text has}
     *
     * @param text of a key log
     * @throws IllegalArgumentException with a sentence, when a line is none of a key log
     */
    public static GquicSecrets parse(final String text)
    {
        final GquicSecrets log = new GquicSecrets();
        int number = 0;
        for (final String line : text.lines().toList())
        {
            number++;
            if (!line.isBlank() && !line.startsWith("#") && !line.startsWith(OF_TLCP))
            {
                try
                {
                    log.add(line.trim().split("[ \t]+", -1));
                }
                catch (final IllegalArgumentException ex)
                {
                    throw new IllegalArgumentException("line " + number + " is not one of a gQUIC key log: it has " +
                        "connection ID, initial or forward, AESG or CC20, two keys and two IVs", ex);
                }
            }
        }
        return log;
    }

    private void add(final String[] columns)
    {
        if (columns.length != COLUMNS)
        {
            throw new IllegalArgumentException("columns: " + columns.length);
        }
        final int level = switch (columns[1])
        {
            case "initial" -> GquicLevel.INITIAL;
            case "forward" -> GquicLevel.FORWARD_SECURE;
            default -> throw new IllegalArgumentException(columns[1]);
        };
        final Aead aead = switch (columns[2])
        {
            case "AESG" -> aes;
            case "CC20" -> chaCha;
            default -> throw new IllegalArgumentException(columns[2]);
        };
        final List<Key> keys = connections.computeIfAbsent(
            octets(columns[0], Long.BYTES).getLong(0, ByteOrder.BIG_ENDIAN), id -> new ArrayList<>());
        for (int i = 0; i < 2; i++)
        {
            if (UNKNOWN.equals(columns[3 + i]) && UNKNOWN.equals(columns[5 + i]))
            {
                continue;
            }
            final UnsafeBuffer schedule = new UnsafeBuffer(new byte[aead.scheduleLength()]);
            aead.expandKey(octets(columns[3 + i], aead.keyLength()), 0, schedule, 0);
            keys.add(new Key(level, i == 0, aead, schedule, octets(columns[5 + i], Integer.BYTES).getInt(0)));
        }
    }

    private static UnsafeBuffer octets(final String hex, final int length)
    {
        final byte[] octets = HexFormat.of().parseHex(hex);
        if (octets.length != length)
        {
            throw new IllegalArgumentException(hex);
        }
        return new UnsafeBuffer(octets);
    }

    /**
     * Opens a packet, so that {@link #plaintext()} has its frames.
     *
     * @param connectionId of the connection
     * @param number       all of the packet number
     * @param header       of the packet
     * @param buffer       that it is in
     * @param fromClient   who sent it
     * @return its level, or {@link GquicLevel#NULL} where no key opens it
     */
    int open(
        final long connectionId,
        final long number,
        final PacketHeaderDecoder header,
        final DirectBuffer buffer,
        final boolean fromClient)
    {
        for (final Key key : connections.getOrDefault(connectionId, List.of()))
        {
            if (key.isClients == fromClient && key.aead.open(key.schedule, 0, key.iv, number,
                buffer, header.payloadOffset() - header.length(), header.length(),
                buffer, header.payloadOffset(), header.payloadLength(), plaintext, 0))
            {
                return key.level;
            }
        }
        return GquicLevel.NULL;
    }

    /** {@return the frames of the packet that was opened last, at its beginning} */
    DirectBuffer plaintext()
    {
        return plaintext;
    }
}
