// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * A JDK on this machine, known by its {@code release} file: nothing is started to look at it.
 */
final class Jdk
{
    /** The feature release that Trishake is built for and tested on. */
    static final int WANTED = 25;

    /** The module of the vector lanes; without it the kernels are scalar. */
    static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Files that say something about a JDK are small: whatever is longer is cut, and isn't one. */
    static final int MAX_FILE_LENGTH = 1 << 20;

    private static final String[] PROGRAMS = {"bin/java", "bin/java.exe"};

    private final File home;
    private final int feature;
    private final boolean vectorModule;

    private Jdk(final File home, final int feature, final boolean vectorModule)
    {
        this.home = home;
        this.feature = feature;
        this.vectorModule = vectorModule;
    }

    /**
     * {@return the JDK in a folder, or null when there is none or a broken one}
     *
     * @param home may not exist
     */
    static Jdk in(final File home)
    {
        final String release = program(home) == null ? "" : text(new File(home, "release"));
        final int feature = feature(value(release, "JAVA_VERSION"));
        final boolean vectorModule = (' ' + value(release, "MODULES") + ' ').contains(' ' + VECTOR_MODULE + ' ');
        return feature == 0 ? null : new Jdk(home, feature, vectorModule);
    }

    /**
     * {@return what this code runs on; without a vector module when there is no {@code release} file to name it}
     */
    static Jdk running()
    {
        final File home = new File(System.getProperty("java.home"));
        final Jdk described = in(home);
        final int feature = feature(System.getProperty("java.specification.version"));
        return new Jdk(home, feature, described != null && described.vectorModule);
    }

    File home()
    {
        return home;
    }

    File program()
    {
        return program(home);
    }

    /**
     * {@return 17 for Java 17; Java 8 and older call themselves 1.8 and are 1}
     */
    int feature()
    {
        return feature;
    }

    boolean hasVectorModule()
    {
        return vectorModule;
    }

    /**
     * {@return the text of a small file, empty when it can't be read}
     *
     * @param file may not exist; no more than {@link #MAX_FILE_LENGTH} of it is read
     */
    static String text(final File file)
    {
        if (!file.isFile())
        {
            return "";
        }
        try (InputStream in = Files.newInputStream(file.toPath()))
        {
            final byte[] bytes = new byte[(int)Math.min(file.length(), MAX_FILE_LENGTH)];
            int length = 0;
            for (int n = 0; n >= 0 && length < bytes.length; n = in.read(bytes, length, bytes.length - length))
            {
                length += n;
            }
            return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    private static File program(final File home)
    {
        for (final String name : PROGRAMS)
        {
            final File program = new File(home, name);
            if (program.isFile() && program.canExecute())
            {
                return program;
            }
        }
        return null;
    }

    /** The file is lines of {@code KEY="value"}. */
    private static String value(final String release, final String key)
    {
        final String start = '\n' + key + "=\"";
        final int at = ('\n' + release).indexOf(start);
        final int end = at < 0 ? -1 : release.indexOf('"', at + start.length() - 1);
        return end < 0 ? "" : release.substring(at + start.length() - 1, end);
    }

    private static int feature(final String version)
    {
        int feature = 0;
        for (int i = 0; i < version.length() && feature < 1000 && Character.isDigit(version.charAt(i)); i++)
        {
            feature = 10 * feature + Character.digit(version.charAt(i), 10);
        }
        return feature;
    }
}
