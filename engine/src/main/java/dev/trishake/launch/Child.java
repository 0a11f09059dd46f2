// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

/** Where the launched JVM begins: watches its launcher and runs the real main. It never launches again. */
final class Child
{
    private Child()
    {
    }

    /**
     * Starts.
     *
     * @param args the launcher's process ID, then the user's arguments
     * @throws Throwable whatever the real main throws
     */
    public static void main(final String[] args) throws Throwable
    {
        new LauncherWatch(Long.parseLong(args[0])).start();
        final String[] userArgs = new String[args.length - 1];
        System.arraycopy(args, 1, userArgs, 0, userArgs.length);
        RealMain.call(userArgs);
    }
}
