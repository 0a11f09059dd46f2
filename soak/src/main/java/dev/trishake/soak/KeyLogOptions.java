// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Where the secrets of connections go, for who wants to read what was captured. */
final class KeyLogOptions
{
    @Option(names = "--keylog", paramLabel = "FILE",
        description = {
            "append the secrets of each TLCP handshake and gQUIC connection, so that decode and others read what was" +
            " captured", "whoever has the file can read the connections, and those of gQUIC also forge"})
    private Path file;

    /** {@return where secrets are to be written, open, with a warning; null where nobody wants them} */
    KeyLogFile open(final PrintWriter err) throws IOException
    {
        if (file == null)
        {
            return null;
        }
        final KeyLogFile log = KeyLogFile.open(file);
        err.println("the secrets of all connections go to " + file + ": whoever has it can read them");
        err.flush();
        return log;
    }
}
