// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.Command;

/** Storms of handshakes, one subcommand a protocol. */
@Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Storms a server with handshakes, load after load, and measures what each costs.",
    subcommands = {StormTlcp.class, StormGquic.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar storm tlcp --help",
        "  java -jar soak.jar storm gquic --help"})
final class Storms extends ProtocolCommands
{
}
