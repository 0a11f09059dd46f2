// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

/** The control bits of a TCP header and the reserved ones beside them, RFC 9293 3.1, RFC 9768 (AE). */
public final class TcpFlags
{
    /** The sender has finished sending. */
    public static final int FIN = 0x001;

    /** Synchronize sequence numbers. */
    public static final int SYN = 0x002;

    /** Reset the connection. */
    public static final int RST = 0x004;

    /** Push. */
    public static final int PSH = 0x008;

    /** The acknowledgment field counts. */
    public static final int ACK = 0x010;

    /** The urgent pointer counts. */
    public static final int URG = 0x020;

    /** ECN echo, RFC 3168. */
    public static final int ECE = 0x040;

    /** Congestion window reduced, RFC 3168. */
    public static final int CWR = 0x080;

    /** Accurate ECN, RFC 9768; once the nonce sum of RFC 3540. */
    public static final int AE = 0x100;

    /** The bits that are still reserved. */
    public static final int RESERVED = 0xe00;

    /** All of the above: the low 12 bits of the header's fourth word's upper half. */
    public static final int ALL = 0xfff;

    private TcpFlags()
    {
    }
}
