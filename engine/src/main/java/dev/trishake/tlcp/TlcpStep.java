// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

/**
 * What a session does when it goes on: kept in its memory while it waits, and what each piece of the machine answers
 * about what comes next. An answer below 0 is a fault, see {@link #fault}.
 */
final class TlcpStep
{
    /** Take the next record, or the next message of what was taken. */
    static final int READ = 0;
    /** A client begins: send ClientHello. */
    static final int START = 1;
    /** Send the flight that lies in the transcript, then go on with NEXT_STEP. */
    static final int SEND = 2;
    /** The record at the input's head was opened. */
    static final int OPENED = 3;
    /** The fingerprint of the peer's certificates is there: ask for the verdict. */
    static final int FIND_TRUST = 4;
    /** The server's signature is there. */
    static final int SIGNED = 5;
    /** The pre-master secret is there. */
    static final int AGREED = 6;
    /** A client's ciphertext is there. */
    static final int ENCRYPTED = 7;
    /** The keys are there. */
    static final int SCHEDULED = 8;
    /** The peer's signature was verified, or not. */
    static final int VERIFIED = 9;
    /** What our Finished says is there. */
    static final int FINISH = 10;
    /** The handshake is done. */
    static final int ESTABLISH = 11;
    /** The alert is to be sent, protected where that is due. */
    static final int FAIL = 12;
    /** The client's ticket was opened, or not. */
    static final int TICKET_OPENED = 13;
    /** The client's new ticket is there. */
    static final int TICKET_SEALED = 14;

    /** An answer: an operation was asked for. */
    static final int AWAIT_CRYPTO = 100;
    /** An answer: the verdict on the peer's certificates is not there. */
    static final int AWAIT_CERTIFICATE = 101;
    /** An answer: there is no room for output. */
    static final int BACK_PRESSURED = 102;
    /** An answer: there is no whole record. */
    static final int NEED_INPUT = 103;
    /** An answer: application data lies ready, or nothing is left to do. */
    static final int DONE = 104;
    /** An answer: the session has ended by a fatal alert. */
    static final int ENDED = 105;

    private TlcpStep()
    {
    }

    /** {@return the answer that the session fails} */
    static int fault(final int alert)
    {
        return -1 - alert;
    }

    /** {@return the alert of a fault} */
    static int alert(final int fault)
    {
        return -1 - fault;
    }
}
