// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A jar made as bench.jar and soak.jar are, with {@link Probe} for its real main. */
final class LauncherJar
{
    /** Whatever is started ends within this or is killed, and the test fails. */
    static final long TIMEOUT_S = 20;

    /** As the user's own flags; they reach the child, and let both start sooner. */
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Path folder;
    private final Path jar;

    /** What starts the jar. */
    enum Jvm
    {
        /** The one that runs Maven, when it is older than what Trishake needs. */
        OLDER,
        /** The one that runs the tests, which is what Trishake needs. */
        CURRENT;

        Path home()
        {
            if (this == CURRENT)
            {
                return Path.of(System.getProperty("java.home"));
            }
            final String home = System.getProperty("trishake.maven.java.home");
            Assumptions.assumeTrue(home != null, "started without Maven: no older JVM is known");
            final Jdk jdk = Jdk.in(new File(home));
            Assumptions.assumeTrue(jdk != null && jdk.feature() < Jdk.WANTED, "Maven runs on no older JVM: " + home);
            return Path.of(home);
        }
    }

    /** How a run ended. */
    record Result(int exitCode, String out, String err)
    {
        String fact(final String key)
        {
            return out.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in: " + this));
        }

        List<String> flags()
        {
            return out.lines().filter(line -> line.startsWith("flag ")).map(line -> line.substring(5)).toList();
        }
    }

    LauncherJar(final Path folder)
    {
        this.folder = folder;
        jar = folder.resolve("launcher test.jar");
        final Manifest manifest = new Manifest();
        final Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Launcher.class.getName());
        attributes.putValue("Trishake-Main", Probe.class.getName());
        attributes.putValue("Add-Opens", "java.base/jdk.internal.misc");
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest))
        {
            addClasses(out, Launcher.class);
            addClasses(out, Probe.class);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** {@return the jar's command line, with the JDK of the tests in JAVA_HOME} */
    ProcessBuilder command(final Jvm jvm, final List<String> flags, final String... args)
    {
        final List<String> command = new ArrayList<>();
        command.add(jvm.home().resolve("bin/java").toString());
        command.addAll(QUICK);
        command.addAll(flags);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(Arrays.asList(args));
        final ProcessBuilder builder = new ProcessBuilder(command);
        final Map<String, String> environment = builder.environment();
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA25_HOME", "JDK_HOME")
            .forEach(environment::remove);
        environment.put("JAVA_HOME", Jvm.CURRENT.home().toString());
        return builder;
    }

    Result run(final Jvm jvm, final List<String> flags, final String... args)
    {
        return run(command(jvm, flags, args), "");
    }

    Result run(final ProcessBuilder builder, final String input)
    {
        try
        {
            final Path out = Files.createTempFile(folder, "out", ".txt");
            final Path err = Files.createTempFile(folder, "err", ".txt");
            final Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            try (OutputStream in = process.getOutputStream())
            {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return new Result(exitCode(process), Files.readString(out), Files.readString(err));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    static int exitCode(final Process process)
    {
        try
        {
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new AssertionError("still running after " + TIMEOUT_S + " s");
            }
            return process.exitValue();
        }
        catch (final InterruptedException ex)
        {
            throw new AssertionError(ex);
        }
        finally
        {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void addClasses(final JarOutputStream out, final Class<?> neighbour) throws IOException
    {
        for (final Path file : classFiles(neighbour))
        {
            out.putNextEntry(new JarEntry(neighbour.getPackageName().replace('.', '/') + "/" + file.getFileName()));
            Files.copy(file, out);
        }
    }

    /** {@return the class files beside a class} */
    static List<Path> classFiles(final Class<?> neighbour) throws IOException
    {
        final String packageFolder = neighbour.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(folderOf(neighbour).resolve(packageFolder)))
        {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    /** {@return the folder that a class was loaded from} */
    static Path folderOf(final Class<?> type)
    {
        try
        {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (final URISyntaxException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
