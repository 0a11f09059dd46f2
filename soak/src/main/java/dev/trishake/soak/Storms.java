// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Storms of handshakes, one subcommand a protocol. */
@Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Storms a server with handshakes, load after load, and measures what each costs.",
    synopsisSubcommandLabel = "PROTOCOL",
    subcommands = {StormTlcp.class},
    footerHeading = "%nExamples:%n",
    footer = "  java -jar soak.jar storm tlcp --help")
final class Storms implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call()
    {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
