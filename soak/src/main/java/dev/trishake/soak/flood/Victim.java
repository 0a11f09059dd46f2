// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.net.InetAddress;
import java.util.Map;

/** A listener that echoes, the network to it, and what it costs. Made for one trial. */
public interface Victim extends AutoCloseable
{
    /** {@return where flooder and clients are} */
    Namespace outside();

    /** {@return the interface there that leads to the listener} */
    String device();

    /** {@return what comes before each packet on that interface} */
    byte[] linkHeader();

    /** {@return the listener's address; its port is {@link Plan#PORT}} */
    InetAddress address();

    /**
     * {@return whether its work is done in the time of the thread that sends to it}: the kernel handles what comes by
     * veth there and then, in a soft interrupt.
     */
    boolean worksInSendersTime();

    /** {@return CPU time that its own threads have used, ns} */
    long cpuNs();

    /** {@return bytes that its thread has allocated, negative where nobody knows} */
    long allocatedBytes();

    /** {@return what it has counted, by Linux's names} */
    Map<String, Long> counters();

    /** Ends it, with its network. */
    @Override
    void close();
}
