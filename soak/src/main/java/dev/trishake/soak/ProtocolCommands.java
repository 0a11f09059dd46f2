// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** A command with a subcommand for each protocol: alone it explains itself. */
@Command(synopsisSubcommandLabel = "PROTOCOL")
abstract class ProtocolCommands implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call()
    {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
