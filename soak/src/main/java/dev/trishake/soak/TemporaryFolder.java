// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone, with all that is in it, once it is closed. */
final class TemporaryFolder implements AutoCloseable
{
    private final Path path;

    /**
     * Makes it.
     *
     * @param name that its own begins with
     * @throws IOException when it can't be made
     */
    TemporaryFolder(final String name) throws IOException
    {
        path = Files.createTempDirectory(name);
    }

    Path path()
    {
        return path;
    }

    @Override
    public void close() throws IOException
    {
        final List<Path> all;
        try (Stream<Path> files = Files.walk(path))
        {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path file : all)
        {
            Files.deleteIfExists(file);
        }
    }
}
