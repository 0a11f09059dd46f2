// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.crypto.sm.Sm3Lanes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KernelsTest
{
    @AfterEach
    void forgetTheChoice()
    {
        System.clearProperty(Kernels.PROPERTY);
    }

    @Test
    void shouldObeyTheProperty()
    {
        System.setProperty(Kernels.PROPERTY, "scalar");
        assertFalse(Kernels.choose().areVector());
        assertEquals("kernels: scalar (asked for)", Kernels.choose().description());

        System.setProperty(Kernels.PROPERTY, "vector");
        assertTrue(Kernels.choose().areVector());
        assertTrue(Kernels.choose().description().startsWith("kernels: vector (asked for, "));

        System.setProperty(Kernels.PROPERTY, "fast");
        final String message = assertThrows(IllegalArgumentException.class, Kernels::choose).getMessage();
        assertEquals("-Dtrishake.lanes=fast: it takes vector, scalar or auto", message);
    }

    @Test
    void shouldChooseByItself()
    {
        final Kernels kernels = Kernels.choose();
        assertEquals("kernels: " + (kernels.areVector() ? "vector" : "scalar"),
            kernels.description().substring(0, 15), kernels.description());
    }

    @Test
    void shouldMakeTheKernelsOfTheChoice()
    {
        assertEquals("Sm3Scalars", Kernels.scalar().create(Sm3Lanes.KERNEL).getClass().getSimpleName());
        assertEquals("Sm3Vectors", Kernels.vector().create(Sm3Lanes.KERNEL).getClass().getSimpleName());
    }

    @Test
    void shouldKnowTheKernelsOfEachProtocol()
    {
        final List<String> names = new ArrayList<>();
        for (final KernelSet set : KernelSet.values())
        {
            for (int i = 0; i < set.size(); i++)
            {
                names.add(set.kernel(i).name());
            }
        }
        // each once, and none is forgotten
        assertEquals(10, names.stream().distinct().count(), names::toString);
        assertEquals(10, names.size(), names::toString);
    }
}
