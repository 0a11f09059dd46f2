// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Runs code as users do, without {@code -ea}: what an assertion catches in tests must still do no harm there.
 */
public final class WithoutAssertions
{
    private WithoutAssertions()
    {
    }

    /**
     * Runs a body whose class, and every other one that it uses, is loaded anew with assertions off.
     *
     * @param body public, with a public constructor without parameters; what it throws is thrown from here
     * @throws Exception when the body fails
     */
    public static void run(final Class<? extends Runnable> body) throws Exception
    {
        final String[] places = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        final URL[] path = new URL[places.length];
        for (int i = 0; i < places.length; i++)
        {
            path[i] = new File(places[i]).toURI().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader()))
        {
            loader.setDefaultAssertionStatus(false);
            ((Runnable)loader.loadClass(body.getName()).getConstructor().newInstance()).run();
        }
    }
}
