// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Command;
import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.soak.pkt.Script.Option;
import dev.trishake.soak.pkt.Script.SystemCall;
import dev.trishake.tcp.TcpConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A packetdrill script that can be run against the engine's TCP core, any number of times: each run is the same. */
public final class PacketScript
{
    /** packetdrill's {@code --tolerance_usecs} where nothing else is said, as the twelve scripts need it. */
    public static final long DEFAULT_TOLERANCE_NS = 250_000_000;

    private static final int MAX_LENGTH = 1 << 20;
    private static final long NS_PER_US = 1_000;
    private static final long MAX_TOLERANCE_US = 3_600_000_000L;
    private static final long SECRET_0 = 0x7061_636b_6574_6472L;
    private static final long SECRET_1 = 0x696c_6c73_6372_6970L;

    private final Script script;
    private final TcpConfig config;
    private final long toleranceNs;
    private final List<String> notes = new ArrayList<>();

    private PacketScript(final Script script, final TcpConfig config, final long toleranceNs)
    {
        this.script = script;
        this.config = config;
        this.toleranceNs = toleranceNs;
    }

    /**
     * Understands a script.
     *
     * @param text  all of it
     * @param defs  the text of {@code defs.sh}, or null for the one this project knows
     * @return the script, ready to be run
     * @throws ScriptException where it has something that is not known here
     */
    public static PacketScript parse(final String text, final String defs) throws ScriptException
    {
        if (text.length() > MAX_LENGTH)
        {
            throw new ScriptException(1, "the script is longer than " + MAX_LENGTH + " characters");
        }
        final Script script = Parser.parse(text);
        final TcpConfig config = linux();
        final Signatures signatures = new Signatures(config);
        if (script.init() != null)
        {
            new Shell(new Sysctl(config), defs == null ? Sysctl.DEFS : defs).run(script.init());
        }
        final PacketScript packetScript = new PacketScript(script, config, toleranceNs(script));
        for (final Event event : script.events())
        {
            packetScript.check(event, signatures);
        }
        return packetScript;
    }

    /** The core as Linux is set before {@code defs.sh}; small. */
    private static TcpConfig linux()
    {
        return new TcpConfig(SECRET_0, SECRET_1)
            .addressIpv4(VirtualHost.LOCAL)
            .rfc1337(false)
            .resetsPerSecond(Integer.MAX_VALUE)
            .connections(64)
            .timeWait(1024)
            .listeners(16)
            .buffers(64);
    }

    private static long toleranceNs(final Script script) throws ScriptException
    {
        long toleranceNs = DEFAULT_TOLERANCE_NS;
        for (final Option option : script.options())
        {
            final boolean isTolerance = option.name().equals("tolerance_usecs");
            if (!isTolerance && !(option.name().equals("ip_version") && option.value().equals("ipv4")))
            {
                throw new ScriptException(option.line(), "the option " + option.name() + " " + option.value() +
                    " is not known here: --tolerance_usecs=N is");
            }
            if (isTolerance)
            {
                if (!option.value().matches("[0-9]{1,10}") || Long.parseLong(option.value()) > MAX_TOLERANCE_US)
                {
                    throw new ScriptException(option.line(), "--tolerance_usecs takes microseconds, up to an hour");
                }
                toleranceNs = Long.parseLong(option.value()) * NS_PER_US;
            }
        }
        return toleranceNs;
    }

    private void check(final Event event, final Signatures signatures) throws ScriptException
    {
        switch (event.action())
        {
            case SystemCall call -> signatures.check(event.line(), call);
            case Script.Code code -> notes.add("line " + event.line() + ": code is skipped");
            case Command command -> throw new ScriptException(
                event.line(), "commands are known at the beginning of a script only");
            case Script.Packet packet ->
            {
            }
        }
    }

    /**
     * {@return what of the script is not looked at, a sentence each}
     */
    public List<String> notes()
    {
        return List.copyOf(notes);
    }

    /**
     * {@return where the core first differed from the script; empty when it did not}
     */
    public Optional<Failure> run()
    {
        return Optional.ofNullable(new Runner(script.events(), config, toleranceNs).run());
    }
}
