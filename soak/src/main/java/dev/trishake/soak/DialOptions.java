// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.Option;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How many handshakes a dialer makes, how many of them at once, and what it sends: the same for all protocols. */
final class DialOptions
{
    private static final int MAX_CONCURRENCY = 1024;
    private static final int FEW = 100;

    @Option(names = "-n", defaultValue = "1000", paramLabel = "N",
        description = "how many handshakes (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--concurrency", defaultValue = "1", paramLabel = "C",
        description = "how many at once, up to " + MAX_CONCURRENCY + " (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(names = "--echo", defaultValue = "", paramLabel = "TEXT",
        description = "send this and wait until it has come back")
    private String echo;

    @Option(names = "--timeout", defaultValue = "10", paramLabel = "SECONDS",
        description = "how long a handshake may take (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    /** {@return what is wrong with the options, or null} */
    String mistake()
    {
        return count < 1 || concurrency < 1 || concurrency > MAX_CONCURRENCY || timeoutSeconds < 1 ?
            "-n and --timeout take numbers from 1 on, --concurrency from 1 to " + MAX_CONCURRENCY : null;
    }

    int count()
    {
        return count;
    }

    /** {@return whether there are so few that kernels need no warming up} */
    boolean areFew()
    {
        return count < FEW;
    }

    int concurrency()
    {
        return concurrency;
    }

    /** {@return the text to send, empty where none is} */
    byte[] echo()
    {
        return echo.getBytes(StandardCharsets.UTF_8);
    }

    boolean wantsEcho()
    {
        return !echo.isEmpty();
    }

    long timeoutNs()
    {
        return TimeUnit.SECONDS.toNanos(timeoutSeconds);
    }
}
