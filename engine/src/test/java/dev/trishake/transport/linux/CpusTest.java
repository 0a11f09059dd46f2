// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CpusTest
{
    @BeforeEach
    void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
    }

    @AfterEach
    void unpin()
    {
        if (Libc.SUPPORTED)
        {
            Cpus.unpin();
        }
    }

    private static BitSet mine()
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment mask = arena.allocate(128);
            assertTrue(new Libc().schedGetaffinity(0, mask.byteSize(), mask.address()) >= 0);
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void shouldPinAThreadToOneCpuAndLetItGo()
    {
        final BitSet before = mine();
        assertEquals(before.cardinality(), Cpus.count());
        for (int i = 0; i < Cpus.count(); i++)
        {
            Cpus.pin(Cpus.cpu(i));
            assertEquals("{" + Cpus.cpu(i) + "}", mine().toString());
        }
        Cpus.unpin();
        assertEquals(before, mine());
        assertEquals(Cpus.cpu(0), Cpus.cpu(Cpus.count()), "numbers come round");
    }

    @Test
    void shouldNameTheCpusThatThereAre()
    {
        final String message = assertThrows(IllegalStateException.class, () -> Cpus.pin(1023)).getMessage();
        assertTrue(message.startsWith("this process may not use the CPU 1023: choose one of {"), message);
    }
}
