// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The main that the jar is for: its manifest names it in {@code Trishake-Main}. */
final class RealMain
{
    private static final String ATTRIBUTE = "Trishake-Main";

    private RealMain()
    {
    }

    /**
     * Runs it on this thread. What it throws is thrown from here, as if it had been started by {@code java} itself.
     *
     * @param args the user's arguments
     * @throws Throwable whatever the main throws
     */
    static void call(final String[] args) throws Throwable
    {
        final Method main;
        try
        {
            main = Class.forName(nameInManifest()).getMethod("main", String[].class);
        }
        catch (final ClassNotFoundException | NoSuchMethodException | IOException ex)
        {
            System.err.println("Trishake's launcher has nothing to start: " + ex.getMessage() +
                ". It is the Main-Class of bench.jar and soak.jar and does not run outside of them.");
            System.exit(Launcher.CANNOT_START);
            return;
        }
        try
        {
            main.invoke(null, (Object)args);
        }
        catch (final InvocationTargetException ex)
        {
            throw ex.getCause();
        }
    }

    private static String nameInManifest() throws IOException
    {
        final File file = location();
        if (!file.isFile())
        {
            throw new IOException(file + " is no jar");
        }
        try (JarFile jar = new JarFile(file))
        {
            final Manifest manifest = jar.getManifest();
            final String name = manifest == null ? null : manifest.getMainAttributes().getValue(ATTRIBUTE);
            if (name == null)
            {
                throw new IOException("no " + ATTRIBUTE + " in the manifest of " + file);
            }
            return name;
        }
    }

    private static File location() throws IOException
    {
        try
        {
            return new File(RealMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (final URISyntaxException | IllegalArgumentException ex)
        {
            throw new IOException("the jar's own address can't be read", ex);
        }
    }
}
