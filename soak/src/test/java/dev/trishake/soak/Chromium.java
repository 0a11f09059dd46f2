// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A headless Chromium of the time when it spoke gQUIC, out of packages of npm, and what it logs of its network. It is
 * made for one page, and for a server that it has never seen.
 */
final class Chromium implements AutoCloseable
{
    private static final Path FOLDER = Path.of("target/chromium").toAbsolutePath();
    private static final int FETCH_S = 120;
    private static final int LEAVE_S = 5;
    private static final Pattern CONSTANT = Pattern.compile("\"([A-Z0-9_]+)\":(\\d+)");
    private static final Pattern TYPE = Pattern.compile("\"type\":(\\d+)}[\\]},]*$");

    private final Path folder;
    private final Process process;

    /** Which one there is, and the version of the package that has it. */
    enum Release
    {
        /** 71.0.3563.0. */
        CHROMIUM_71("1.9.1"),
        /** 72.0.3617.0. */
        CHROMIUM_72("1.11.2"),
        /** 74.0.3723.0. */
        CHROMIUM_74("1.13.0");

        private final String version;

        Release(final String version)
        {
            this.version = version;
        }

        /** {@return the program, fetched once and kept; where that can't be, the test is skipped} */
        Path program() throws IOException, InterruptedException
        {
            final Path program = FOLDER.resolve(name().toLowerCase(Locale.ROOT));
            if (!Files.isExecutable(program))
            {
                final String archive = "chrome-aws-lambda-" + version + ".tgz";
                Files.createDirectories(FOLDER);
                assumeTrue(Files.exists(FOLDER.resolve(archive)) ||
                    run("npm", "pack", "--silent", "chrome-aws-lambda@" + version), "npm and its registry are needed");
                final Path unpacked = Files.createDirectories(FOLDER.resolve(version));
                assumeTrue(run("tar", "-xzf", archive, "-C", unpacked.toString()), "tar is needed");
                final Path compressed;
                try (Stream<Path> files = Files.list(unpacked.resolve("package/bin")))
                {
                    compressed = files.filter(file -> file.toString().endsWith(".br")).findFirst().orElseThrow();
                }
                assumeTrue(run("node", "-e", "const fs = require('fs'), zlib = require('zlib');" +
                    "fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))",
                    compressed.toString(), program + ".part"), "node with brotli is needed");
                assumeTrue(new File(program + ".part").setExecutable(true));
                Files.move(Path.of(program + ".part"), program);
            }
            return program;
        }
    }

    /**
     * Opens a page.
     *
     * @param program  see {@link Release#program()}
     * @param folder   where its files go
     * @param port     of the server, on the loopback
     * @param keyHash  SHA-256 of the public key that it is to trust, in base64
     * @param version  of QUIC, 39, 43 or 44
     */
    Chromium(
        final Path program, final Path folder, final int port, final String keyHash, final int version)
        throws IOException
    {
        this.folder = folder;
        final List<String> command = List.of(program.toString(), "--headless", "--no-sandbox",
            "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
            // its network lives in a process of its own, which does not mind when the one that shows pages ends
            "--enable-features=NetworkService", "--user-data-dir=" + folder.resolve("user"),
            "--enable-quic", "--origin-to-force-quic-on=127.0.0.1:" + port,
            "--ignore-certificate-errors-spki-list=" + keyHash, "--log-net-log=" + folder.resolve("net.json"),
            "--quic-version=QUIC_VERSION_" + version, "--dump-dom", "https://127.0.0.1:" + port + "/");
        process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.log").toFile()).start();
    }

    private static boolean run(final String... command) throws InterruptedException
    {
        try
        {
            final Process process = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("fetch.log").toFile()).start();
            if (!process.waitFor(FETCH_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
            return process.waitFor() == 0;
        }
        catch (final IOException ex)
        {
            return false; // there is no such program
        }
    }

    @Override
    public void close()
    {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Lets it end and answers what happened in its QUIC: names of events, each with what it says. */
    List<String> leave() throws IOException, InterruptedException
    {
        final List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        process.waitFor(LEAVE_S, TimeUnit.SECONDS);
        children.forEach(ProcessHandle::destroyForcibly);
        final List<String> lines = Files.readAllLines(folder.resolve("net.json"), StandardCharsets.UTF_8);
        final Map<String, String> names = new HashMap<>();
        final Matcher constants = CONSTANT.matcher(lines.get(0).replaceAll(".*\"logEventTypes\":\\{([^}]*)}.*", "$1"));
        while (constants.find())
        {
            names.put(constants.group(2), constants.group(1));
        }
        final List<String> events = new ArrayList<>();
        for (final String line : lines)
        {
            final Matcher type = TYPE.matcher(line);
            if (type.find() && names.getOrDefault(type.group(1), "").contains("QUIC"))
            {
                events.add(names.get(type.group(1)) + " " + line);
            }
        }
        return events;
    }
}
