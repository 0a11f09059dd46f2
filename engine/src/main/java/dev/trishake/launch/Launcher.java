// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

/** Placeholder while the skeleton is raised. */
public final class Launcher
{
    private Launcher()
    {
    }

    /**
     * Starts.
     *
     * @param args the user's arguments
     */
    public static void main(final String[] args)
    {
        System.out.println("x");
    }
}
