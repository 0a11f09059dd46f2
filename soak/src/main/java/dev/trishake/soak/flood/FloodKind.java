// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.util.Locale;

/** What a listener is flooded with, in the words of reports. */
public enum FloodKind
{
    /** Of TCP. */
    SYN("SYN", "syn_acks_to_spoofed"),

    /** Of gQUIC. */
    CHLO("CHLO", "rejs_to_spoofed");

    private final String packet;
    private final String answers;

    FloodKind(final String packet, final String answers)
    {
        this.packet = packet;
        this.answers = answers;
    }

    /**
     * {@return a packet of the flood, as a text has it}
     */
    public String packet()
    {
        return packet;
    }

    /** {@return a packet of the flood, as a name of a column has it} */
    String column()
    {
        return packet.toLowerCase(Locale.ROOT);
    }

    /** {@return answers that went to spoofed addresses, as a name of a column} */
    String answers()
    {
        return answers;
    }
}
