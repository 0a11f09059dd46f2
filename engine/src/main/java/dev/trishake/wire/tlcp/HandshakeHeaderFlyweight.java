// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The header of a handshake message.
 *
 * <pre>
 *  0      1                4
 * +------+----------------+-- - -
 * | type |  length (u24)  |  body
 * +------+----------------+-- - -
 * </pre>
 */
public final class HandshakeHeaderFlyweight
{
    /** Length of the header. */
    public static final int LENGTH = 4;

    private static final int LENGTH_OFFSET = 1;

    private DirectBuffer buffer;
    private int offset;

    /**
     * Looks at what the stream of handshake messages has brought.
     *
     * @param buffer    where it is
     * @param offset    where a message begins
     * @param available bytes from there on
     * @return true when the header is there; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int available)
    {
        if (available < LENGTH)
        {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        return true;
    }

    /**
     * {@return what is wrong with the header: {@link Alert#NONE}, or the alert to send}
     *
     * <p>It can be asked before the body is there, so nobody collects what will be refused.
     *
     * @param limits how long a message may be
     */
    public int fault(final MessageLimits limits)
    {
        final int limit = limits.of(type());
        if (limit == MessageLimits.NO_SUCH_MESSAGE)
        {
            return Alert.UNEXPECTED_MESSAGE;
        }
        return bodyLength() > limit ? Alert.ILLEGAL_PARAMETER : Alert.NONE;
    }

    /**
     * {@return 0 to 255, see {@link HandshakeType}}
     */
    public int type()
    {
        return buffer.getByte(offset) & 0xff;
    }

    /**
     * {@return length of the body behind the header, 0 to 0xffffff}
     */
    public int bodyLength()
    {
        return (buffer.getByte(offset + LENGTH_OFFSET) & 0xff) << 16 |
            buffer.getChar(offset + LENGTH_OFFSET + 1, BIG_ENDIAN);
    }

    /**
     * {@return where the body begins in the buffer}
     */
    public int bodyOffset()
    {
        return offset + LENGTH;
    }

    /**
     * {@return length of the message, header and body}
     */
    public int messageLength()
    {
        return LENGTH + bodyLength();
    }
}
