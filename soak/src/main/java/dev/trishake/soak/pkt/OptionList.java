// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.wire.tcp.TcpOption;
import dev.trishake.wire.tcp.TcpOptionsIterator;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The options of one segment, as bytes, one by one. */
final class OptionList
{
    private static final int TS_VAL_OFFSET = 2;
    private static final int TS_ECR_OFFSET = 6;
    private static final int NONE = -1;

    private final UnsafeBuffer bytes;

    /** One option: where it is. */
    private record Entry(int kind, int offset, int length)
    {
    }

    OptionList(final byte[] bytes)
    {
        this.bytes = new UnsafeBuffer(bytes);
    }

    /** {@return the same options, to be changed} */
    OptionList copy()
    {
        return new OptionList(bytes());
    }

    byte[] bytes()
    {
        final byte[] copy = new byte[bytes.capacity()];
        bytes.getBytes(0, copy);
        return copy;
    }

    int length()
    {
        return bytes.capacity();
    }

    private List<Entry> entries()
    {
        final List<Entry> entries = new ArrayList<>();
        final TcpOptionsIterator iterator = new TcpOptionsIterator().wrap(bytes, 0, bytes.capacity());
        while (iterator.next())
        {
            entries.add(new Entry(
                iterator.kind(), iterator.offset(), Math.min(iterator.length(), bytes.capacity() - iterator.offset())));
        }
        return entries;
    }

    private int timestampsOffset()
    {
        for (final Entry entry : entries())
        {
            if (entry.kind == TcpOption.TIMESTAMPS && entry.length == TcpOption.TIMESTAMPS_LENGTH)
            {
                return entry.offset;
            }
        }
        return NONE;
    }

    boolean hasTimestamps()
    {
        return timestampsOffset() != NONE;
    }

    int tsVal()
    {
        return getInt(timestampsOffset() + TS_VAL_OFFSET);
    }

    int tsEcr()
    {
        return getInt(timestampsOffset() + TS_ECR_OFFSET);
    }

    void tsVal(final int value)
    {
        putInt(timestampsOffset() + TS_VAL_OFFSET, value);
    }

    void tsEcr(final int value)
    {
        putInt(timestampsOffset() + TS_ECR_OFFSET, value);
    }

    /** Adds to the edges of all SACK blocks. */
    void moveSackBlocks(final int difference)
    {
        for (final Entry entry : entries())
        {
            if (entry.kind == TcpOption.SACK)
            {
                for (int i = TcpOption.HEAD_LENGTH; i + Integer.BYTES <= entry.length; i += Integer.BYTES)
                {
                    putInt(entry.offset + i, getInt(entry.offset + i) + difference);
                }
            }
        }
    }

    /** Whether these are the options of a script: kinds in order, and values but for those of timestamps. */
    boolean matches(final OptionList script)
    {
        final List<Entry> ours = entries();
        final List<Entry> theirs = script.entries();
        if (ours.size() != theirs.size())
        {
            return false;
        }
        for (int i = 0; i < ours.size(); i++)
        {
            final Entry own = ours.get(i);
            final Entry other = theirs.get(i);
            if (own.kind != other.kind || own.length != other.length ||
                (own.kind != TcpOption.TIMESTAMPS && !isEqual(own, script, other)))
            {
                return false;
            }
        }
        return true;
    }

    private boolean isEqual(final Entry own, final OptionList script, final Entry other)
    {
        for (int i = 0; i < own.length; i++)
        {
            if (bytes.getByte(own.offset + i) != script.bytes.getByte(other.offset + i))
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString()
    {
        final List<String> words = new ArrayList<>();
        for (final Entry entry : entries())
        {
            words.add(text(entry));
        }
        return String.join(",", words);
    }

    private String text(final Entry entry)
    {
        return switch (entry.kind)
        {
            case TcpOption.EOL -> "eol";
            case TcpOption.NOP -> "nop";
            case TcpOption.MSS -> "mss " + ((unsigned(entry, 0) << Byte.SIZE) | unsigned(entry, 1));
            case TcpOption.WINDOW_SCALE -> "wscale " + unsigned(entry, 0);
            case TcpOption.SACK_PERMITTED -> "sackOK";
            case TcpOption.TIMESTAMPS -> timestamps(entry);
            case TcpOption.SACK -> sack(entry);
            default -> unknown(entry);
        };
    }

    private static String unknown(final Entry entry)
    {
        return "kind " + entry.kind + " length " + entry.length;
    }

    private String timestamps(final Entry entry)
    {
        return entry.length != TcpOption.TIMESTAMPS_LENGTH ? unknown(entry) :
            "TS val " + Integer.toUnsignedString(getInt(entry.offset + TS_VAL_OFFSET)) +
            " ecr " + Integer.toUnsignedString(getInt(entry.offset + TS_ECR_OFFSET));
    }

    private String sack(final Entry entry)
    {
        final StringBuilder text = new StringBuilder("sack");
        for (int i = TcpOption.HEAD_LENGTH; i + TcpOption.SACK_BLOCK_LENGTH <= entry.length;
            i += TcpOption.SACK_BLOCK_LENGTH)
        {
            text.append(' ').append(Integer.toUnsignedString(getInt(entry.offset + i)))
                .append(':').append(Integer.toUnsignedString(getInt(entry.offset + i + Integer.BYTES)));
        }
        return text.toString();
    }

    private int unsigned(final Entry entry, final int index)
    {
        final int at = TcpOption.HEAD_LENGTH + index;
        return at < entry.length ? bytes.getByte(entry.offset + at) & 0xff : 0;
    }

    private int getInt(final int offset)
    {
        return bytes.getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    private void putInt(final int offset, final int value)
    {
        bytes.putInt(offset, value, ByteOrder.BIG_ENDIAN);
    }
}
