// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.aead.Aes128Gcm;
import dev.trishake.crypto.aead.ChaCha20Poly1305;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Protects packets with the keys of a session, gQUIC 12: an AEAD whose nonce is an IV of four octets and the packet
 * number, and whose associated data is the header.
 *
 * <pre>
 *  keys of a level and direction
 *  0                                304     308      312
 * +--------------------------------+-------+--------+
 * | schedule of either AEAD        |  IV   | 0 or 1 |      0: there is only the key yet
 * +--------------------------------+-------+--------+
 * </pre>
 *
 * <p>A key is expanded when the first packet wants it: most servers never see one of the initial level.
 */
final class Protection
{
    /** Octets of the keys of one level and direction. */
    static final int KEYS_LENGTH = Aes128Gcm.SCHEDULE_LENGTH + 2 * Integer.BYTES;

    /** Where the IV begins in them. */
    static final int IV_OFFSET = Aes128Gcm.SCHEDULE_LENGTH;

    /** Octets of an IV. */
    static final int IV_LENGTH = Integer.BYTES;

    private static final int EXPANDED_OFFSET = IV_OFFSET + IV_LENGTH;

    private final Aead aes;
    private final Aead chaCha;
    private boolean isUsed;

    Protection(final Kernels kernels)
    {
        aes = new Aes128Gcm(kernels, Aead.SHORT_TAG_LENGTH);
        chaCha = new ChaCha20Poly1305(kernels, Aead.SHORT_TAG_LENGTH);
    }

    /**
     * {@return the AEAD of this tag}
     *
     * @param tag {@link Tag#AESG} or {@link Tag#CC20}
     */
    Aead aead(final int tag)
    {
        return tag == Tag.CC20 ? chaCha : aes;
    }

    /** Sets a direction's key and IV, which lie among those of its level. */
    void set(final GquicSession session, final int keys, final DirectBuffer level, final int key, final int iv)
    {
        final int at = session.at(keys);
        session.memory().putBytes(at, level, key, aead(session.get(GquicSession.AEAD)).keyLength());
        session.memory().putBytes(at + IV_OFFSET, level, iv, IV_LENGTH);
        session.memory().putInt(at + EXPANDED_OFFSET, 0);
    }

    /** {@return where the keys of a level and direction are, whose schedule is there} */
    private int expanded(final GquicSession session, final int keys)
    {
        final int at = session.at(keys);
        if (session.memory().getInt(at + EXPANDED_OFFSET) == 0)
        {
            aead(session.get(GquicSession.AEAD)).expandKey(session.memory(), at, session.memory(), at);
            session.memory().putInt(at + EXPANDED_OFFSET, 1);
        }
        return at;
    }

    /** Seals a packet's payload behind its header; the tag comes behind the text. */
    void seal(
        final GquicSession session, final int keys, final long number,
        final DirectBuffer header, final int headerOffset, final int headerLength,
        final DirectBuffer text, final int textOffset, final int textLength,
        final MutableDirectBuffer out, final int outOffset)
    {
        isUsed = true;
        final int at = expanded(session, keys);
        aead(session.get(GquicSession.AEAD)).seal(session.memory(), at, session.memory().getInt(at + IV_OFFSET), number,
            header, headerOffset, headerLength, text, textOffset, textLength, out, outOffset);
    }

    /** {@return whether the packet was sealed with these keys; nothing is written otherwise} */
    boolean open(
        final GquicSession session, final int keys, final long number,
        final DirectBuffer packet, final int headerOffset, final int headerLength, final int sealedLength,
        final MutableDirectBuffer out, final int outOffset)
    {
        isUsed = true;
        final int at = expanded(session, keys);
        return aead(session.get(GquicSession.AEAD)).open(session.memory(), at,
            session.memory().getInt(at + IV_OFFSET), number, packet, headerOffset, headerLength,
            packet, headerOffset + headerLength, sealedLength, out, outOffset);
    }

    /** Wipes what the packets since the last call have left behind. */
    void clear()
    {
        if (isUsed)
        {
            isUsed = false;
            aes.clear();
            chaCha.clear();
        }
    }
}
