// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import org.openjdk.jmh.Main;

/** Where {@code bench.jar} begins once the launcher has found a JDK. */
public final class BenchMain
{
    private BenchMain()
    {
    }

    /**
     * Runs JMH.
     *
     * @param args JMH's arguments
     * @throws Exception when JMH gives up
     */
    public static void main(final String[] args) throws Exception
    {
        Main.main(args);
    }
}
