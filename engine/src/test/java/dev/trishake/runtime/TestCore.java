// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.session.SessionSlab;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * The least core that has every wait: a server whose handshake needs two operations, one after the other.
 *
 * <pre>
 *  client                         server
 *  8 octets x     ────►           SIGN: r = 3x        AWAIT_CRYPTO
 *                 ◄────  flight   r, then zeros: {@code flightLength} octets, refused while there is no room
 *  8 octets y     ────►           VERIFY: y == r + 1? AWAIT_CRYPTO
 *                 ◄────  flight   as many; established, or PEER|40
 *  anything       ────►           content; a {@linkplain #sealed() sealed} core's after four VERIFY
 * </pre>
 */
final class TestCore implements StreamCore
{
    static final int SIGN = 0;
    static final int VERIFY = 1;
    static final int WRONG = 40;
    static final int MEMORY = 1 << 12;
    static final int OPENINGS = 4;

    private static final int EXPECT_X = 0;
    private static final int AWAIT_SIGN = 1;
    private static final int SEND_R = 2;
    private static final int EXPECT_Y = 3;
    private static final int AWAIT_VERIFY = 4;
    private static final int SEND_DONE = 5;
    private static final int CONNECTED = 6;
    private static final int FAILED = 7;

    final SessionSlab slab;
    final CryptoQueue queue;
    /** Slots of each batch. */
    final List<String> batches = new ArrayList<>();
    private final UnsafeBuffer memory;
    private final int flightLength;
    private final int lanes;
    private final int[] state;
    private final long[] below;
    private final long[] result;
    private final int[] first;
    private final int[] length;
    private final boolean[] ended;
    private final boolean[] shut;
    private final boolean[] shutSent;
    /** Octets of content that operations have opened; those of a core that is not sealed are always. */
    private final int[] opened;
    /** Operations until the rest is. */
    private final int[] opening;
    private boolean isQuiet;
    private boolean isSealed;
    int housesKept;

    TestCore(final int sessions, final int lanes, final int flightLength)
    {
        this.lanes = lanes;
        this.flightLength = flightLength;
        slab = new SessionSlab(sessions, MEMORY);
        memory = slab.memory();
        queue = new CryptoQueue(sessions, 2);
        state = new int[sessions];
        below = new long[sessions];
        result = new long[sessions];
        first = new int[sessions];
        length = new int[sessions];
        ended = new boolean[sessions];
        shut = new boolean[sessions];
        shutSent = new boolean[sessions];
        opened = new int[sessions];
        opening = new int[sessions];
    }

    TestCore quiet()
    {
        isQuiet = true;
        return this;
    }

    TestCore sealed()
    {
        isSealed = true;
        return this;
    }

    StreamProtocol parts()
    {
        return new StreamProtocol(this, queue,
            List.of(new CryptoKind("Sign", new Sign()), new CryptoKind("Verify", new Verify())));
    }

    /** r = 3x. */
    private final class Sign implements CryptoOperation
    {
        @Override
        public int lanes()
        {
            return lanes;
        }

        @Override
        public void execute(final int[] slots, final int count, final long nowNs)
        {
            note("sign", count);
            for (int i = 0; i < count; i++)
            {
                result[slots[i]] = 3 * input(slots[i]);
                take(slots[i], Long.BYTES);
                state[slots[i]] = SEND_R;
            }
        }
    }

    /** y == r + 1. */
    private final class Verify implements CryptoOperation
    {
        @Override
        public int lanes()
        {
            return lanes;
        }

        @Override
        public void execute(final int[] slots, final int count, final long nowNs)
        {
            note("verify", count);
            for (int i = 0; i < count; i++)
            {
                final int slot = slots[i];
                if (opening[slot] > 0)
                {
                    opening[slot]--;
                    opened[slot] = opening[slot] == 0 ? length[slot] : opened[slot];
                }
                else
                {
                    state[slot] = input(slot) == result[slot] + 1 ? SEND_DONE : FAILED;
                    take(slot, Long.BYTES);
                }
            }
        }
    }

    private void note(final String what, final int count)
    {
        if (!isQuiet)
        {
            batches.add(what + " " + count);
        }
    }

    private long input(final int slot)
    {
        return memory.getLong(slab.offset(slot) + first[slot]);
    }

    private void take(final int slot, final int count)
    {
        first[slot] += count;
        length[slot] -= count;
        if (length[slot] == 0)
        {
            first[slot] = 0;
        }
    }

    @Override
    public int capacity()
    {
        return slab.capacity();
    }

    @Override
    public long handle(final int slot)
    {
        return slab.isLive(slot) ? slab.handle(slot) : 0;
    }

    @Override
    public int open(final long newBelow, final boolean isClient, final long nowNs)
    {
        final int slot = slab.acquire();
        if (slot != SessionSlab.NULL_SLOT)
        {
            state[slot] = EXPECT_X;
            below[slot] = newBelow;
            first[slot] = 0;
            length[slot] = 0;
            ended[slot] = false;
            shut[slot] = false;
            shutSent[slot] = false;
            opened[slot] = 0;
            opening[slot] = 0;
        }
        return slot;
    }

    @Override
    public int inputCredit(final int slot)
    {
        return first[slot] > 0 && state[slot] == CONNECTED ? 0 : MEMORY - first[slot] - length[slot];
    }

    @Override
    public int onInput(
        final int slot, final DirectBuffer buffer, final int offset, final int count, final long nowNs,
        final Outbox outbox)
    {
        memory.putBytes(slab.offset(slot) + first[slot] + length[slot], buffer, offset, count);
        length[slot] += count;
        return advance(slot, outbox);
    }

    @Override
    public int onInputEnd(final int slot, final long nowNs, final Outbox outbox)
    {
        ended[slot] = true;
        return state[slot] == CONNECTED ? Outcome.DONE : Outcome.peer(WRONG);
    }

    @Override
    public int resume(final int slot, final long nowNs, final Outbox outbox)
    {
        return advance(slot, outbox);
    }

    private int advance(final int slot, final Outbox outbox)
    {
        while (true)
        {
            switch (state[slot])
            {
                case EXPECT_X, EXPECT_Y ->
                {
                    if (length[slot] < Long.BYTES)
                    {
                        return Outcome.NEED_INPUT;
                    }
                    queue.post(state[slot] == EXPECT_X ? SIGN : VERIFY, slot, slab.handle(slot));
                    state[slot]++;
                    return Outcome.AWAIT_CRYPTO;
                }
                case AWAIT_SIGN, AWAIT_VERIFY ->
                {
                    return Outcome.AWAIT_CRYPTO;
                }
                case SEND_R, SEND_DONE ->
                {
                    if (!outbox.reserve(below[slot], 1, flightLength))
                    {
                        return Outcome.BACK_PRESSURED;
                    }
                    final int index = outbox.claim(DATA, flightLength);
                    outbox.buffer().setMemory(index, flightLength, (byte)0);
                    outbox.buffer().putLong(index, result[slot]);
                    outbox.commit(index);
                    state[slot]++;
                }
                case FAILED ->
                {
                    return Outcome.peer(WRONG);
                }
                default ->
                {
                    return open(slot) ? Outcome.AWAIT_CRYPTO : tellShut(slot, outbox);
                }
            }
        }
    }

    /** {@return whether content is being opened} */
    private boolean open(final int slot)
    {
        if (isSealed && opening[slot] == 0 && length[slot] > opened[slot])
        {
            opening[slot] = OPENINGS;
        }
        if (opening[slot] > 0)
        {
            queue.post(VERIFY, slot, slab.handle(slot));
        }
        return opening[slot] > 0;
    }

    private int tellShut(final int slot, final Outbox outbox)
    {
        if (shut[slot] && !shutSent[slot])
        {
            if (!outbox.reserve(below[slot], 1, 0))
            {
                return Outcome.BACK_PRESSURED;
            }
            outbox.commit(outbox.claim(SHUTDOWN, 0));
            shutSent[slot] = true;
        }
        return Outcome.DONE;
    }

    @Override
    public int status(final int slot)
    {
        return (state[slot] == CONNECTED ? ESTABLISHED | WRITABLE : 0) |
            (ended[slot] && opening[slot] == 0 ? ENDED : 0);
    }

    @Override
    public long parameters(final int slot)
    {
        return result[slot];
    }

    @Override
    public int contentLength(final int slot)
    {
        return state[slot] != CONNECTED ? 0 : (isSealed ? opened[slot] : length[slot]);
    }

    @Override
    public DirectBuffer contentBuffer()
    {
        return memory;
    }

    @Override
    public int contentOffset(final int slot)
    {
        return slab.offset(slot) + first[slot];
    }

    @Override
    public void consume(final int slot, final int count)
    {
        take(slot, count);
        opened[slot] -= isSealed ? count : 0;
    }

    @Override
    public int send(
        final int slot, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        final int count = Math.min(length, outbox.maxLength());
        if (!outbox.reserve(below[slot], 1, count))
        {
            return 0;
        }
        final int index = outbox.claim(DATA, count);
        outbox.buffer().putBytes(index, buffer, offset, count);
        outbox.commit(index);
        return count;
    }

    @Override
    public int shutdown(final int slot, final long nowNs, final Outbox outbox)
    {
        shut[slot] = true;
        return state[slot] == CONNECTED ? tellShut(slot, outbox) : Outcome.DONE;
    }

    @Override
    public void close(final int slot)
    {
        slab.release(slot);
    }

    @Override
    public void keepHouse(final long nowNs)
    {
        housesKept++;
    }
}
