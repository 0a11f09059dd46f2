// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;
import dev.trishake.crypto.sm.Sm4Batch;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A JVM of its own, where the vector module is not there or not wanted: nothing may ask for its classes. */
class KernelsWithoutVectorsTest
{
    /** What the other JVM runs. */
    static final class Child
    {
        private Child()
        {
        }

        /**
         * Chooses kernels, uses them and says which they were.
         *
         * @param args none
         */
        public static void main(final String[] args)
        {
            final Kernels kernels = Kernels.choose();
            final UnsafeBuffer memory = new UnsafeBuffer(new byte[64]);
            final Sm3Batch hashes = new Sm3Batch(kernels, 1);
            hashes.add(memory, 0, 3);
            hashes.run();
            hashes.result(0, memory, Sm3.DIGEST_LENGTH);
            final Sm4Batch texts = new Sm4Batch(kernels);
            texts.addEcbEncryption(memory, 0, memory, 16, 16, memory, 16);
            texts.run();
            System.out.println(kernels.description());
        }
    }

    @Test
    void shouldRunWithoutTheModule() throws IOException, InterruptedException
    {
        final List<String> lines = run();
        assertTrue(lines.contains("kernels: scalar (vectors need --add-modules jdk.incubator.vector)"));
        assertNoVectorClass(lines);
    }

    @Test
    void shouldLoadNoVectorClassWhereScalarCodeIsAskedFor() throws IOException, InterruptedException
    {
        final List<String> lines = run("--add-modules=jdk.incubator.vector", "-Dtrishake.lanes=scalar");
        assertTrue(lines.contains("kernels: scalar (asked for)"));
        assertNoVectorClass(lines);
    }

    private static void assertNoVectorClass(final List<String> lines)
    {
        assertTrue(lines.stream().anyMatch(line -> line.contains("dev.trishake.crypto.sm.Sm3Scalars")));
        assertEquals(List.of(), lines.stream()
            .filter(line -> line.matches(".* (jdk[.]incubator[.]vector[.]|dev.*[.]lanes[.]\\w+Vectors ).*"))
            .toList());
    }

    private static List<String> run(final String... flags) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:class+load", "-Xshare:auto",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(flags));
        command.add(Child.class.getName());
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final List<String> lines =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines.subList(
            Math.max(0, lines.size() - 20), lines.size())));
        return lines;
    }
}
