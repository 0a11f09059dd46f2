// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Where JDKs are, the user's word first: {@code JAVA25_HOME}, {@code JAVA_HOME}, {@code JDK_HOME}, Maven's
 * {@code toolchains.xml}, the folders that systems and tools keep them in, the {@code PATH}. The system property
 * {@code trishake.jdks}, a list of homes and of folders of homes, replaces all of these.
 *
 * <p>For others there is {@link #program}: what runs on an older JDK only is started there.
 */
public final class JdkFinder
{
    /** System property: the only places to look in. */
    static final String PLACES_PROPERTY = "trishake.jdks";

    /** Below the user's home: SDKMAN, jenv, asdf, mise, IntelliJ, Gradle, Maven, JBang, macOS. */
    private static final String[] USER_FOLDERS = {
        ".sdkman/candidates/java", ".jenv/versions", ".asdf/installs/java", ".local/share/mise/installs/java",
        ".jdks", ".gradle/jdks", ".m2/jdks", ".jbang/cache/jdks", "Library/Java/JavaVirtualMachines"};

    /** Linux, macOS, Homebrew. */
    private static final String[] SYSTEM_FOLDERS = {
        "/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/usr/local", "/opt", "/opt/java",
        "/Library/Java/JavaVirtualMachines",
        "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"};

    /** Windows: where programs are, and whose JDKs are there. */
    private static final String[] PROGRAMS_VARIABLES = {"ProgramFiles", "LOCALAPPDATA"};
    private static final String[] VENDOR_FOLDERS = {
        "Java", "Eclipse Adoptium", "Microsoft", "Zulu", "Amazon Corretto", "BellSoft", "Programs/Eclipse Adoptium"};

    /** A JDK's home within its folder: plain, a macOS bundle, Homebrew's. */
    private static final String[] LAYOUTS = {"", "Contents/Home", "libexec/openjdk.jdk/Contents/Home"};

    private final Map<String, String> environment;
    private final File userHome;
    private final String[] systemFolders;
    private final String onlyPlaces;
    private final int feature;
    private final List<Jdk> wanted = new ArrayList<Jdk>();
    private final List<Jdk> newer = new ArrayList<Jdk>();

    JdkFinder(
        final Map<String, String> environment,
        final File userHome,
        final String[] systemFolders,
        final String onlyPlaces,
        final int feature)
    {
        this.environment = environment;
        this.userHome = userHome;
        this.systemFolders = systemFolders;
        this.onlyPlaces = onlyPlaces;
        this.feature = feature;
    }

    static JdkFinder ofThisMachine()
    {
        return ofThisMachine(Jdk.WANTED);
    }

    private static JdkFinder ofThisMachine(final int feature)
    {
        return new JdkFinder(
            System.getenv(),
            new File(System.getProperty("user.home")),
            SYSTEM_FOLDERS,
            System.getProperty(PLACES_PROPERTY),
            feature);
    }

    /**
     * {@return the {@code java} of a JDK of just this feature release on this machine, or null where there is none; it
     * may be no more than a JRE, which runs classes and no sources}
     *
     * @param feature 17 for Java 17
     */
    public static File program(final int feature)
    {
        return ofThisMachine(feature).program();
    }

    File program()
    {
        final List<Jdk> found = find();
        return found.isEmpty() || found.get(0).feature() != feature ? null : found.get(0).program();
    }

    /**
     * {@return the JDKs that will do, in the order to try them: every one of the wanted release before any newer one,
     * and among equals in the order of the places; maybe empty}
     */
    List<Jdk> find()
    {
        if (onlyPlaces == null)
        {
            lookWhereTheUserSays();
            lookInUsualFolders();
            lookOnPath();
        }
        else
        {
            for (final String place : places(onlyPlaces))
            {
                lookAt(new File(place));
                lookInside(new File(place));
            }
        }
        wanted.addAll(newer);
        newer.clear();
        return wanted;
    }

    private void lookWhereTheUserSays()
    {
        for (final String variable : new String[] {"JAVA" + feature + "_HOME", "JAVA_HOME", "JDK_HOME"})
        {
            final String home = environment.get(variable);
            if (home != null && !home.isEmpty())
            {
                lookAt(new File(home));
            }
        }
        final String toolchains = withoutComments(Jdk.text(new File(userHome, ".m2/toolchains.xml")));
        final String open = "<jdkHome>";
        int at = toolchains.indexOf(open);
        while (at >= 0)
        {
            final int end = toolchains.indexOf('<', at + open.length());
            if (end > 0)
            {
                lookAt(new File(toolchains.substring(at + open.length(), end).trim()));
            }
            at = toolchains.indexOf(open, at + open.length());
        }
    }

    private void lookInUsualFolders()
    {
        for (final String folder : systemFolders)
        {
            lookInside(new File(folder));
        }
        for (final String folder : USER_FOLDERS)
        {
            lookInside(new File(userHome, folder));
        }
        for (final String variable : PROGRAMS_VARIABLES)
        {
            final String programs = environment.get(variable);
            for (int i = 0; programs != null && i < VENDOR_FOLDERS.length; i++)
            {
                lookInside(new File(programs, VENDOR_FOLDERS[i]));
            }
        }
    }

    private void lookOnPath()
    {
        for (final String folder : places(environment.get("PATH")))
        {
            try
            {
                // most are links into a JDK's bin
                final File bin = new File(folder, "java").getCanonicalFile().getParentFile();
                if (bin != null && bin.getParentFile() != null)
                {
                    lookAt(bin.getParentFile());
                }
            }
            catch (final IOException ex)
            {
                // a folder that can't be read holds no JDK
            }
        }
    }

    private void lookInside(final File folder)
    {
        final String[] names = folder.list();
        if (names != null)
        {
            // the names mostly end with the version: the latest update first
            Arrays.sort(names, Collections.reverseOrder());
            for (final String name : names)
            {
                lookAt(new File(folder, name));
            }
        }
    }

    private void lookAt(final File folder)
    {
        for (final String layout : LAYOUTS)
        {
            final Jdk jdk = Jdk.in(layout.isEmpty() ? folder : new File(folder, layout));
            if (jdk != null && jdk.feature() >= feature)
            {
                (jdk.feature() == feature ? wanted : newer).add(jdk);
            }
        }
    }

    /** {@return the entries of a path list, without empty ones; none for null} */
    private static List<String> places(final String list)
    {
        final List<String> places = new ArrayList<String>();
        final StringTokenizer tokens = new StringTokenizer(list == null ? "" : list, File.pathSeparator);
        while (tokens.hasMoreTokens())
        {
            places.add(tokens.nextToken());
        }
        return places;
    }

    private static String withoutComments(final String xml)
    {
        String rest = xml;
        for (int at = rest.indexOf("<!--"); at >= 0; at = rest.indexOf("<!--"))
        {
            final int end = rest.indexOf("-->", at);
            rest = rest.substring(0, at) + (end < 0 ? "" : rest.substring(end + "-->".length()));
        }
        return rest;
    }
}
