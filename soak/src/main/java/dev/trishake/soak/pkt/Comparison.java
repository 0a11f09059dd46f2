// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.wire.tcp.TcpFlags;

/** A segment that was sent beside the one expected, in the script's numbers. */
final class Comparison
{
    private final SegmentSpec spec;
    private final Sent sent;
    private final int seq;
    private final int ack;
    private final OptionList options;

    Comparison(final Flow flow, final SegmentSpec spec, final Sent sent)
    {
        this.spec = spec;
        this.sent = sent;
        final boolean isSyn = (sent.flags() & TcpFlags.SYN) != 0;
        final boolean isAck = (sent.flags() & TcpFlags.ACK) != 0;
        seq = sent.seq() - flow.localOffset(isSyn);
        ack = isAck ? sent.ack() - flow.remoteOffset(isSyn) : sent.ack();
        options = sent.options().copy();
        options.moveSackBlocks(-flow.remoteOffset(isSyn));
        if (spec.options() != null && options.hasTimestamps())
        {
            if (spec.options().hasTimestamps())
            {
                options.tsVal(flow.learnTsVal(spec.options().tsVal(), options.tsVal()));
            }
        }
    }

    void check(final Event event)
    {
        final String difference = difference();
        if (difference != null)
        {
            final String got = SegmentSpec.text(
                sent.flags(), seq, sent.payloadLength(), ack, sent.window(), options.toString());
            throw new ScriptFailure(event.line(), event.text(), "> " + got + " (" + difference + ")");
        }
    }

    /** {@return the first field that differs, or null; timestamps may differ, as packetdrill has no tick for them} */
    private String difference()
    {
        if (sent.problem() != null)
        {
            return sent.problem();
        }
        if (sent.payloadLength() != spec.payloadLength())
        {
            return "length";
        }
        if (sent.flags() != spec.flags())
        {
            return "flags";
        }
        if (seq != spec.seq())
        {
            return "seq";
        }
        if (ack != spec.ack())
        {
            return "ack " + Integer.toUnsignedString(ack);
        }
        if (spec.window() != SegmentSpec.ANY_WINDOW && sent.window() != spec.window())
        {
            return "win";
        }
        if (sent.urgentPointer() != spec.urgentPointer())
        {
            return "urg " + sent.urgentPointer();
        }
        if (spec.options() != null && !options.matches(spec.options()))
        {
            return "options";
        }
        return sent.isPayloadZero() ? null : "payload";
    }
}
