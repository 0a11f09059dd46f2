// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A NewSessionTicket, RFC 5077 3.3; outside the standard, Tongsuo and Kona send it.
 *
 * <pre>
 * +--------------------+---------------+
 * | lifetime_hint u32  | ticket u16[]  |     lifetime in seconds; an empty ticket is none
 * +--------------------+---------------+
 * </pre>
 */
public final class NewSessionTicketDecoder
{
    private final OctetReader in = new OctetReader();
    private final OctetReader ticket = new OctetReader();

    private long lifetimeSeconds;

    /**
     * Looks at a message.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        lifetimeSeconds = in.wrap(buffer, offset, length).u32();
        in.vector16(ticket);
        return in.isComplete();
    }

    /**
     * {@return how long the ticket may be kept, 0 to 0xffffffff; 0 is for the client to decide}
     */
    public long lifetimeSeconds()
    {
        return lifetimeSeconds;
    }

    /**
     * {@return where the ticket begins}
     */
    public int ticketOffset()
    {
        return ticket.offset();
    }

    /**
     * {@return length of the ticket, 0 to 0xffff}
     */
    public int ticketLength()
    {
        return ticket.remaining();
    }
}
