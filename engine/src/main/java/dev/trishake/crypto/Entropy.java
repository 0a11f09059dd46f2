// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.security.SecureRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * An agent's randomness: a ChaCha20 generator with fast key erasure, seeded from {@link SecureRandom}.
 *
 * <pre>
 *  0          31 32                                               511
 * +-------------+-------------------+--------------------------------+
 * |  next key   |  handed out: 0    |  to be handed out              |
 * +-------------+-------------------+--------------------------------+
 *                                   position
 * </pre>
 *
 * <p>A refill makes {@value #BLOCKS} ChaCha20 blocks (RFC 8439 2.3, nonce 0, counter from 0) under the key and writes
 * them over it: the first 32 octets are the next key, the rest is output, which is overwritten with 0 as it is handed
 * out. Whoever reads the memory later learns nothing about numbers that were drawn before (Bernstein, "Fast-key-erasure
 * random-number generators", 2017).
 *
 * <p><b>Reseeding.</b> Key erasure protects the past, fresh seed the future. Once {@link #RESEED_INTERVAL} octets were
 * made {@link #reseedDue()} says so; the agent looks between duty cycles and calls {@link #reseed()}, there or from a
 * timer of its own. Drawing never reseeds: it neither blocks nor allocates. An agent that lets
 * {@link #MAX_WITHOUT_RESEED} octets go by is broken, and the generator then refuses to go on, as it does once it is
 * closed: it throws, since numbers of a wiped key are worse than none. That is the one exception of this package
 * outside of constructors; no input can cause it.
 *
 * <p>Memory is direct, so that no collector copies it. Used by one thread. Time depends on how much is drawn, not on
 * what.
 */
public final class Entropy implements AutoCloseable
{
    /** After so many octets a reseed is due. */
    public static final int RESEED_INTERVAL = 1 << 20;

    /** Without a reseed the generator makes no more octets than this, and less than one refill above it. */
    public static final int MAX_WITHOUT_RESEED = 1 << 24;

    static final int BLOCKS = 8;
    static final int LENGTH = BLOCKS * ChaCha20.BLOCK_LENGTH;
    static final int OUTPUT_OFFSET = ChaCha20.KEY_LENGTH;

    private static final int CLOSED = Integer.MAX_VALUE;

    private final UnsafeBuffer memory =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private final UnsafeBuffer seed = new UnsafeBuffer(new byte[ChaCha20.KEY_LENGTH]);
    private final SecureRandom source; // null for a fixed seed
    private int position = LENGTH;
    private int madeSinceReseed;

    /** Seeds itself from the platform's {@link SecureRandom}; may block at boot. */
    public Entropy()
    {
        this(new SecureRandom());
    }

    private Entropy(final SecureRandom source)
    {
        this.source = source;
        reseed();
    }

    /**
     * {@return a generator that always gives the same numbers: for tests, simulations and benchmarks only, as nothing
     * it gives is secret}
     *
     * @param seed which numbers
     */
    public static Entropy seeded(final long seed)
    {
        final Entropy entropy = new Entropy(null);
        entropy.memory.putLong(0, seed, LITTLE_ENDIAN);
        return entropy;
    }

    /**
     * Gives the same numbers again as a new generator of this seed: for a fixed seed only, so that a benchmark can
     * replay what it has recorded.
     *
     * @param fixedSeed which numbers
     * @throws IllegalStateException for a generator of real numbers, and for one that is closed
     */
    public void restart(final long fixedSeed)
    {
        if (source != null || madeSinceReseed == CLOSED)
        {
            throw new IllegalStateException("only a generator with a fixed seed starts again");
        }
        memory.setMemory(0, LENGTH, (byte)0);
        memory.putLong(0, fixedSeed, LITTLE_ENDIAN);
        position = LENGTH;
        madeSinceReseed = 0;
    }

    /**
     * {@return 64 random bits}
     */
    public long nextLong()
    {
        final int at = take(Long.BYTES);
        final long value = memory.getLong(at, LITTLE_ENDIAN);
        memory.putLong(at, 0L);
        return value;
    }

    /**
     * {@return 32 random bits}
     */
    public int nextInt()
    {
        final int at = take(Integer.BYTES);
        final int value = memory.getInt(at, LITTLE_ENDIAN);
        memory.putInt(at, 0);
        return value;
    }

    /**
     * Fills a range with random octets.
     *
     * @param buffer where they go
     * @param offset where the range begins
     * @param length of the range, at least 0
     */
    public void nextBytes(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 : "length=" + length;

        int done = 0;
        while (done < length)
        {
            if (position == LENGTH)
            {
                refill();
            }
            final int chunk = Math.min(length - done, LENGTH - position);
            buffer.putBytes(offset + done, memory, position, chunk);
            ConstantTime.wipe(memory, position, chunk);
            position += chunk;
            done += chunk;
        }
    }

    /**
     * {@return whether {@link #reseed()} is to be called soon; cheap enough for every duty cycle}
     */
    public boolean reseedDue()
    {
        return madeSinceReseed >= RESEED_INTERVAL;
    }

    /**
     * Mixes 32 octets of {@link SecureRandom} into the key and throws away what was to be handed out. May block and
     * allocate, so it is called off the hot path. A generator with a fixed seed goes on with its own key.
     *
     * @throws IllegalStateException when closed: its key is gone, and seed alone must not bring it back to life
     */
    public void reseed()
    {
        if (madeSinceReseed == CLOSED)
        {
            throw new IllegalStateException("closed");
        }

        // the refill that follows makes the sum of old key and seed unrecoverable; either alone keeps the key secret
        if (source != null)
        {
            source.nextBytes(seed.byteArray());
            for (int i = 0; i < ChaCha20.KEY_LENGTH; i += Long.BYTES)
            {
                memory.putLong(i, memory.getLong(i) ^ seed.getLong(i));
            }
            ConstantTime.wipe(seed, 0, ChaCha20.KEY_LENGTH);
        }
        ConstantTime.wipe(memory, OUTPUT_OFFSET, LENGTH - OUTPUT_OFFSET);
        position = LENGTH;
        madeSinceReseed = 0;
    }

    /** Wipes key and output; nothing can be drawn afterwards. Closing twice is no fault. */
    @Override
    public void close()
    {
        ConstantTime.wipe(memory, 0, LENGTH);
        position = LENGTH;
        madeSinceReseed = CLOSED;
    }

    /** What the generator keeps, for tests that look for what it should have forgotten. */
    UnsafeBuffer memory()
    {
        return memory;
    }

    /** Where the next octets begin, after a refill if there were too few; the caller wipes them. */
    private int take(final int length)
    {
        if (position > LENGTH - length)
        {
            refill();
        }
        final int at = position;
        position = at + length;
        return at;
    }

    private void refill()
    {
        if (madeSinceReseed >= MAX_WITHOUT_RESEED)
        {
            throw new IllegalStateException("closed, or never reseeded");
        }

        // block 0 comes last: it overwrites the key
        for (int counter = BLOCKS - 1; counter >= 0; counter--)
        {
            ChaCha20.block(memory, 0, counter, 0, 0, 0, memory, counter * ChaCha20.BLOCK_LENGTH);
        }
        position = OUTPUT_OFFSET;
        madeSinceReseed += LENGTH - OUTPUT_OFFSET;
    }
}
