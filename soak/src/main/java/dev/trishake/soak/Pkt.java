// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.pkt.Failure;
import dev.trishake.soak.pkt.PacketScript;
import dev.trishake.soak.pkt.ScriptException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Runs packetdrill scripts against the engine's TCP core. */
@Command(
    name = "pkt",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Runs packetdrill scripts against the engine's TCP core, in virtual time: a line each.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every script is OK",
        "1:at least one FAILed",
        "2:wrong arguments, a file that can't be read, or a script with something that is not known here"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar pkt p01-synack-rexmit.pkt",
        "  java -jar soak.jar pkt scripts/*.pkt",
        "",
        "A script's ./defs.sh is the file beside it; where there is none, the settings of Trishake's own scripts.",
        "Times may differ by 250 ms, or by what the script's --tolerance_usecs=N says."})
final class Pkt implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final String SUFFIX = ".pkt";
    private static final String DEFS = "defs.sh";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "packetdrill scripts")
    private List<Path> files;

    @Override
    public Integer call()
    {
        int exitCode = CommandLine.ExitCode.OK;
        for (final Path file : files)
        {
            exitCode = Math.max(exitCode, run(file));
        }
        return exitCode;
    }

    private int run(final Path file)
    {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        try
        {
            final String name = name(file);
            final PacketScript script = PacketScript.parse(read(file), defs(file));
            script.notes().forEach(note -> err.println(name + ": " + note));
            final Optional<Failure> failure = script.run();
            out.println(failure.map(found -> "FAIL " + name + ": " + found).orElse("OK " + name));
            return failure.isPresent() ? NOT_ALL : CommandLine.ExitCode.OK;
        }
        catch (final ScriptException ex)
        {
            err.println(file + ":" + ex.line() + ": " + ex.getMessage());
        }
        catch (final IOException ex)
        {
            err.println(Soak.sentence(ex));
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static String name(final Path file)
    {
        final String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    private static String defs(final Path file) throws IOException
    {
        final Path defs = file.resolveSibling(DEFS);
        return Files.exists(defs) ? read(defs) : null;
    }

    /** Whatever it holds is text: what is none is found by the grammar. */
    private static String read(final Path file) throws IOException
    {
        if (Files.isDirectory(file))
        {
            throw new IOException(file + " is a directory");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
