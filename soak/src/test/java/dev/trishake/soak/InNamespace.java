// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.packet.NetworkNamespace;
import org.junit.jupiter.api.function.Executable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Runs a test on a thread that has a network namespace of its own: the machine's network is never touched. */
final class InNamespace
{
    private static final long PATIENCE_MS = 90_000;

    private InNamespace()
    {
    }

    static void run(final Executable test) throws Throwable
    {
        assumeTrue(Libc.SUPPORTED, "Linux is needed");
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "/dev/net/tun and root are needed");
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final AtomicReference<String> missing = new AtomicReference<>();
        final Thread thread = new Thread(() ->
        {
            try
            {
                NetworkNamespace.enterNew();
            }
            catch (final DeviceException ex)
            {
                missing.set(ex.getMessage());
                return;
            }
            try
            {
                test.execute();
            }
            catch (final Throwable ex)
            {
                failure.set(ex);
            }
        }, "in-namespace");
        thread.setDaemon(true);
        thread.start();
        thread.join(PATIENCE_MS);
        assertFalse(thread.isAlive(), "the test hangs");
        if (missing.get() != null)
        {
            abort(missing.get());
        }
        if (failure.get() != null)
        {
            throw failure.get();
        }
    }
}
