// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A JVM of its own in which C2 may not look into the profiles of calls: there kernels get warm only where C2 can see
 * for itself what every vector is. Where it needs profiles, vectors stay in registers or become objects for good, as
 * what ran before and when it was compiled happen to have it.
 */
class KernelsWarmUpTest
{
    /** What the other JVM runs. */
    static final class Child
    {
        private Child()
        {
        }

        /**
         * Warms kernels up, a protocol's at a time, and says how it went.
         *
         * @param args none
         */
        public static void main(final String[] args)
        {
            final Kernels kernels = Kernels.vector();
            for (final KernelSet set : KernelSet.values())
            {
                System.out.println(set + " calm: " + kernels.warmUp(set));
            }
        }
    }

    @Test
    void shouldWarmUpToCodeThatAllocatesNothing() throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-XX:CompileCommand")).toList());
        command.addAll(List.of("-XX:-UseTypeProfile", "-XX:+UseSerialGC", "-Xshare:auto",
            "--add-modules=jdk.incubator.vector", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
            Child.class.getName()));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final List<String> lines =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), lines::toString);
        for (final KernelSet set : KernelSet.values())
        {
            assertTrue(lines.contains(set + " calm: true"), lines::toString);
        }
    }
}
