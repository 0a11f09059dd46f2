// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;

/** Where {@code soak.jar} begins once the launcher has found a JDK: finds the tool and runs it. */
@Command(
    name = "soak.jar",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Trishake's tools and soak tests.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
        Serve.class, Dial.class, SynFlood.class, ChloFlood.class, Storms.class, Stat.class, Pkt.class, Decode.class,
        Pki.class, Timing.class, CommandLine.HelpCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar serve --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2 --tcp 80 --echo",
        "  java -jar soak.jar decode capture.pcap",
        "  java -jar soak.jar decode --style wireshark capture.pcap",
        "  java -jar soak.jar decode --tlcp handshake.pcap",
        "  java -jar soak.jar pki /tmp/pki",
        "  java -jar soak.jar pkt p01-synack-rexmit.pkt",
        "  java -jar soak.jar storm tlcp",
        "  java -jar soak.jar timing",
        "  java -jar soak.jar help decode"})
public final class Soak implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            final String version = Soak.class.getPackage().getImplementationVersion();
            return new String[] {"trishake " + (version == null ? "(not from a jar)" : version)};
        }
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    static CommandLine commandLine()
    {
        return new CommandLine(new Soak())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Soak::sayWhatIsWrong);
    }

    /** One sentence: the usage of a tool with many options would hide it. */
    private static int sayWhatIsWrong(final CommandLine.ParameterException ex, final String[] args)
    {
        final CommandLine tool = ex.getCommandLine();
        tool.getErr().println(ex.getMessage() + "; see " + tool.getCommandSpec().qualifiedName() + " --help");
        CommandLine.UnmatchedArgumentException.printSuggestions(ex, tool.getErr());
        return CommandLine.ExitCode.USAGE;
    }

    /** {@return why a file can't be read, as a user is told} */
    static String sentence(final IOException ex)
    {
        return switch (ex)
        {
            case final NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case final AccessDeniedException denied -> denied.getFile() + ": permission to read it is denied";
            default -> ex.getMessage();
        };
    }

    /**
     * Runs one tool and ends the process with its exit code: 0 done, 1 not all done, 2 wrong arguments or input.
     *
     * @param args the tool and its arguments
     */
    public static void main(final String[] args)
    {
        final PrintWriter out = new PrintWriter(new BufferedWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), 1 << 16));
        final int exitCode = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(exitCode);
    }
}
