// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A working copy of the project.
 *
 * @param root its top folder
 */
record Checkout(Path root)
{
    /** What stands in place of a commit where there is none. */
    static final String NO_COMMIT = "nocommit";

    private static final int GIT_TIMEOUT_S = 10;

    /**
     * {@return the checkout that a folder belongs to}
     *
     * @param places where to look, best first: each and the folders above it
     */
    static Optional<Checkout> find(final List<Path> places)
    {
        return places.stream()
            .flatMap(place -> Stream.iterate(place.toAbsolutePath().normalize(), path -> path != null, Path::getParent))
            .filter(Checkout::isRoot)
            .findFirst()
            .map(Checkout::new);
    }

    private static boolean isRoot(final Path folder)
    {
        return Files.isRegularFile(folder.resolve("pom.xml")) &&
            Files.isRegularFile(folder.resolve("engine/pom.xml")) &&
            Files.isRegularFile(folder.resolve("bench/pom.xml"));
    }

    /**
     * {@return the short commit, with {@code -dirty} when anything outside {@code results} is not committed;
     * {@value #NO_COMMIT} when git cannot say}
     */
    String commit()
    {
        return git("rev-parse", "--short=10", "HEAD")
            .filter(commit -> !commit.isBlank())
            .map(commit -> commit + (git("status", "--porcelain", "--", ".", ":(exclude)results")
                .filter(String::isBlank).isPresent() ? "" : "-dirty"))
            .orElse(NO_COMMIT);
    }

    private Optional<String> git(final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(arguments));
        try
        {
            final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(GIT_TIMEOUT_S, TimeUnit.SECONDS) && process.exitValue() == 0 ?
                Optional.of(output.strip()) : Optional.empty();
        }
        catch (final IOException ex)
        {
            return Optional.empty();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
