// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.Tag;

/**
 * What both sides tell each other about streams and time, gQUIC 6: ICSL, MIDS, CFCW, SFCW. What a peer leaves out is
 * the least that the protocol has; what is malformed, or a window that nobody may have, is its fault.
 */
final class TransportParameters
{
    /** How many entries they are. */
    static final int COUNT = 4;

    private static final int DEFAULT_IDLE_SECONDS = 30;
    private static final int DEFAULT_STREAMS = 100;

    private TransportParameters()
    {
    }

    /** {@return 0, or the {@link GquicError} that the message deserves}; what it says is the session's afterwards */
    static int read(final GquicSession session, final MessageDecoder message)
    {
        if (!isWord(message, Tag.ICSL) || !isWord(message, Tag.MIDS) || !isWord(message, Tag.MSPC) ||
            !isWord(message, Tag.CFCW) || !isWord(message, Tag.SFCW))
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        }
        final int streamWindow = message.u32(Tag.SFCW, GquicConfig.MIN_WINDOW);
        final int connectionWindow = message.u32(Tag.CFCW, GquicConfig.MIN_WINDOW);
        if (isBelow(streamWindow) || isBelow(connectionWindow))
        {
            return GquicError.FLOW_CONTROL_INVALID_WINDOW;
        }
        session.set(GquicSession.IDLE_SECONDS, atMost(message.u32(Tag.ICSL, DEFAULT_IDLE_SECONDS)));
        session.set(GquicSession.PEER_STREAMS,
            atMost(message.u32(Tag.MIDS, message.u32(Tag.MSPC, DEFAULT_STREAMS))));
        session.set(GquicSession.PEER_STREAM_WINDOW, atMost(streamWindow));
        session.set(GquicSession.PEER_CONNECTION_WINDOW, atMost(connectionWindow));
        return 0;
    }

    private static boolean isWord(final MessageDecoder message, final int tag)
    {
        return message.find(tag) == MessageDecoder.NOT_FOUND || message.has(tag, Integer.BYTES);
    }

    private static boolean isBelow(final int window)
    {
        return Integer.compareUnsigned(window, GquicConfig.MIN_WINDOW) < 0;
    }

    /** Numbers from 2^31 on mean as much as can be counted. */
    private static int atMost(final int value)
    {
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    static void writeIdle(final MessageEncoder message, final GquicConfig config)
    {
        message.u32(Tag.ICSL, config.idleSeconds);
    }

    static void writeStreams(final MessageEncoder message, final GquicConfig config)
    {
        message.u32(Tag.MIDS, config.streamsPerSession);
    }

    static void writeWindows(final MessageEncoder message, final GquicConfig config)
    {
        message.u32(Tag.CFCW, config.connectionWindow).u32(Tag.SFCW, config.streamWindow);
    }
}
