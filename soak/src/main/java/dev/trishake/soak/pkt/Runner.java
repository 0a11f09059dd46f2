// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Call.Answer;
import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.soak.pkt.Script.Packet;
import dev.trishake.soak.pkt.Script.SystemCall;
import dev.trishake.soak.pkt.Script.Timing;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.wire.tcp.TcpFlags;

import java.util.List;
import java.util.Locale;

/** Runs one script, as packetdrill does; only the clock is another: it stands still while the core works. */
final class Runner
{
    /** How long {@code *} waits. */
    private static final long ANY_TIME_NS = 86_400_000_000_000L;
    private static final double NS_PER_SECOND = 1e9;

    private final List<Event> events;
    private final SystemCalls calls;
    private final VirtualHost host;
    private final long toleranceNs;
    /** The call that waits, or null: there is one at a time. */
    private Call waiting;

    Runner(final List<Event> events, final TcpConfig config, final long toleranceNs)
    {
        this.events = events;
        this.toleranceNs = toleranceNs;
        calls = new SystemCalls(config);
        host = calls.host();
    }

    /** {@return the first thing that was not as expected, or null} */
    Failure run()
    {
        try
        {
            for (final Event event : events)
            {
                run(event);
            }
            finishWaiting();
            return null;
        }
        catch (final ScriptFailure failure)
        {
            return failure.failure();
        }
    }

    private void run(final Event event)
    {
        final long base = event.isAbsolute() ? 0 : host.nowNs();
        switch (event.action())
        {
            case Packet(boolean isInbound, SegmentSpec spec) when isInbound ->
            {
                await(event, base + event.fromNs());
                inject(event, spec);
            }
            case Packet(boolean isInbound, SegmentSpec spec) -> expect(event, spec, base);
            case SystemCall call ->
            {
                await(event, base + event.fromNs());
                begin(event, call, base);
            }
            default -> await(event, base + event.fromNs()); // code, and commands that were understood beforehand
        }
    }

    /** Lets time pass; what is due late is an error. */
    private void await(final Event event, final long timeNs)
    {
        while (step(timeNs))
        {
            retryWaiting();
        }
        if (host.nowNs() - timeNs > toleranceNs)
        {
            throw new ScriptFailure(
                event.line(), event.text() + " at " + seconds(timeNs), "there at " + seconds(host.nowNs()));
        }
    }

    private boolean step(final long limitNs)
    {
        calls.rememberStates();
        return host.step(limitNs);
    }

    private void inject(final Event event, final SegmentSpec spec)
    {
        final Flow flow = calls.inbound(spec);
        flow.onInbound(spec);
        final OptionList options = spec.options().copy();
        options.moveSackBlocks(flow.localOffset(spec.isSyn()));
        if (spec.has(TcpFlags.ACK) && options.hasTimestamps())
        {
            final Integer tsVal = flow.tsVal(options.tsEcr());
            if (tsVal == null)
            {
                throw new ScriptFailure(event.line(), event.text(),
                    "no segment before it with TS val " + Integer.toUnsignedString(options.tsEcr()) + " to echo");
            }
            options.tsEcr(tsVal);
        }
        calls.rememberStates();
        host.inject(
            flow,
            spec,
            spec.seq() + flow.remoteOffset(spec.isSyn()),
            spec.has(TcpFlags.ACK) ? spec.ack() + flow.localOffset(spec.isSyn()) : spec.ack(),
            options);
        retryWaiting();
    }

    private void expect(final Event event, final SegmentSpec spec, final long base)
    {
        final Flow flow = calls.underTest();
        if (flow == null)
        {
            throw new ScriptFailure(event.line(), event.text(), "no socket that could send it");
        }
        final boolean isAnyTime = event.timing() == Timing.ANY;
        final long limitNs = isAnyTime ? host.nowNs() + ANY_TIME_NS : base + event.toNs() + toleranceNs;
        flow.expect(spec);
        Sent sent = host.poll(flow);
        while (sent == null && step(limitNs))
        {
            retryWaiting();
            sent = host.poll(flow);
        }
        if (sent == null)
        {
            throw new ScriptFailure(event.line(), event.text(), "nothing until " + seconds(limitNs));
        }
        flow.onSent(spec, sent);
        new Comparison(flow, spec, sent).check(event);
        final long sentNs = VirtualHost.scriptNs(sent.timeNs());
        if (!isAnyTime &&
            (sentNs < base + event.fromNs() - toleranceNs || sentNs > base + event.toNs() + toleranceNs))
        {
            throw new ScriptFailure(
                event.line(), event.text() + " at " + seconds(base + event.fromNs()), "it at " + seconds(sentNs));
        }
    }

    private void begin(final Event event, final SystemCall systemCall, final long base)
    {
        finishWaiting();
        final Call call = new Call(event, systemCall, base + systemCall.endNs());
        final Answer answer = calls.attempt(call);
        if (answer != null)
        {
            end(call, answer);
        }
        else if (call.isBlocking())
        {
            waiting = call;
        }
        else
        {
            throw call.failure("nothing: the call waits");
        }
    }

    private void retryWaiting()
    {
        if (waiting != null)
        {
            final Call call = waiting;
            final Answer answer = calls.attempt(call);
            if (answer != null)
            {
                waiting = null;
                end(call, answer);
            }
        }
    }

    private void end(final Call call, final Answer answer)
    {
        call.check(answer);
        if (call.isBlocking() && Math.abs(host.nowNs() - call.endNs()) > toleranceNs)
        {
            throw call.failure(
                answer + " at " + seconds(host.nowNs()) + " and not at " + seconds(call.endNs()));
        }
    }

    /** The next call, and the script's end, wait for the one that waits. */
    private void finishWaiting()
    {
        while (waiting != null)
        {
            final Call call = waiting;
            if (!step(call.endNs() + toleranceNs))
            {
                throw call.failure("nothing: the call waits until " + seconds(host.nowNs()));
            }
            retryWaiting();
        }
    }

    private static String seconds(final long ns)
    {
        return String.format(Locale.ROOT, "%.6f s", ns / NS_PER_SECOND);
    }
}
