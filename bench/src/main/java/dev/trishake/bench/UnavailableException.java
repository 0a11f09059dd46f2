// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

/**
 * Thrown from a benchmark's {@code @Setup} when this machine lacks what it needs: a compiler, a native library, a
 * permission. The headline table then says why instead of a figure, and the run has not failed.
 */
public final class UnavailableException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * Says what is missing.
     *
     * @param reason one short sentence without a full stop, like {@code no C compiler (cc) is installed}
     */
    public UnavailableException(final String reason)
    {
        super(reason);
    }
}
