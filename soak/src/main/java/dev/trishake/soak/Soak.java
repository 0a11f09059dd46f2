// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where {@code soak.jar} begins once the launcher has found a JDK. */
@Command(name = "soak.jar", mixinStandardHelpOptions = true, description = "Trishake's tools and soak tests.")
public final class Soak implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        spec.commandLine().usage(System.out);
    }

    /**
     * Runs one tool.
     *
     * @param args the tool and its arguments
     */
    public static void main(final String[] args)
    {
        System.exit(new CommandLine(new Soak()).execute(args));
    }
}
