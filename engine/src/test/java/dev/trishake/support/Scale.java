// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

/** How deep a test goes: {@code mvn verify} has five minutes for everything, {@code -Pfull} takes what it needs. */
public final class Scale
{
    private static final boolean FULL = Boolean.getBoolean("trishake.full");

    private Scale()
    {
    }

    /**
     * {@return true under {@code -Pfull}}
     */
    public static boolean full()
    {
        return FULL;
    }

    /**
     * {@return the number of cases to run}
     *
     * @param verify in {@code mvn verify}
     * @param full   under {@code -Pfull}
     */
    public static int pick(final int verify, final int full)
    {
        return FULL ? full : verify;
    }
}
