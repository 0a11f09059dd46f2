// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** What is counted; with Linux's names ({@code /proc/net/snmp}, {@code /proc/net/netstat}) where it counts the same. */
public enum TcpCounter
{
    /** Connections that we opened. */
    ACTIVE_OPENS("TcpActiveOpens"),
    /** Connections that peers opened. */
    PASSIVE_OPENS("TcpPassiveOpens"),
    /** Attempts to open, either way, that ended CLOSED. */
    ATTEMPT_FAILS("TcpAttemptFails"),
    /** ESTABLISHED or CLOSE-WAIT that ended CLOSED at once. */
    ESTAB_RESETS("TcpEstabResets"),
    /** Segments received. */
    IN_SEGS("TcpInSegs"),
    /** Segments sent, without those sent again. */
    OUT_SEGS("TcpOutSegs"),
    /** Segments sent again. */
    RETRANS_SEGS("TcpRetransSegs"),
    /** Packets that are not what they should be. */
    IN_ERRS("TcpInErrs"),
    /** Of these, segments with a wrong checksum. */
    IN_CSUM_ERRORS("TcpInCsumErrors"),
    /** Segments sent with RST. */
    OUT_RSTS("TcpOutRsts"),
    /** Packets of other protocols, fragments, and not for us. */
    IP_IN_DISCARDS("IpInDiscards"),
    /** SYN cookies sent. */
    SYNCOOKIES_SENT("SyncookiesSent"),
    /** SYN cookies that came back. */
    SYNCOOKIES_RECV("SyncookiesRecv"),
    /** ACKs whose cookie is wrong or too old. */
    SYNCOOKIES_FAILED("SyncookiesFailed"),
    /** Cookies not looked at because there were too many this second. */
    SYNCOOKIES_LIMITED("SyncookiesLimited"),
    /** An accept queue was full. */
    LISTEN_OVERFLOWS("ListenOverflows"),
    /** SYNs and last ACKs that were dropped. */
    LISTEN_DROPS("ListenDrops"),
    /** A SYN queue was full and a cookie was sent. */
    REQ_Q_FULL_DO_COOKIES("TCPReqQFullDoCookies"),
    /** A SYN queue was full and the SYN was dropped. */
    REQ_Q_FULL_DROP("TCPReqQFullDrop"),
    /** Half-open connections that a RST ended, either way. */
    EMBRYONIC_RSTS("EmbryonicRsts"),
    /** Half-open connections that were given up. */
    REQ_TIMEOUTS("TCPReqTimeouts"),
    /** RSTs that closed a connection with unread data. */
    ABORT_ON_CLOSE("TCPAbortOnClose"),
    /** RSTs that answered data after close. */
    ABORT_ON_DATA("TCPAbortOnData"),
    /** Connections given up because the peer did not answer. */
    ABORT_ON_TIMEOUT("TCPAbortOnTimeout"),
    /** Last ACKs answered with RST because the accept queue was full. */
    ABORT_ON_OVERFLOW("TCPAbortOnOverflow"),
    /** Challenge ACKs sent, RFC 5961. */
    CHALLENGE_ACK("TCPChallengeACK"),
    /** Of these, in answer to a SYN. */
    SYN_CHALLENGE("TCPSYNChallenge"),
    /** ACKs of unacceptable segments that were not sent because one was sent a moment ago. */
    ACK_SKIPPED("TCPACKSkipped"),
    /** Segments with an old timestamp on a synchronized connection, RFC 7323 5. */
    PAWS_ESTAB("PAWSEstab"),
    /** SYN-RECEIVED: an echoed timestamp that we never sent. */
    TSECR_REJECTED("TSECRRejected"),
    /** TIME-WAITs that ended in time. */
    TIME_WAITED("TW"),
    /** TIME-WAITs that a new SYN ended. */
    TIME_WAIT_RECYCLED("TWRecycled"),
    /** Connections that skipped TIME-WAIT because there was no record left. */
    TIME_WAIT_OVERFLOW("TCPTimeWaitOverflow"),
    /** SYNs and SYN-ACKs sent again. */
    SYN_RETRANS("TCPSynRetrans"),
    /** Retransmission timeouts. */
    TIMEOUTS("TCPTimeouts"),
    /** Fast retransmissions, RFC 5681 3.2. */
    FAST_RETRANS("TCPFastRetrans"),
    /** Data that came out of order and was kept. */
    OFO_QUEUE("TCPOFOQueue"),
    /** Data dropped because there was no buffer, or out of order beyond what is remembered. */
    RCV_Q_DROP("TCPRcvQDrop"),
    /** Acknowledgments that were delayed and then sent alone. */
    DELAYED_ACKS("DelayedACKs"),
    /** Keepalive probes sent. */
    KEEP_ALIVE("TCPKeepAlive"),
    /** Zero-window probes sent. */
    WIN_PROBE("TCPWinProbe"),
    /** RSTs not sent because there were too many this second. */
    RSTS_LIMITED("OutRstsLimited"),
    /** Output that found the outbox full and was put off. */
    OUTPUT_DEFERRED("OutputDeferred"),
    /** Send or receive buffers that were wanted while the pool was empty. */
    BUFFERS_EXHAUSTED("BuffersExhausted"),
    /** Connections that were wanted while all were in use. */
    CONNECTIONS_EXHAUSTED("ConnectionsExhausted"),
    /** ICMP errors about a connection that were believed. */
    ICMP_ERRORS("IcmpInErrors"),
    /** ICMP errors whose quoted number is not in flight. */
    OUT_OF_WINDOW_ICMPS("OutOfWindowIcmps"),
    /** Pings answered. */
    ICMP_ECHO_REPLIES("IcmpOutEchoReps");

    private final String label;

    TcpCounter(final String label)
    {
        this.label = label;
    }

    /**
     * {@return Linux's name of it, or one in its manner}
     */
    public String label()
    {
        return label;
    }

    /** Where it is among all, from 0. */
    @SuppressWarnings("EnumOrdinal") // where a counter lies in memory is nobody else's business and may change
    int index()
    {
        return ordinal();
    }
}
