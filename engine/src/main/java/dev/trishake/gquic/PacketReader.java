// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.PacketNumber;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Opens packets of the session under the view with the best keys that fit. A public header does not say how its packet
 * is protected, so keys are tried from the best one down, and a hash comes last.
 *
 * <pre>
 *                            client reads                   server reads
 *  FORWARD_SECURE            public without nonce, short    public, short
 *  INITIAL                   with a nonce                   public, long
 *  NULL                      public without nonce, long     public, long      until something better was opened
 * </pre>
 */
final class PacketReader
{
    /** What {@link #open} answers: not with the keys at hand, but it may be a packet that has only a hash. */
    static final int TRY_HASH = 3;
    /** What {@link #open} answers: the keys may still come. */
    static final int EARLY = 4;
    /** What {@link #open} answers: nothing opens it. */
    static final int UNVERIFIED = 5;
    /** What {@link #open} answers: it has come before. */
    static final int DUPLICATE = 6;

    private final GquicSession session;
    private final Protection protection;
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[GquicConfig.MAX_DATAGRAM_LENGTH]);
    private long number;
    private int textLength;

    PacketReader(final GquicSession session, final Protection protection)
    {
        this.session = session;
        this.protection = protection;
    }

    /**
     * Opens a packet.
     *
     * @param header    of it
     * @param buffer    where it is
     * @param offset    where it begins
     * @param length    of it
     * @param mayBeNull false if its hash has been found wrong
     * @return the level, with {@link #text()} set, or one of the constants
     */
    int open(
        final PacketHeaderDecoder header, final DirectBuffer buffer, final int offset, final int length,
        final boolean mayBeNull)
    {
        number = expand(header);
        if (number < PacketNumber.FIRST)
        {
            return UNVERIFIED;
        }
        if (AckState.isDuplicate(session, number))
        {
            return DUPLICATE;
        }
        final int form = header.form();
        final boolean isClient = session.isClient();
        final boolean hasNonce = isClient && header.nonceOffset() != PacketHeaderDecoder.NONE;
        final boolean maybeForward = form != PacketForm.LONG && !hasNonce;
        final boolean maybeInitial = isClient ? hasNonce : form != PacketForm.SHORT;
        final boolean maybeNull = mayBeNull && form != PacketForm.SHORT && !hasNonce;
        final int opened = session.get(GquicSession.OPENED_LEVEL);
        if (maybeForward && session.is(GquicSession.HAS_FORWARD) &&
            open(GquicSession.KEYS_FORWARD_READ, header, buffer, offset, length))
        {
            return GquicLevel.FORWARD_SECURE;
        }
        final boolean takesInitial = maybeInitial && opened < GquicLevel.FORWARD_SECURE;
        if (takesInitial && session.is(GquicSession.HAS_INITIAL_READ) &&
            open(GquicSession.KEYS_INITIAL_READ, header, buffer, offset, length))
        {
            return GquicLevel.INITIAL;
        }
        if (maybeNull && opened == GquicLevel.NULL && header.payloadLength() > PacketSlots.HASH_LENGTH)
        {
            return TRY_HASH;
        }
        if (takesInitial && isClient)
        {
            return noteNonce(header, buffer, opened);
        }
        final boolean keysMayCome = (maybeForward && !session.is(GquicSession.HAS_FORWARD)) ||
            (takesInitial && !session.is(GquicSession.HAS_INITIAL_READ));
        return keysMayCome ? EARLY : UNVERIFIED;
    }

    /** {@return the number that a packet of this session means} */
    long expand(final PacketHeaderDecoder header)
    {
        return PacketNumber.expand(header.truncatedNumber(), header.numberLength(),
            session.get(GquicSession.LARGEST_RECEIVED) + 1);
    }

    private boolean open(
        final int keys, final PacketHeaderDecoder header, final DirectBuffer buffer, final int offset,
        final int length)
    {
        final int sealed = length - header.length();
        if (!protection.open(session, keys, number, buffer, offset, header.length(), sealed, text, 0))
        {
            return false;
        }
        textLength = sealed - PacketSlots.HASH_LENGTH;
        return true;
    }

    /** Anybody can put a nonce into a header, so the last one is tried until a packet was opened with one. */
    private int noteNonce(final PacketHeaderDecoder header, final DirectBuffer buffer, final int opened)
    {
        if (opened >= GquicLevel.INITIAL)
        {
            return UNVERIFIED;
        }
        final int at = session.at(GquicSession.DIVERSIFICATION);
        boolean isNew = !session.is(GquicSession.NONCE_NOTED);
        for (int i = 0; i < PacketHeaderDecoder.NONCE_LENGTH; i++)
        {
            isNew |= session.memory().getByte(at + i) != buffer.getByte(header.nonceOffset() + i);
        }
        if (isNew)
        {
            session.memory().putBytes(at, buffer, header.nonceOffset(), PacketHeaderDecoder.NONCE_LENGTH);
            session.raise(GquicSession.NONCE_DUE | GquicSession.NONCE_NOTED);
        }
        return session.is(GquicSession.NONCE_DUE) || !session.is(GquicSession.HAS_INITIAL_READ) ? EARLY : UNVERIFIED;
    }

    /** {@return the number of the packet that was opened last, or was tried} */
    long number()
    {
        return number;
    }

    /** {@return the frames of the packet that was opened last} */
    UnsafeBuffer text()
    {
        return text;
    }

    int textLength()
    {
        return textLength;
    }
}
