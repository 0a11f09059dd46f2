// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Linux's settings, where the core has them. */
final class Sysctl
{
    /** What {@code defs.sh} sets where a script has none beside it. */
    static final String DEFS = """
        sysctl -q net.ipv4.tcp_rmem="4096 540000 15728640" net.ipv4.tcp_timestamps=1 net.ipv4.tcp_syncookies=1 \
        net.ipv4.tcp_sack=1 net.ipv4.tcp_ecn=0 net.ipv4.tcp_fastopen=0 net.ipv4.tcp_synack_retries=5 \
        net.ipv4.tcp_syn_retries=5 net.ipv4.tcp_abort_on_overflow=0 net.ipv4.tcp_invalid_ratelimit=0 \
        net.ipv4.tcp_min_snd_mss=48
        """;

    private static final String TCP = "net.ipv4.tcp_";
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_SECOND = 1_000 * NS_PER_MS;
    private static final long NS_PER_US = 1_000;
    private static final int MAX_SHIFT = 14;
    private static final int WINDOW_BITS = 15;
    private static final Pattern PRODUCT = Pattern.compile("\\$\\(\\(\\s*([0-9]+(?:\\s*\\*\\s*[0-9]+)*)\\s*\\)\\)");

    /** What the core does not have, and a script may set to these values only, which say just that. */
    private static final Map<String, Set<String>> FIXED = Map.of(
        "ecn", Set.of("0"),
        "fastopen", Set.of("0"),
        "min_snd_mss", Set.of("48"),
        "window_scaling", Set.of("1"),
        "thin_linear_timeouts", Set.of("0"),
        "mtu_probing", Set.of("0"),
        "l3mdev_accept", Set.of("0"),
        "migrate_req", Set.of("0"));

    /** What has nothing to act on here. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
        "no_metrics_save", "no_ssthresh_metrics_save", "moderate_rcvbuf", "autocorking", "wmem", "mem", "tw_reuse",
        "tw_reuse_delay", "min_tso_segs", "tso_win_divisor", "stdurg", "retries1");

    private final TcpConfig config;

    Sysctl(final TcpConfig config)
    {
        this.config = config;
    }

    void set(final int line, final String name, final String value) throws ScriptException
    {
        final String dotted = name.replace('/', '.');
        try
        {
            final boolean isKnown = dotted.startsWith(TCP) ?
                setTcp(dotted.substring(TCP.length()), value.strip()) : setOther(dotted, value.strip());
            if (!isKnown)
            {
                throw new ScriptException(line, "the setting " + name + " is not known here");
            }
        }
        catch (final IllegalArgumentException ex) // NumberFormatException is one
        {
            throw new ScriptException(line, "the setting " + name + " can't be \"" + value + "\" here");
        }
    }

    private boolean setOther(final String name, final String value)
    {
        if (name.equals("net.core.somaxconn"))
        {
            config.somaxconn(Integer.parseInt(value));
            return true;
        }
        return false;
    }

    private boolean setTcp(final String name, final String value)
    {
        if (FIXED.containsKey(name))
        {
            if (!FIXED.get(name).contains(value))
            {
                throw new IllegalArgumentException(value);
            }
            return true;
        }
        if (WITHOUT_EFFECT.contains(name))
        {
            return true;
        }
        return setNumber(name, value) || setTime(name, value);
    }

    private boolean setNumber(final String name, final String value)
    {
        switch (name)
        {
            case "rmem" -> config.windowScale(windowScale(value));
            case "timestamps" -> config.timestamps(Integer.parseInt(value) != 0);
            case "sack" -> config.sack(Integer.parseInt(value) != 0);
            case "syncookies" -> config.synCookies(switch (value)
            {
                case "0" -> SynCookieMode.OFF;
                case "1" -> SynCookieMode.ON_OVERFLOW;
                case "2" -> SynCookieMode.ALWAYS;
                default -> throw new IllegalArgumentException(value);
            });
            case "synack_retries" -> config.synAckRetries(Integer.parseInt(value));
            case "syn_retries" -> config.synRetries(Integer.parseInt(value));
            case "syn_linear_timeouts" -> config.synLinearTimeouts(Integer.parseInt(value));
            case "retries2" -> config.retries(Integer.parseInt(value));
            case "abort_on_overflow" -> config.abortOnOverflow(Integer.parseInt(value) != 0);
            case "rfc1337" -> config.rfc1337(Integer.parseInt(value) != 0);
            case "max_syn_backlog" -> config.halfOpen(Integer.parseInt(value));
            case "max_tw_buckets" -> config.timeWait(Integer.parseInt(value));
            case "challenge_ack_limit" -> config.challengeAckLimit(Integer.parseInt(value));
            case "keepalive_probes" -> config.keepAliveProbes(Integer.parseInt(value));
            default ->
            {
                return false;
            }
        }
        return true;
    }

    private boolean setTime(final String name, final String value)
    {
        switch (name)
        {
            case "invalid_ratelimit" -> config.invalidRateLimitNs(time(value, NS_PER_MS));
            case "fin_timeout" -> config.finTimeoutNs(time(value, NS_PER_SECOND));
            case "keepalive_time" -> config.keepAliveIdleNs(time(value, NS_PER_SECOND));
            case "keepalive_intvl" -> config.keepAliveIntervalNs(time(value, NS_PER_SECOND));
            case "rto_min_us" -> config.rtoMinNs(time(value, NS_PER_US));
            case "rto_max_ms" -> config.rtoMaxNs(time(value, NS_PER_MS));
            default ->
            {
                return false;
            }
        }
        return true;
    }

    private static long time(final String value, final long unit)
    {
        return Integer.parseInt(value) * unit;
    }

    /** Linux's choice: what the greatest buffer needs beyond 16 bits. */
    private static int windowScale(final String rmem)
    {
        final String[] sizes = withProducts(rmem).split("\\s+", -1);
        if (sizes.length != 3)
        {
            throw new IllegalArgumentException(rmem);
        }
        final long greatest = Long.parseLong(sizes[2]);
        if (greatest < 1)
        {
            throw new IllegalArgumentException(rmem);
        }
        final int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(greatest);
        return Math.max(0, Math.min(bits - WINDOW_BITS, MAX_SHIFT));
    }

    /** Replaces <code>$((15*1024*1024))</code> by its value. */
    private static String withProducts(final String text)
    {
        final Matcher matcher = PRODUCT.matcher(text);
        final StringBuilder replaced = new StringBuilder();
        while (matcher.find())
        {
            long product = 1;
            for (final String factor : matcher.group(1).split("\\*", -1))
            {
                product *= Integer.parseInt(factor.strip());
            }
            matcher.appendReplacement(replaced, Long.toString(product));
        }
        return matcher.appendTail(replaced).toString();
    }
}
