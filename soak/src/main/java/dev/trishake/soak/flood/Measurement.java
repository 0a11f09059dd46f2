// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.Rate;

import java.util.Map;

/**
 * What one trial has shown.
 *
 * @param listener     who was flooded
 * @param isOurs       whether that was Trishake
 * @param rate         that was asked for
 * @param seconds      how long the flood was
 * @param offered      packets sent
 * @param carried      those that the device had room for
 * @param answered     answers that went to spoofed addresses: SYN-ACKs, REJs
 * @param cpuNs        CPU time that serving took
 * @param clients      what became of the honest ones
 * @param sentAgain    SYNs or CHLOs that honest clients sent again, as their own side counts
 * @param memory       bytes before and after
 * @param allocated    bytes that the listener's thread has allocated meanwhile, negative where nobody knows
 * @param counters     of the listener
 */
public record Measurement(
    String listener, boolean isOurs, Rate rate, double seconds, long offered, long carried, long answered,
    long cpuNs, Outcomes clients, long sentAgain, Memory memory, long allocated, Map<String, Long> counters)
{
    /**
     * Bytes.
     *
     * @param residentBefore of the whole process
     * @param residentAfter  of it
     * @param directBefore   of its direct buffers
     * @param directAfter    of them
     */
    public record Memory(long residentBefore, long residentAfter, long directBefore, long directAfter)
    {
        /** {@return what is in use now, as both before and after} */
        public static Memory now()
        {
            final long resident = Proc.residentBytes();
            final long direct = Proc.directBytes();
            return new Memory(resident, resident, direct, direct);
        }

        /** {@return this before, and what is in use now after} */
        public Memory until()
        {
            return new Memory(residentBefore, Proc.residentBytes(), directBefore, Proc.directBytes());
        }
    }

    /** {@return whether every honest client got its echo in time} */
    public boolean isPerfect()
    {
        return clients.begun() > 0 && clients.ok() == clients.begun();
    }

    /** {@return packets a second that were sent} */
    double offeredPerSecond()
    {
        return offered / seconds;
    }

    /** {@return packets a second that reached the listener} */
    double carriedPerSecond()
    {
        return carried / seconds;
    }

    /** {@return packets a second that were answered} */
    double answeredPerSecond()
    {
        return answered / seconds;
    }

    /** {@return microseconds of CPU per packet that reached the listener} */
    double cpuUsPerPacket()
    {
        return carried == 0 ? 0 : cpuNs / 1_000.0 / carried;
    }

    /** {@return how many of a hundred honest clients got their echo in time} */
    double successPercent()
    {
        return clients.begun() == 0 ? 0 : 100.0 * clients.ok() / clients.begun();
    }

    /** {@return how many of a hundred had to send their first packet again for it} */
    double retransmittedPercent()
    {
        return clients.begun() == 0 ? 0 : 100.0 * clients.retransmitted() / clients.begun();
    }
}
