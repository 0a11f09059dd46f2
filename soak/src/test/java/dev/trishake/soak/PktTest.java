// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PktTest
{
    private static final Path VECTORS = Path.of("src/test/resources/vectors/tcp/packetdrill");
    private static final Path GOOD = VECTORS.resolve("p04-rst-synrecv.pkt");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(final Object... args)
    {
        return Soak.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private Path write(final String name, final String text) throws IOException
    {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void shouldPrintALineForEachScript()
    {
        assertEquals(0, run("pkt", GOOD, VECTORS.resolve("p22-syncookie-ts.pkt")));
        assertEquals("OK p04-rst-synrecv\nOK p22-syncookie-ts\n", out.toString());
        assertEquals("p22-syncookie-ts: line 12: code is skipped\n", err.toString());
    }

    @Test
    void shouldSayWhatDiffers() throws IOException
    {
        final Path wrong = write("wrong.pkt", Files.readString(GOOD).replace("+0 > R 1:1(0)", "+0 > R. 1:1(0) ack 1"));
        assertEquals(1, run("pkt", wrong, GOOD));
        assertEquals("""
            FAIL wrong: line 12, expected > R. 1:1(0) ack 1, got > R 1:1(0) win 0 (flags)
            OK p04-rst-synrecv
            """, out.toString());
    }

    @Test
    void shouldRefuseWhatCanNotBeRead() throws IOException
    {
        refused(folder.resolve("none.pkt"), folder.resolve("none.pkt") + ": there is no such file\n");
        refused(folder, folder + " is a directory\n");
        final Path bad = write("bad.pkt", "\n0 sendfile(3) = 0\n");
        refused(bad, bad + ":2: the system call sendfile is not known here\n");
    }

    private void refused(final Object file, final String sentence)
    {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertEquals(2, run("pkt", file));
        assertEquals("", out.toString());
        assertTrue(err.toString().endsWith(sentence), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void shouldRunTheOthersToo() throws IOException
    {
        final Path wrong = write("wrong.pkt", Files.readString(GOOD).replace("> R 1:1(0)", "> R 2:2(0)"));
        assertEquals(2, run("pkt", folder.resolve("none.pkt"), wrong, GOOD));
        assertEquals(2, out.toString().lines().count());
    }

    @Test
    void shouldReadTheDefsBesideAScript() throws IOException
    {
        final Path script = Files.copy(VECTORS.resolve("p01-synack-rexmit.pkt"), folder.resolve("p01.pkt"));
        assertEquals(0, run("pkt", script));
        final Path defs = write("defs.sh", "sysctl -q net.ipv4.tcp_sack=0\n");
        assertEquals(1, run("pkt", script));
        assertTrue(out.toString().contains("FAIL p01: line 9, expected > S. 0:0(0) ack 1"), out.toString());
        Files.writeString(defs, "reboot\n");
        assertEquals(2, run("pkt", script));
        assertEquals(
            script + ":2: the command \"reboot\" is not known here: ./defs.sh and sysctl -q NAME=VALUE are\n",
            err.toString());
    }

    @Test
    void shouldNeedAFile()
    {
        assertEquals(2, run("pkt"));
        assertTrue(err.toString().startsWith("Missing required parameter: 'FILE'"), err.toString());
    }
}
