// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A Maven project outside the tree, with the README's program: its dependency is resolved to the classes of this build
 * and Agrona, as nothing is installed in a repository while the build runs; then it is compiled and started as a user
 * would.
 */
class EmbeddingTest
{
    private static final String PROGRAM = "EchoServer.java";
    private static final List<String> FLAGS = List.of(
        "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @Test
    @Timeout(30)
    void shouldRunInAProjectOfItsOwn(@TempDir final Path project) throws Exception
    {
        final Path source = project.resolve("src/main/java").resolve(PROGRAM);
        Files.createDirectories(source.getParent());
        Files.writeString(source, program());
        Files.writeString(project.resolve("pom.xml"), """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>embedding</artifactId>
              <version>1</version>
              <properties><maven.compiler.release>25</maven.compiler.release></properties>
              <dependencies>
                <dependency>
                  <groupId>dev.trishake</groupId>
                  <artifactId>engine</artifactId>
                  <version>0.1.0-SNAPSHOT</version>
                </dependency>
              </dependencies>
            </project>
            """);
        final String dependencies = dependencies();
        final Path classes = Files.createDirectories(project.resolve("target/classes"));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all", "-Werror", "-cp",
            dependencies, "-d", classes.toString(), source.toString()));

        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", classes + File.pathSeparator + dependencies, "EchoServer", "0"));
        final Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8))
        {
            final String line = out.readLine();
            assertTrue(line.startsWith("listening on "), line);
            echo(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
            program.toHandle().destroy(); // SIGTERM
            assertTrue(program.waitFor(10, TimeUnit.SECONDS));
            assertEquals(List.of(), out.lines().toList());
        }
        finally
        {
            program.destroyForcibly();
        }
    }

    private static void echo(final int port) throws IOException
    {
        try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port))
        {
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();
            assertArrayEquals(HELLO, client.getInputStream().readAllBytes());
        }
    }

    @Test
    void shouldBeTheReadmesProgram() throws IOException
    {
        final Path readme = Path.of("..", "README.md");
        if (Files.exists(readme) && Files.readString(readme).contains("class EchoServer"))
        {
            assertTrue(Files.readString(readme).contains(program().strip()), "the README shows another program");
        }
    }

    private static String program() throws IOException
    {
        try (InputStream in = EmbeddingTest.class.getResourceAsStream("/embedding/" + PROGRAM))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The engine's classes, and Agrona: what its users get. */
    private static String dependencies()
    {
        final String engine = Path.of(
            Engine.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
        return String.join(File.pathSeparator, Arrays.stream(
            System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> Path.of(entry).equals(Path.of(engine)) || entry.contains("agrona")).toList());
    }
}
