// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The header of a record.
 *
 * <pre>
 *  0      1               3                5
 * +------+---------------+----------------+-- - -
 * | type | version 01 01 |     length     |  fragment
 * +------+---------------+----------------+-- - -
 * </pre>
 */
public final class RecordHeaderFlyweight
{
    /** Length of the header. */
    public static final int LENGTH = 5;

    /** Longest fragment before protection. */
    public static final int MAX_PLAINTEXT_LENGTH = 1 << 14;

    /** Longest protected fragment. */
    public static final int MAX_PROTECTED_LENGTH = MAX_PLAINTEXT_LENGTH + 2048;

    static final int VERSION_OFFSET = 1;
    static final int LENGTH_OFFSET = 3;

    private DirectBuffer buffer;
    private int offset;

    /**
     * Looks at what a stream has brought.
     *
     * @param buffer    where it is
     * @param offset    where a record begins
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
     * <p>It can be asked before the fragment is there, so nobody waits for what will be refused. There is no leniency
     * for the first record: known peers all say 01 01 in it.
     *
     * @param isProtected whether the peer has sent ChangeCipherSpec
     */
    public int fault(final boolean isProtected)
    {
        if (version() != Tlcp.VERSION)
        {
            return Alert.PROTOCOL_VERSION;
        }
        final int type = type();
        if (type < ContentType.CHANGE_CIPHER_SPEC || type > ContentType.APPLICATION_DATA)
        {
            return Alert.UNEXPECTED_MESSAGE;
        }
        if (fragmentLength() > (isProtected ? MAX_PROTECTED_LENGTH : MAX_PLAINTEXT_LENGTH))
        {
            return Alert.RECORD_OVERFLOW;
        }
        // RFC 5246 6.2.1: no empty fragments but of application data, which has no place before protection; behind
        // protection only the opened record tells
        return fragmentLength() == 0 && !isProtected ? Alert.UNEXPECTED_MESSAGE : Alert.NONE;
    }

    /**
     * {@return 0 to 255, see {@link ContentType}}
     */
    public int type()
    {
        return buffer.getByte(offset) & 0xff;
    }

    /**
     * {@return 0 to 0xffff, {@link Tlcp#VERSION} in all that is not refused}
     */
    public int version()
    {
        return buffer.getChar(offset + VERSION_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return length of the fragment behind the header, 0 to 0xffff}
     */
    public int fragmentLength()
    {
        return buffer.getChar(offset + LENGTH_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return where the fragment begins in the buffer}
     */
    public int fragmentOffset()
    {
        return offset + LENGTH;
    }
}
