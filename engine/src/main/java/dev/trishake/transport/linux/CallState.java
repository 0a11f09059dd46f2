// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The memory that errno is captured into: one thread's.
 *
 * <p>In every call the JDK makes a slice of the segment it is given, 40 bytes that C2 takes away again, but only where
 * it knows the segment's class: were the segment a field, it would have to trust the profile of the JDK's own code, and
 * once that has seen segments of arrays and mapped files, each call would allocate for ever. So the segment is made
 * anew from a constant, whose class C2 knows, and goes the way of the slice.
 */
final class CallState
{
    private static final MemoryLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long LENGTH = LAYOUT.byteSize();
    private static final long ERRNO_OFFSET = LAYOUT.byteOffset(PathElement.groupElement("errno"));
    private static final MemorySegment EVERYTHING = everything();

    /** Keeps the memory alive. */
    private final MemorySegment memory = Arena.ofAuto().allocate(LAYOUT);
    private final long address = memory.address();

    MemorySegment segment()
    {
        return EVERYTHING.asSlice(address, LENGTH);
    }

    /** {@return the result, or -errno where it says that there was an error} */
    long answer(final long result)
    {
        return result >= 0 ? result : -memory.get(JAVA_INT, ERRNO_OFFSET);
    }

    // all memory there is, for a slice of 4 bytes of our own: wrong here is wrong everywhere
    @SuppressWarnings("restricted")
    private static MemorySegment everything()
    {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
