// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.concurrent.AtomicBuffer;

/** The frames of a packet socket's receive ring (packet_mmap.rst), which the kernel fills: read one after the other. */
interface ReceiveRing
{
    /** {@link #status()}: the frame is longer than its place, and whole in the socket's queue. */
    int TP_STATUS_COPY = 1 << 1;
    /** {@link #status()}: the frame's checksum is the sum over the pseudo-header only. */
    int TP_STATUS_CSUMNOTREADY = 1 << 3;
    /** {@link #status()}: a VLAN tag was taken off the frame. */
    int TP_STATUS_VLAN_VALID = 1 << 4;
    /** {@link #packetType()}: it is addressed to us. */
    int PACKET_HOST = 0;

    /** {@return whether there is a frame; the same one until {@link #release}} */
    boolean next();

    /** Gives the frame back: it must not be read any more. */
    void release();

    /** {@return where frames are} */
    AtomicBuffer buffer();

    /** {@return where the frame begins} */
    int offset();

    /** {@return how much of the frame there is} */
    int length();

    /** {@return whether that is all of it} */
    boolean isWhole();

    /** {@return TP_STATUS_ bits} */
    int status();

    /** {@return whom it is addressed to} */
    int packetType();
}
