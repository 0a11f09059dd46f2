// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FlagsTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldNeedWhatTheBuildStartsItsTestsWith()
    {
        final Jdk running = Jdk.running();
        final List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertTrue(given.containsAll(Flags.neededBy(running)), given::toString);
        assertTrue(Flags.areInEffect(running));
    }

    @Test
    void shouldNotAskForAVectorModuleThatIsNotThere()
    {
        final Jdk with = Jdk.in(FakeJdk.in(folder.resolve("with"), "25", "java.base jdk.incubator.vector java.sql"));
        final Jdk without = Jdk.in(FakeJdk.in(folder.resolve("without"), "25", "java.base jdk.incubator.vectorish"));
        assertEquals("--add-modules=jdk.incubator.vector", Flags.neededBy(with).getFirst());
        assertEquals(Flags.neededBy(with).subList(1, Flags.neededBy(with).size()), Flags.neededBy(without));
    }

    @Test
    void shouldPutTheUsersFlagsLast()
    {
        final Jdk jdk = Jdk.running();
        final List<String> user = List.of("-Xmx1g", "--add-modules=java.sql", "-Da=b c");
        final List<String> merged = Flags.merge(jdk, user);
        assertEquals(Flags.neededBy(jdk), merged.subList(0, merged.size() - user.size()));
        assertEquals(user, merged.subList(merged.size() - user.size(), merged.size()));
    }

    @Test
    void shouldLeaveOutWhatTheUserDecided()
    {
        final List<String> user =
            List.of("--sun-misc-unsafe-memory-access=debug", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        final List<String> merged = Flags.merge(Jdk.running(), user);
        assertFalse(merged.contains("--sun-misc-unsafe-memory-access=allow"));
        assertEquals(merged.indexOf(user.get(1)), merged.lastIndexOf(user.get(1)));
    }
}
