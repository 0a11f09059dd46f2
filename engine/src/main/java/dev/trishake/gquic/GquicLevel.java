// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/**
 * How a packet is protected, gQUIC 2 and 13. The higher number is the better protection.
 */
public final class GquicLevel
{
    /** A hash without a key: anybody can make such a packet. */
    public static final int NULL = 0;

    /** Keys of the server's config, which it may have had for long. */
    public static final int INITIAL = 1;

    /** Keys of both sides' ephemeral values. */
    public static final int FORWARD_SECURE = 2;

    private static final String[] NAMES = {"NULL", "INITIAL", "FORWARD_SECURE"};

    private GquicLevel()
    {
    }

    /**
     * {@return the level's name, for traces}
     *
     * @param level one of the constants
     */
    public static String nameOf(final int level)
    {
        return NAMES[level];
    }
}
