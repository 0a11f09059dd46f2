// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that look like a JDK's home. */
final class FakeJdk
{
    private FakeJdk()
    {
    }

    static File in(final Path home, final String version, final String modules)
    {
        return withRelease(home, "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules +
            "\"\nOS_NAME=\"Linux\"\n");
    }

    static File withRelease(final Path home, final String release)
    {
        try
        {
            final Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
            Files.writeString(program, "");
            if (!program.toFile().setExecutable(true))
            {
                throw new IOException("can't be made executable: " + program);
            }
            Files.writeString(home.resolve("release"), release);
            return home.toFile();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
