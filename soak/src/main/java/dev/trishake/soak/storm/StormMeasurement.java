// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one load has shown.
 *
 * @param load     that was offered
 * @param lengthNs how long handshakes began
 * @param tookNs   until the last had ended
 * @param begun    handshakes
 * @param inTime   those that were done before the end of the load
 * @param latency  ns from a handshake's beginning to its end, of all that were done
 * @param failures why others were not, and how many
 * @param server   CPU time of the server's agents; 0 where nobody knows
 * @param clients  CPU time of the clients' agents
 * @param counters of the server, by how much they have grown
 */
public record StormMeasurement(
    Load load, long lengthNs, long tookNs, long begun, long inTime, Histogram latency, Map<String, Integer> failures,
    Server.Cpu server, Server.Cpu clients, Map<String, Long> counters)
{
    private static final double NS_PER_SECOND = 1e9;
    private static final double NS_PER_US = 1e3;
    private static final Pattern PUBLIC_KEY =
        Pattern.compile("Crypto[A-Z][a-z]+(Sign|Verify|Decrypt|Encrypt|Agree|X25519|P256)");
    private static final Pattern ALL = Pattern.compile("Crypto");
    private static final String OPERATIONS = "Operations";
    private static final String BATCHES = "Batches";

    /** {@return handshakes that were begun, a second} */
    public double offeredPerSecond()
    {
        return begun * NS_PER_SECOND / lengthNs;
    }

    /** {@return handshakes that were done, a second} */
    public double donePerSecond()
    {
        return inTime * NS_PER_SECOND / lengthNs;
    }

    /** {@return whether all were done but those for which the clients had no room} */
    public boolean isPerfect()
    {
        return failed() == failures.getOrDefault(StormClients.NO_ROOM, 0);
    }

    /** {@return how many were not done} */
    long failed()
    {
        return begun - latency.getTotalCount();
    }

    /** {@return CPU of the server for one handshake, us; 0 where nobody knows} */
    double serverUs()
    {
        return perHandshakeUs(server.ns());
    }

    /** {@return how much of it was spent in system calls, us} */
    double kernelUs()
    {
        return perHandshakeUs(server.kernelNs());
    }

    private double perHandshakeUs(final long ns)
    {
        return latency.getTotalCount() == 0 ? 0 : ns / NS_PER_US / latency.getTotalCount();
    }

    /** {@return how busy a side's CPU was, of one that is always busy 100} */
    double busyPercent(final Server.Cpu cpu)
    {
        return 100.0 * cpu.ns() / tookNs;
    }

    /** {@return operations with public or private keys in a batch, on average; they have eight lanes} */
    double publicKeyLanes()
    {
        return lanes(PUBLIC_KEY);
    }

    /** {@return operations of any kind in a batch, on average; hashes and records have sixteen lanes} */
    double allLanes()
    {
        return lanes(ALL);
    }

    private double lanes(final Pattern kinds)
    {
        final long batches = sum(kinds, BATCHES);
        return batches == 0 ? 0 : sum(kinds, OPERATIONS) / (double)batches;
    }

    private long sum(final Pattern kinds, final String suffix)
    {
        return counters.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(suffix) && kinds.matcher(entry.getKey()).lookingAt())
            .mapToLong(Map.Entry::getValue).sum();
    }
}
