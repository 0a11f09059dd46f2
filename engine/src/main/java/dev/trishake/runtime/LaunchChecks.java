// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

/**
 * Looks for what the JVM must have been started with, before any class is touched that would fail without it. Imports
 * nothing that could.
 */
final class LaunchChecks
{
    private static final int LEAST_FEATURE = 25;
    private static final String UNSAFE_PACKAGE = "jdk.internal.misc";

    private LaunchChecks()
    {
    }

    /** Throws an exception that names the first flag that is missing. */
    static void check(final boolean needsNativeAccess)
    {
        if (Runtime.version().feature() < LEAST_FEATURE)
        {
            throw new IllegalStateException("Trishake needs Java " + LEAST_FEATURE + " or newer, this is " +
                Runtime.version() + ": start it with a newer one");
        }
        final Module ours = LaunchChecks.class.getModule();
        if (!Object.class.getModule().isOpen(UNSAFE_PACKAGE, ours))
        {
            throw new IllegalStateException("Agrona's buffers need a package of the JDK that is closed: add " +
                "--add-opens java.base/" + UNSAFE_PACKAGE + "=" + name(ours) + " to the java command");
        }
        if (needsNativeAccess && !ours.isNativeAccessEnabled())
        {
            throw new IllegalStateException("system calls need native access: add --enable-native-access=" +
                name(ours) + " to the java command");
        }
    }

    private static String name(final Module module)
    {
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }
}
