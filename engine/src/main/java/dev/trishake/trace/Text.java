// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

/** Numbers and addresses as people write them. */
final class Text
{
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int IPV6_GROUPS = 8;
    private static final long IPV4_MAPPED = 0xffffL;

    private Text()
    {
    }

    static void appendPadded(final StringBuilder out, final long value, final int digits)
    {
        final String text = Long.toString(value);
        out.append("0".repeat(Math.max(0, digits - text.length()))).append(text);
    }

    static void appendUnsigned(final StringBuilder out, final int value)
    {
        out.append(value & 0xffff_ffffL);
    }

    static void appendHexByte(final StringBuilder out, final int value)
    {
        out.append(HEX[value >>> 4 & 0xf]).append(HEX[value & 0xf]);
    }

    static void appendIpv4(final StringBuilder out, final int address)
    {
        out.append(address >>> 24).append('.').append(address >>> 16 & 0xff).append('.')
            .append(address >>> 8 & 0xff).append('.').append(address & 0xff);
    }

    static void appendMac(final StringBuilder out, final long address)
    {
        for (int shift = 40; shift >= 0; shift -= 8)
        {
            appendHexByte(out, (int)(address >>> shift));
            out.append(shift == 0 ? "" : ":");
        }
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups is {@code ::}. */
    static void appendIpv6(final StringBuilder out, final long high, final long low)
    {
        if (high == 0 && low >>> 32 == IPV4_MAPPED)
        {
            out.append("::ffff:");
            appendIpv4(out, (int)low);
            return;
        }

        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < IPV6_GROUPS; i++)
        {
            int end = i;
            while (end < IPV6_GROUPS && group(high, low, end) == 0)
            {
                end++;
            }
            if (end - i > runLength)
            {
                runStart = i;
                runLength = end - i;
            }
        }

        int i = 0;
        while (i < IPV6_GROUPS)
        {
            if (i == runStart)
            {
                out.append("::");
                i += runLength;
            }
            else
            {
                out.append(i == 0 || (runStart >= 0 && i == runStart + runLength) ? "" : ":")
                    .append(Integer.toHexString(group(high, low, i)));
                i++;
            }
        }
    }

    private static int group(final long high, final long low, final int index)
    {
        final long half = index < IPV6_GROUPS / 2 ? high : low;
        return (int)(half >>> (16 * (3 - index % (IPV6_GROUPS / 2)))) & 0xffff;
    }
}
