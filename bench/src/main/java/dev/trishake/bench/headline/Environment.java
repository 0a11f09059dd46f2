// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a figure depends on beside the code: the machine, its system and the JVM, without anything private (no host
 * name, no user name). What the system does not tell is {@value #UNKNOWN}; asking never fails.
 */
final class Environment
{
    static final String UNKNOWN = "unknown";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path CPU0 = Path.of("/sys/devices/system/cpu/cpu0");
    private static final Path VULNERABILITIES = Path.of("/sys/devices/system/cpu/vulnerabilities");

    private Environment()
    {
    }

    /** {@return the processor's name as the system gives it} */
    static String cpuModel()
    {
        return field(CPU_INFO, "model name").or(() -> field(CPU_INFO, "Model"))
            .orElseGet(() -> System.getProperty("os.arch", UNKNOWN));
    }

    /** {@return the processors that the JVM may use} */
    static int cores()
    {
        return Runtime.getRuntime().availableProcessors();
    }

    /** {@return name to value, in the order of a page} */
    static Map<String, String> collect()
    {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cpu", cpuModel() + cpuVersion());
        facts.put("cores", cores() + " usable by the JVM");
        facts.put("frequency", field(CPU_INFO, "cpu MHz").map(mhz -> mhz + " MHz now").orElse(UNKNOWN));
        facts.put("vectors", vectors());
        facts.put("governor", line(CPU0.resolve("cpufreq/scaling_governor")).orElse(UNKNOWN));
        facts.put("caches", caches());
        facts.put("memory", field(MEMORY_INFO, "MemTotal").orElse(UNKNOWN));
        facts.put("huge pages", line(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")).orElse(UNKNOWN));
        facts.put("virtualised", virtualised());
        facts.put("mitigations", mitigations());
        facts.put("system", String.join(" ", System.getProperty("os.name", UNKNOWN),
            System.getProperty("os.version", ""), System.getProperty("os.arch", "")));
        facts.put("jvm", String.join(" ", System.getProperty("java.vm.name", UNKNOWN),
            System.getProperty("java.vm.version", ""), System.getProperty("java.vendor", "")));
        return facts;
    }

    /** {@return the command that repeats a headline run of this jar or class folder, with this JVM's flags} */
    static String commandLine(final Path code)
    {
        final List<String> words = new ArrayList<>(List.of("java"));
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of(Files.isDirectory(code) ? "-cp" : "-jar", code.getFileName().toString()));
        return withoutHome(String.join(" ", words));
    }

    /** {@return the text with the user's home as {@code ~}} */
    static String withoutHome(final String text)
    {
        return withoutHome(text, System.getProperty("user.home", ""));
    }

    /** {@return the text with a user's home as {@code ~}; unchanged when there is none or it is the root} */
    static String withoutHome(final String text, final String home)
    {
        return home.length() > 1 ? text.replace(home + "/", "~/") : text;
    }

    /** {@return runnable threads averaged over a minute, as text} */
    static String loadAverage()
    {
        final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? UNKNOWN : String.format(Locale.ROOT, "%.2f", load);
    }

    /** {@return lines of {@code name: value}, values in one column} */
    static String text(final Map<String, String> facts)
    {
        final int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0) + 1;
        return facts.entrySet().stream()
            .map(fact -> fact.getKey() + ":" + " ".repeat(width - fact.getKey().length()) + fact.getValue() + "\n")
            .collect(Collectors.joining());
    }

    /** {@return what tells processors apart where the hypervisor hides the model's name} */
    private static String cpuVersion()
    {
        final String version = Stream.of("cpu family", "model", "stepping")
            .map(name -> field(CPU_INFO, name).map(value -> name.replace("cpu ", "") + " " + value).orElse(""))
            .filter(value -> !value.isEmpty())
            .collect(Collectors.joining(", "));
        return version.isEmpty() ? "" : " (" + version + ")";
    }

    /** {@return the processor's vector instructions that our kernels can use} */
    private static String vectors()
    {
        return field(CPU_INFO, "flags")
            .map(flags -> Stream.of(flags.split(" "))
                .filter(flag -> flag.matches("avx2|fma|avx512(f|dq|ifma|vl)|bmi2|sha_ni|v?pclmulqdq|v?aes"))
                .collect(Collectors.joining(" ")))
            .orElse(UNKNOWN);
    }

    private static String caches()
    {
        final List<String> caches = new ArrayList<>();
        for (int i = 0; ; i++)
        {
            final Path cache = CPU0.resolve("cache/index" + i);
            final Optional<String> size = line(cache.resolve("size"));
            if (size.isEmpty())
            {
                return caches.isEmpty() ? UNKNOWN : String.join(", ", caches);
            }
            final String kind = line(cache.resolve("type")).orElse("").replace("Data", "d").replace("Instruction", "i")
                .replace("Unified", "");
            caches.add("L" + line(cache.resolve("level")).orElse("?") + kind + " " + size.get());
        }
    }

    private static String virtualised()
    {
        final Optional<String> flags = field(CPU_INFO, "flags");
        if (flags.isEmpty())
        {
            return UNKNOWN;
        }
        final boolean guest = (" " + flags.get() + " ").contains(" hypervisor ");
        final String product = Stream.of("sys_vendor", "product_name")
            .map(name -> line(Path.of("/sys/class/dmi/id", name)).orElse(""))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.joining(" "));
        return guest ? "yes" + (product.isEmpty() ? "" : " (" + product + ")") : "no";
    }

    /** {@return the processor faults that the kernel works around, which makes its calls dearer} */
    private static String mitigations()
    {
        try (Stream<Path> files = Files.list(VULNERABILITIES))
        {
            final String names = files
                .filter(file -> line(file).filter(state -> state.startsWith("Mitigation")).isPresent())
                .map(file -> file.getFileName().toString())
                .sorted()
                .collect(Collectors.joining(", "));
            return names.isEmpty() ? "none" : names;
        }
        catch (final IOException | UncheckedIOException ex)
        {
            return UNKNOWN;
        }
    }

    private static Optional<String> field(final Path file, final String name)
    {
        try (Stream<String> lines = Files.lines(file))
        {
            return lines.filter(line -> line.matches(name + "\\s*:.*"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
        }
        catch (final IOException | UncheckedIOException ex)
        {
            return Optional.empty();
        }
    }

    private static Optional<String> line(final Path file)
    {
        try (Stream<String> lines = Files.lines(file))
        {
            return lines.findFirst().map(String::strip);
        }
        catch (final IOException | UncheckedIOException ex)
        {
            return Optional.empty();
        }
    }
}
