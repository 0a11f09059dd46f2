// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import org.agrona.DirectBuffer;

/**
 * Stream 1 of the session that its view lies over: what came is put in order where it stays until the handshake is
 * over, what goes out is written behind what went out before, and stays there too.
 *
 * <pre>
 *  a buffer of {@link GquicMemory#messages()}
 *  inOffset         parsed     end                      outOffset        sent      length
 * +----------------+----------+--------+---------------+----------------+---------+--------------+
 * | messages read  |  came    | gaps   |               | messages sent  |         |              |
 * +----------------+----------+--------+---------------+----------------+---------+--------------+
 *  IN_BASE in the stream                                OUT_BASE in the stream
 * </pre>
 */
final class CryptoStream
{
    /** The stream's ID. */
    static final int ID = 1;

    /** What {@link #onData} answers when there are too many gaps: the packet counts as lost. */
    static final int NO_ROOM = -1;

    private final GquicMemory memory;
    private final GquicSession session;
    private final MessageEncoder encoder = new MessageEncoder();
    /** What may have been written of the output before the message that was begun. */
    private int outTop;

    CryptoStream(final GquicMemory memory, final GquicSession session)
    {
        this.memory = memory;
        this.session = session;
    }

    /**
     * Begins a message behind those that were written; {@link #endMessage} ends it.
     *
     * @param tag   of the message
     * @param count how many entries it will have
     * @return where they are written
     */
    MessageEncoder beginMessage(final int tag, final int count)
    {
        outTop = session.get(GquicSession.CRYPTO_OUT_TOP);
        session.set(GquicSession.CRYPTO_OUT_TOP, memory.config.cryptoOutLength); // it may grow that long, and fail
        return encoder.begin(memory.messages(), messageOffset(),
            memory.config.cryptoOutLength - session.get(GquicSession.CRYPTO_OUT_LENGTH), tag, count);
    }

    /**
     * {@return where the message that is being written begins in {@link GquicMemory#messages()}: good between
     * {@link #beginMessage} and {@link #endMessage}}
     */
    int messageOffset()
    {
        return memory.outOffset(session) + session.get(GquicSession.CRYPTO_OUT_LENGTH);
    }

    /**
     * Ends a message: it will be sent, and sent again until it is acknowledged.
     *
     * @param level at which it is sent: NULL, or INITIAL for SHLO
     * @return its length, or {@link MessageEncoder#FAILED}, and nothing is sent, when it found no room
     */
    int endMessage(final int level)
    {
        final int length = encoder.finish();
        if (length != MessageEncoder.FAILED)
        {
            if (level != GquicLevel.NULL && session.get(GquicSession.CRYPTO_OUT_INITIAL) == 0)
            {
                session.set(GquicSession.CRYPTO_OUT_INITIAL, session.get(GquicSession.CRYPTO_OUT_LENGTH) + 1);
            }
            if (memory.config.tap != null)
            {
                memory.config.tap.onMessageSent(session.slot(), memory.messages(), messageOffset(), length);
            }
            session.add(GquicSession.CRYPTO_OUT_LENGTH, length);
            session.set(
                GquicSession.CRYPTO_OUT_TOP, Math.max(outTop, session.get(GquicSession.CRYPTO_OUT_LENGTH)));
        }
        return length;
    }

    /**
     * Takes data in.
     *
     * @param offset where in the stream it begins
     * @param buffer holds it
     * @param from   where it begins
     * @param length of it
     * @param level  at which it came
     * @return 0; {@link #NO_ROOM}; or the {@link GquicError} that it deserves
     */
    int onData(final long offset, final DirectBuffer buffer, final int from, final int length, final int level)
    {
        final int ranges = session.at(GquicSession.CRYPTO_IN);
        final long end = ReceivedRanges.end(session.memory(), ranges);
        if (offset + length <= end)
        {
            return 0;
        }
        if (!memory.hasMessages(session))
        {
            return session.isClient() ? 0 : GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE;
        }
        final long base = session.get(GquicSession.CRYPTO_IN_BASE);
        if (offset + length - base > memory.config.cryptoInLength)
        {
            return GquicError.FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA;
        }
        if (!ReceivedRanges.add(session.memory(), ranges, offset, offset + length))
        {
            return NO_ROOM;
        }
        final int skipped = (int)Math.max(0, end - offset); // what was read as messages is not written again
        memory.messages().putBytes(memory.inOffset(session) + (int)(offset + skipped - base), buffer, from + skipped,
            length - skipped);
        session.set(GquicSession.CRYPTO_IN_TOP,
            Math.max(session.get(GquicSession.CRYPTO_IN_TOP), (int)(offset + length - base)));
        session.set(GquicSession.CRYPTO_LEVEL, level);
        return 0;
    }

    /**
     * Looks for the next message.
     *
     * @param message laid over it
     * @return its length, {@link MessageDecoder#INCOMPLETE}, or less than 0: the negated error
     */
    int peek(final MessageDecoder message)
    {
        if (!memory.hasMessages(session))
        {
            return MessageDecoder.INCOMPLETE;
        }
        final int parsed = session.get(GquicSession.CRYPTO_PARSED);
        final long end = ReceivedRanges.end(session.memory(), session.at(GquicSession.CRYPTO_IN));
        return message.wrap(memory.messages(), memory.inOffset(session) + parsed,
            (int)(end - session.get(GquicSession.CRYPTO_IN_BASE)) - parsed);
    }

    /** Steps over the message that {@link #peek} has found. */
    void consume(final int length)
    {
        session.add(GquicSession.CRYPTO_PARSED, length);
    }
}
