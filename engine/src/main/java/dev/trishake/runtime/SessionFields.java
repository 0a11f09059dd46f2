// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records of an agent's sessions, 128 bytes each: what the agent knows of a session, whatever it speaks.
 *
 * <pre>
 *   0            8             16             24           32
 *  +------------+-------------+--------------+------------+------+------+-------+--------+
 *  | connection | attachment  | flush epoch  | parameters | bits | port | slot  | claimed|
 *  |   below    |  (user's)   | of "claimed" |            |      |      |of core|        |
 *  +------------+-------------+--------------+------------+------+------+-------+--------+
 *  48      52      56      60       64             72                            112
 *  +-------+-------+-------+--------+--------------+-----------------------------+--------+
 *  | input | first | length| prefix | last activity|          four-tuple         |  debt  |
 *  +-------+-------+-------+--------+--------------+-----------------------------+--------+
 * </pre>
 */
final class SessionFields
{
    static final int ESTABLISHED = 1;
    static final int CLIENT = 1 << 1;
    /** The peer has ended its side; told or to be told once what it sent was taken. */
    static final int ENDED = 1 << 2;
    static final int END_TOLD = 1 << 3;
    /** Our side has ended, or will with the next turn. */
    static final int SHUT = 1 << 4;
    static final int SHUT_TOLD = 1 << 5;
    /** A send was cut short. */
    static final int BLOCKED = 1 << 6;
    /** The link was told a credit of 0. */
    static final int PAUSED = 1 << 7;
    /** The user is gone, and so is the session as soon as the link was told: CLOSE, or ABORT. */
    static final int CLOSING = 1 << 8;
    static final int ABORTING = 1 << 9;
    /** Below it is open. */
    static final int OPEN = 1 << 10;
    /** Counted among its source prefix's handshakes. */
    static final int COUNTED = 1 << 11;
    /** The connection below is over in an orderly way, but the handler has not taken all that came. */
    static final int GONE = 1 << 12;
    /** The handler knows that the session has ended, or never knew that it began. */
    static final int TOLD = 1 << 13;

    /** The user is gone; the core still has something to say, and then the session is CLOSING. */
    static final int LEAVING = 1 << 14;

    private static final int STRIDE = 128;
    private static final int BELOW_OFFSET = 0;
    private static final int ATTACHMENT_OFFSET = 8;
    private static final int EPOCH_OFFSET = 16;
    private static final int PARAMETERS_OFFSET = 24;
    private static final int BITS_OFFSET = 32;
    private static final int PORT_OFFSET = 36;
    private static final int CORE_SLOT_OFFSET = 40;
    private static final int CLAIMED_OFFSET = 44;
    private static final int INPUT_OFFSET = 48;
    private static final int INPUT_FIRST_OFFSET = 52;
    private static final int INPUT_LENGTH_OFFSET = 56;
    private static final int PREFIX_OFFSET = 60;
    private static final int ACTIVE_NS_OFFSET = 64;
    private static final int TUPLE_OFFSET = 72;
    private static final int DEBT_OFFSET = 112;

    private final SessionSlab slab;
    private final UnsafeBuffer memory;

    SessionFields(final int capacity)
    {
        slab = new SessionSlab(capacity, STRIDE);
        memory = slab.memory();
    }

    SessionSlab slab()
    {
        return slab;
    }

    boolean has(final int slot, final int bit)
    {
        return (memory.getInt(slab.offset(slot) + BITS_OFFSET) & bit) != 0;
    }

    void raise(final int slot, final int bit)
    {
        final int index = slab.offset(slot) + BITS_OFFSET;
        memory.putInt(index, memory.getInt(index) | bit);
    }

    void clear(final int slot, final int bit)
    {
        final int index = slab.offset(slot) + BITS_OFFSET;
        memory.putInt(index, memory.getInt(index) & ~bit);
    }

    long below(final int slot)
    {
        return memory.getLong(slab.offset(slot) + BELOW_OFFSET);
    }

    void below(final int slot, final long handle)
    {
        memory.putLong(slab.offset(slot) + BELOW_OFFSET, handle);
    }

    long attachment(final int slot)
    {
        return memory.getLong(slab.offset(slot) + ATTACHMENT_OFFSET);
    }

    void attachment(final int slot, final long value)
    {
        memory.putLong(slab.offset(slot) + ATTACHMENT_OFFSET, value);
    }

    long parameters(final int slot)
    {
        return memory.getLong(slab.offset(slot) + PARAMETERS_OFFSET);
    }

    void parameters(final int slot, final long value)
    {
        memory.putLong(slab.offset(slot) + PARAMETERS_OFFSET, value);
    }

    int port(final int slot)
    {
        return memory.getInt(slab.offset(slot) + PORT_OFFSET);
    }

    void port(final int slot, final int port)
    {
        memory.putInt(slab.offset(slot) + PORT_OFFSET, port);
    }

    int coreSlot(final int slot)
    {
        return memory.getInt(slab.offset(slot) + CORE_SLOT_OFFSET);
    }

    void coreSlot(final int slot, final int coreSlot)
    {
        memory.putInt(slab.offset(slot) + CORE_SLOT_OFFSET, coreSlot);
    }

    /** {@return bytes claimed for it since the egress ring was empty last} */
    int claimed(final int slot, final long epoch)
    {
        final int offset = slab.offset(slot);
        return memory.getLong(offset + EPOCH_OFFSET) == epoch ? memory.getInt(offset + CLAIMED_OFFSET) : 0;
    }

    void addClaimed(final int slot, final long epoch, final int length)
    {
        final int claimed = claimed(slot, epoch) + length;
        final int offset = slab.offset(slot);
        memory.putLong(offset + EPOCH_OFFSET, epoch);
        memory.putInt(offset + CLAIMED_OFFSET, claimed);
    }

    int input(final int slot)
    {
        return memory.getInt(slab.offset(slot) + INPUT_OFFSET);
    }

    void input(final int slot, final int buffer)
    {
        memory.putInt(slab.offset(slot) + INPUT_OFFSET, buffer);
    }

    int inputFirst(final int slot)
    {
        return memory.getInt(slab.offset(slot) + INPUT_FIRST_OFFSET);
    }

    int inputLength(final int slot)
    {
        return memory.getInt(slab.offset(slot) + INPUT_LENGTH_OFFSET);
    }

    void inputRange(final int slot, final int first, final int length)
    {
        memory.putInt(slab.offset(slot) + INPUT_FIRST_OFFSET, first);
        memory.putInt(slab.offset(slot) + INPUT_LENGTH_OFFSET, length);
    }

    int prefix(final int slot)
    {
        return memory.getInt(slab.offset(slot) + PREFIX_OFFSET);
    }

    void prefix(final int slot, final int index)
    {
        memory.putInt(slab.offset(slot) + PREFIX_OFFSET, index);
    }

    long activeNs(final int slot)
    {
        return memory.getLong(slab.offset(slot) + ACTIVE_NS_OFFSET);
    }

    void activeNs(final int slot, final long nowNs)
    {
        memory.putLong(slab.offset(slot) + ACTIVE_NS_OFFSET, nowNs);
    }

    int debt(final int slot)
    {
        return memory.getInt(slab.offset(slot) + DEBT_OFFSET);
    }

    void debt(final int slot, final int length)
    {
        memory.putInt(slab.offset(slot) + DEBT_OFFSET, length);
    }

    void tuple(final int slot, final FourTuple tuple)
    {
        tuple.load(memory, slab.offset(slot) + TUPLE_OFFSET);
    }

    void putTuple(final int slot, final FourTuple tuple)
    {
        tuple.store(memory, slab.offset(slot) + TUPLE_OFFSET);
    }
}
