// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import dev.trishake.bench.headline.HeadlineRun;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.List;
import java.util.regex.PatternSyntaxException;

/** Where {@code bench.jar} begins once the launcher has found a JDK: the headline run, or JMH when told anything. */
public final class BenchMain
{
    private static final int USER_MISTAKE = 2;

    private static final String HELP = """
        Measures Trishake beside its peers.

          java -jar bench.jar                        the headline set: at most 10 minutes, a table, and a folder
                                                     results/<date>-<machine>-<commit>/ with everything behind it
          java -jar bench.jar SipHash -prof gc       benchmarks that match a regular expression, with JMH's options
          java -jar bench.jar SipHash -f 1 -wi 2 -i 3
                                                     the same, quick and rough
          java -jar bench.jar TcpAccept -prof dev.trishake.bench.ServerThreadProfiler
                                                     with the cost on the server's thread
          java -jar bench.jar Checksum -jvmArgsAppend -Dagrona.disable.bounds.checks=true
                                                     without bounds checks; headline figures are taken with them
          java -jar bench.jar -l                     what there is

        Exit code of a headline run: 0 all measured, 1 something failed, 2 it could not begin; SIGTERM (143) and
        Ctrl-C (130) end it early, and what was measured is still printed and written.

        With any argument it is JMH, whose options are:
        """;

    private BenchMain()
    {
    }

    /**
     * Runs the headline set when there are no arguments, else JMH with them.
     *
     * @param args JMH's arguments, or {@code --help}
     * @throws Exception when JMH gives up
     */
    public static void main(final String[] args) throws Exception
    {
        if (args.length == 0)
        {
            System.exit(HeadlineRun.run());
        }

        final List<String> words = List.of(args);
        if (words.contains("-h") || words.contains("--help"))
        {
            System.out.println(HELP);
            Main.main(new String[]{"-h"});
            return;
        }

        final String mistake = mistake(args);
        if (!mistake.isEmpty())
        {
            System.err.println(mistake);
            System.exit(USER_MISTAKE);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(HeadlineRun::endForks, "bench-stop"));
        Main.main(args);
    }

    /** {@return one sentence about arguments that JMH could not run, else nothing} */
    static String mistake(final String[] args)
    {
        try
        {
            final CommandLineOptions options = new CommandLineOptions(args);
            final OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
            return BenchmarkList.defaultList().find(silent, options.getIncludes(), options.getExcludes()).isEmpty() ?
                "No benchmark matches " + String.join(" ", options.getIncludes()) + "; -l lists them." : "";
        }
        catch (final CommandLineOptionException ex)
        {
            return ex.getMessage() + "; -h lists the options.";
        }
        catch (final PatternSyntaxException ex)
        {
            return "Not a regular expression: " + ex.getPattern() + "; -l lists the benchmarks.";
        }
    }
}
