// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

/**
 * What a protocol core answers: one {@code int}, its category in the high byte, a code in the low 24 bits.
 *
 * <pre>
 *  31      24 23                                    0
 * +----------+---------------------------------------+
 * | category |  code (0 unless PEER or BUG)          |
 * +----------+---------------------------------------+
 * </pre>
 *
 * <p>Callers branch on {@link #category(int)} only; the code says which alert, reset or reject to send, or which
 * assumption broke.
 */
public final class Outcome
{
    /** The input was consumed and everything it caused was done. */
    public static final int DONE = 0;

    /** No whole message is there yet: call again when more bytes have come. */
    public static final int NEED_INPUT = 1 << 24;

    /** Output could not be reserved and nothing was changed: call again with the same input once there is room. */
    public static final int BACK_PRESSURED = 2 << 24;

    /** Work was posted to the crypto queue: the core goes on when its result is delivered. */
    public static final int AWAIT_CRYPTO = 3 << 24;

    /** An unknown certificate chain is with the trust thread: the core goes on when its verdict is delivered. */
    public static final int AWAIT_CERTIFICATE = 4 << 24;

    /** Category: the peer is wrong; the code is what to tell it (TLS alert, RST reason, CONNECTION_CLOSE code). */
    public static final int PEER = 5 << 24;

    /** Category: we are wrong; the code names the broken assumption. */
    public static final int BUG = 6 << 24;

    /** Largest code that an outcome can carry. */
    public static final int MAX_CODE = 0x00ff_ffff;

    private static final int CATEGORY_MASK = 0xff00_0000;

    private Outcome()
    {
    }

    /**
     * {@return the outcome for a wrong peer}
     *
     * @param code what to tell the peer, 0 to {@link #MAX_CODE}
     */
    public static int peer(final int code)
    {
        assert (code & ~MAX_CODE) == 0 : "code out of range: " + code;
        return PEER | code;
    }

    /**
     * {@return the outcome for a broken assumption of our own}
     *
     * @param code which one, 0 to {@link #MAX_CODE}
     */
    public static int bug(final int code)
    {
        assert (code & ~MAX_CODE) == 0 : "code out of range: " + code;
        return BUG | code;
    }

    /**
     * {@return the category: one of the constants of this class}
     *
     * @param outcome any outcome
     */
    public static int category(final int outcome)
    {
        return outcome & CATEGORY_MASK;
    }

    /**
     * {@return the code, 0 to {@link #MAX_CODE}}
     *
     * @param outcome any outcome
     */
    public static int code(final int outcome)
    {
        return outcome & MAX_CODE;
    }

    /**
     * {@return the outcome as a person reads it, like {@code PEER|47}; allocates, for messages only}
     *
     * @param outcome any outcome
     */
    public static String describe(final int outcome)
    {
        final String name = switch (category(outcome))
        {
            case DONE -> "DONE";
            case NEED_INPUT -> "NEED_INPUT";
            case BACK_PRESSURED -> "BACK_PRESSURED";
            case AWAIT_CRYPTO -> "AWAIT_CRYPTO";
            case AWAIT_CERTIFICATE -> "AWAIT_CERTIFICATE";
            case PEER -> "PEER";
            case BUG -> "BUG";
            default -> "UNKNOWN(" + (category(outcome) >>> 24) + ")";
        };
        return code(outcome) == 0 ? name : name + "|" + code(outcome);
    }
}
