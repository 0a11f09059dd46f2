// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * Recorded and published test data under {@code src/test/resources/vectors/<standard>/}. Each text file begins with its
 * source in {@code #} comments; binary files have it in the {@code README} beside them.
 */
public final class Vectors
{
    private Vectors()
    {
    }

    /**
     * {@return the bytes of a vector file}
     *
     * @param name path below {@code vectors/}, like {@code tcp/seed-a.pcap}
     */
    public static byte[] bytes(final String name)
    {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name))
        {
            if (in == null)
            {
                throw new IllegalArgumentException("no such vector: " + name);
            }
            return in.readAllBytes();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * {@return the lines of a vector file, without blank ones and comments that begin with {@code #}}
     *
     * @param name path below {@code vectors/}
     */
    public static List<String> lines(final String name)
    {
        return new String(bytes(name), StandardCharsets.UTF_8).lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    }

    /**
     * Copies a vector into a folder, for code that wants a file.
     *
     * @param name   path below {@code vectors/}
     * @param folder where to
     * @return the file
     */
    public static Path file(final String name, final Path folder)
    {
        try
        {
            return Files.write(folder.resolve(name.substring(name.lastIndexOf('/') + 1)), bytes(name));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * {@return the bytes that hexadecimal digits spell; blanks, colons and line ends between them are skipped}
     *
     * @param digits hexadecimal
     */
    public static byte[] hex(final String digits)
    {
        return HexFormat.of().parseHex(digits.replaceAll("[\\s:]", ""));
    }

    /**
     * {@return lower-case hexadecimal digits}
     *
     * @param bytes what they spell
     */
    public static String hex(final byte[] bytes)
    {
        return HexFormat.of().formatHex(bytes);
    }
}
