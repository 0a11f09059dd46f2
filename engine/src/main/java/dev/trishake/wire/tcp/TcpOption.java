// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

/** Kinds of TCP options (IANA) that the engine knows, and their lengths with kind and length bytes. */
public final class TcpOption
{
    /** End of option list, RFC 9293 3.2: one byte, all behind it is padding. */
    public static final int EOL = 0;

    /** No-operation, RFC 9293 3.2: one byte. */
    public static final int NOP = 1;

    /** Maximum segment size, RFC 9293 3.2; in SYN segments. */
    public static final int MSS = 2;

    /** Window scale, RFC 7323 2; in SYN segments. */
    public static final int WINDOW_SCALE = 3;

    /** SACK permitted, RFC 2018 2; in SYN segments. */
    public static final int SACK_PERMITTED = 4;

    /** Selective acknowledgment, RFC 2018 3. */
    public static final int SACK = 5;

    /** Timestamps, RFC 7323 3. */
    public static final int TIMESTAMPS = 8;

    /** TCP Fast Open cookie, RFC 7413 4.1.1; in SYN segments. */
    public static final int FAST_OPEN = 34;

    /** Length of {@link #MSS}. */
    public static final int MSS_LENGTH = 4;

    /** Length of {@link #WINDOW_SCALE}. */
    public static final int WINDOW_SCALE_LENGTH = 3;

    /** Length of {@link #SACK_PERMITTED}. */
    public static final int SACK_PERMITTED_LENGTH = 2;

    /** Length of {@link #TIMESTAMPS}. */
    public static final int TIMESTAMPS_LENGTH = 10;

    /** Length of {@link #SACK} before its first block, and of {@link #FAST_OPEN} without a cookie. */
    public static final int HEAD_LENGTH = 2;

    /** Length of a block of {@link #SACK}. */
    public static final int SACK_BLOCK_LENGTH = 8;

    /** As many blocks of {@link #SACK} as a header has room for. */
    public static final int MAX_SACK_BLOCKS = 4;

    /** Largest shift that counts, RFC 7323 2.3. */
    public static final int MAX_WINDOW_SCALE = 14;

    /** Room for options in a header. */
    public static final int MAX_OPTIONS_LENGTH = TcpHeaderFlyweight.MAX_LENGTH - TcpHeaderFlyweight.MIN_LENGTH;

    /** Options in whole words, as hosts send them (RFC 7323 appendix A): what they begin with, less the values. */
    static final int MSS_WORD = MSS << 24 | MSS_LENGTH << 16;
    static final int WINDOW_SCALE_WORD = NOP << 24 | WINDOW_SCALE << 16 | WINDOW_SCALE_LENGTH << 8;
    static final int NOP_NOP_SACK_PERMITTED = NOP << 24 | NOP << 16 | SACK_PERMITTED << 8 | SACK_PERMITTED_LENGTH;
    static final int NOP_NOP_TIMESTAMPS = NOP << 24 | NOP << 16 | TIMESTAMPS << 8 | TIMESTAMPS_LENGTH;
    static final int SACK_PERMITTED_TIMESTAMPS =
        SACK_PERMITTED << 24 | SACK_PERMITTED_LENGTH << 16 | TIMESTAMPS << 8 | TIMESTAMPS_LENGTH;
    static final int NOP_NOP_SACK = NOP << 24 | NOP << 16 | SACK << 8;

    private TcpOption()
    {
    }
}
