// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Namespace;
import dev.trishake.transport.Link;

/** The network around our own listener: where packets to it come from, and the link that brings them. */
interface EngineSite extends AutoCloseable
{
    /** {@return where flooder and clients are} */
    Namespace outside();

    /** {@return where the link was opened} */
    Namespace inside();

    /** {@return the interface outside that leads to the listener} */
    String device();

    /** {@return what comes before each packet on that interface} */
    byte[] linkHeader();

    /** {@return the listener's link} */
    Link link();

    /**
     * Waits until the link has something.
     *
     * @param timeoutMs at most so long
     * @return whether it has
     */
    boolean await(int timeoutMs);

    /** {@return whether part of its work is done in the time of the thread that sends to it} */
    boolean worksInSendersTime();

    /** Lets the network go; its link is closed by who polls it. */
    @Override
    void close();
}
