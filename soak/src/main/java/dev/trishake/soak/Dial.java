// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.Command;

/** Clients of ours, one subcommand a protocol. */
@Command(
    name = "dial",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Shakes hands as a client, again and again.",
    subcommands = {DialTcp.class, DialTlcp.class, DialGquic.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar dial tcp --help",
        "  java -jar soak.jar dial tlcp --help",
        "  java -jar soak.jar dial gquic --help"})
final class Dial extends ProtocolCommands
{
}
