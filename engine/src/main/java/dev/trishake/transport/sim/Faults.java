// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

/**
 * What goes wrong in one direction of a {@link FaultyLink}, and how often. Chances are parts per million of the packets
 * and independent of each other; times are virtual, in the agent's nanoseconds.
 *
 * @param lossPpm      a packet is lost
 * @param duplicatePpm a packet comes twice, the second copy right behind the first and never corrupted
 * @param reorderPpm   a packet is held back for {@code reorderNs} more, so that those which come meanwhile overtake it
 * @param corruptPpm   one bit of a packet is flipped: one, so that every checksum of the internet can notice it
 * @param delayNs      every packet is under way so long, at least 0
 * @param jitterNs     and up to so much longer, evenly spread; packets keep their order unless reordered
 * @param reorderNs    how long a reordered packet is held back, at least 0
 */
public record Faults(
    int lossPpm, int duplicatePpm, int reorderPpm, int corruptPpm, long delayNs, long jitterNs, long reorderNs)
{
    /** Parts in a whole: the chance that is a certainty. */
    public static final int MILLION = 1_000_000;

    /** Longest of each of the three times: an hour. */
    public static final long MAX_TIME_NS = 3_600_000_000_000L;

    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0);

    /** Refuses chances outside 0 to {@link #MILLION} and times outside 0 to {@link #MAX_TIME_NS}. */
    public Faults
    {
        requireChance(lossPpm);
        requireChance(duplicatePpm);
        requireChance(reorderPpm);
        requireChance(corruptPpm);
        requireTime(delayNs);
        requireTime(jitterNs);
        requireTime(reorderNs);
    }

    /**
     * {@return these faults with another chance of loss}
     *
     * @param ppm parts per million
     */
    public Faults withLoss(final int ppm)
    {
        return new Faults(ppm, duplicatePpm, reorderPpm, corruptPpm, delayNs, jitterNs, reorderNs);
    }

    /**
     * {@return these faults with another chance of duplication}
     *
     * @param ppm parts per million
     */
    public Faults withDuplication(final int ppm)
    {
        return new Faults(lossPpm, ppm, reorderPpm, corruptPpm, delayNs, jitterNs, reorderNs);
    }

    /**
     * {@return these faults with another chance of reordering}
     *
     * @param ppm    parts per million
     * @param heldNs how long a reordered packet is held back
     */
    public Faults withReordering(final int ppm, final long heldNs)
    {
        return new Faults(lossPpm, duplicatePpm, ppm, corruptPpm, delayNs, jitterNs, heldNs);
    }

    /**
     * {@return these faults with another chance of corruption}
     *
     * @param ppm parts per million
     */
    public Faults withCorruption(final int ppm)
    {
        return new Faults(lossPpm, duplicatePpm, reorderPpm, ppm, delayNs, jitterNs, reorderNs);
    }

    /**
     * {@return these faults with another delay}
     *
     * @param leastNs  what every packet takes
     * @param spreadNs up to so much more
     */
    public Faults withDelay(final long leastNs, final long spreadNs)
    {
        return new Faults(lossPpm, duplicatePpm, reorderPpm, corruptPpm, leastNs, spreadNs, reorderNs);
    }

    private static void requireChance(final int ppm)
    {
        if (ppm < 0 || ppm > MILLION)
        {
            throw new IllegalArgumentException("a chance is 0 to 1000000 parts per million: " + ppm);
        }
    }

    private static void requireTime(final long timeNs)
    {
        if (timeNs < 0 || timeNs > MAX_TIME_NS)
        {
            throw new IllegalArgumentException("a time is 0 to " + MAX_TIME_NS + " ns: " + timeNs);
        }
    }
}
