// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.StreamFrameDecoder;
import org.agrona.DirectBuffer;

/**
 * Gives each frame of a packet that was opened to whom it concerns.
 */
final class FrameDispatcher
{
    /** What {@link #dispatch} answers for a packet that must come again. */
    static final int REFUSED = StreamReceiver.REFUSED;

    private final GquicMemory memory;
    private final GquicSession session;
    private final CryptoStream crypto;
    private final StreamReceiver receiver;
    private final StreamSender sender;
    private final Recovery recovery;
    private final FrameIterator frames = new FrameIterator();
    private boolean deservesAck;

    FrameDispatcher(
        final GquicMemory memory, final GquicSession session, final CryptoStream crypto,
        final StreamReceiver receiver, final StreamSender sender, final Recovery recovery)
    {
        this.memory = memory;
        this.session = session;
        this.crypto = crypto;
        this.receiver = receiver;
        this.sender = sender;
        this.recovery = recovery;
    }

    /**
     * Handles a packet's frames.
     *
     * @return 0; {@link #REFUSED}; or the error for which the connection fails
     */
    int dispatch(
        final int level, final long number, final int numberLength, final DirectBuffer buffer, final int offset,
        final int length, final long nowNs)
    {
        deservesAck = false;
        frames.wrap(buffer, offset, length, numberLength);
        int error = length == 0 ? GquicError.MISSING_PAYLOAD : 0;
        int type = frames.next();
        while (error == 0 && type > FrameIterator.END)
        {
            deservesAck |= type != FrameType.ACK && type != FrameType.STOP_WAITING;
            error = switch (type)
            {
                case FrameType.STREAM -> onStream(frames.stream(), level);
                case FrameType.ACK -> recovery.onAck(frames.ack(), level, nowNs);
                case FrameType.STOP_WAITING -> onStopWaiting(number);
                case FrameType.CONNECTION_CLOSE -> onConnectionClose();
                case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> level == GquicLevel.NULL ? 0 : onControl(type);
                default -> 0; // PING, BLOCKED, GOAWAY: what they say needs no answer but an ACK
            };
            type = frames.next();
        }
        return error == 0 && type == FrameIterator.MALFORMED ? frames.error() : error;
    }

    /** {@return whether the packet that was dispatched last held more than acknowledgments} */
    boolean deservesAck()
    {
        return deservesAck;
    }

    private int onStream(final StreamFrameDecoder frame, final int level)
    {
        if (frame.streamId() == CryptoStream.ID)
        {
            return frame.fin() ? GquicError.INVALID_STREAM_ID :
                crypto.onData(frame.byteOffset(), frame.buffer(), frame.dataOffset(), frame.dataLength(), level);
        }
        if (level == GquicLevel.NULL)
        {
            return GquicError.UNENCRYPTED_STREAM_DATA;
        }
        if (level == GquicLevel.INITIAL && !session.isClient())
        {
            if (!memory.config.zeroRtt)
            {
                return REFUSED;
            }
            session.raise(GquicSession.ZERO_RTT);
        }
        return receiver.onStream(frame);
    }

    private int onStopWaiting(final long number)
    {
        if (session.isQ044() || frames.unackedDelta() >= number)
        {
            return GquicError.INVALID_STOP_WAITING_DATA;
        }
        AckState.onStopWaiting(session, number - frames.unackedDelta());
        return 0;
    }

    private int onConnectionClose()
    {
        session.fail(frames.errorCode(), GquicSession.CLOSED_BY_PEER);
        return 0;
    }

    private int onControl(final int type)
    {
        final int streamId = frames.streamId();
        if (type == FrameType.RST_STREAM)
        {
            return streamId == CryptoStream.ID ? GquicError.INVALID_RST_STREAM_DATA :
                receiver.onReset(streamId, frames.byteOffset(), frames.errorCode());
        }
        if (streamId == 0)
        {
            sender.onConnectionWindow(frames.byteOffset());
        }
        else if (streamId != CryptoStream.ID)
        {
            sender.onWindow(streamId, frames.byteOffset());
        }
        return 0;
    }
}
