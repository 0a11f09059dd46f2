// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;

/**
 * A sequence number before memory that one thread writes and others read without a lock: odd while it is written,
 * another even number once it was. What was read counts only when the number has stayed the same meanwhile (Boehm, "Can
 * seqlocks get along with programming language memory models?", 2012).
 *
 * <p>The number is aligned to its size. Reading never waits: who meets a writer is told so and decides himself.
 */
final class SeqLock
{
    private SeqLock()
    {
    }

    /** {@return the number to compare with after reading; odd while somebody writes} */
    static long beginRead(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getLongAcquire(offset);
    }

    static boolean isBeingWritten(final long sequence)
    {
        return (sequence & 1) != 0;
    }

    /** {@return whether all that was read since is what one writer left} */
    static boolean isUnchanged(final UnsafeBuffer buffer, final int offset, final long sequence)
    {
        VarHandle.acquireFence(); // the loads before stay before the load below
        return buffer.getLongOpaque(offset) == sequence && !isBeingWritten(sequence);
    }

    /** Begins to write, as the only one who ever does. */
    static void beginWrite(final UnsafeBuffer buffer, final int offset)
    {
        final long sequence = buffer.getLong(offset);
        assert !isBeingWritten(sequence) : "a second writer";
        buffer.putLongOpaque(offset, sequence + 1);
        VarHandle.storeStoreFence(); // the stores that follow stay behind the store above
    }

    /** {@return whether this thread may write, one of several that may want to; others see that somebody does} */
    static boolean tryBeginWrite(final UnsafeBuffer buffer, final int offset, final long sequence)
    {
        if (isBeingWritten(sequence) || !buffer.compareAndSetLong(offset, sequence, sequence + 1))
        {
            return false;
        }
        VarHandle.storeStoreFence();
        return true;
    }

    static void endWrite(final UnsafeBuffer buffer, final int offset)
    {
        buffer.putLongRelease(offset, buffer.getLong(offset) + 1);
    }
}
