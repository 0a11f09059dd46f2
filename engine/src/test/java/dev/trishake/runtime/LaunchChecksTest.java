// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** JVMs that were started without what an engine needs say what that is. */
class LaunchChecksTest
{
    private static final String OPENS = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    /** The child. */
    static final class Main
    {
        public static void main(final String[] args)
        {
            try
            {
                final EngineConfig config =
                    new EngineConfig().link(args[0].equals("nio") ? Links.nio(8) : Links.epoll(8));
                Engine.launch(config, (session, buffer, offset, length) -> length).close();
                System.out.print("launched");
            }
            catch (final IllegalStateException ex)
            {
                System.out.print(ex.getMessage());
            }
        }
    }

    private static String run(final String link, final String... flags) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
            System.getProperty("java.class.path"), Main.class.getName(), link));
        final Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        final String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(20, TimeUnit.SECONDS));
        return text;
    }

    @Test
    void shouldNameTheMissingFlag() throws Exception
    {
        assertEquals("Agrona's buffers need a package of the JDK that is closed: add --add-opens " +
            "java.base/jdk.internal.misc=ALL-UNNAMED to the java command", run("nio", NATIVE));
        assertEquals("system calls need native access: add --enable-native-access=ALL-UNNAMED to the java command",
            run("epoll", OPENS));
        assertEquals("launched", run("nio", OPENS));
    }
}
