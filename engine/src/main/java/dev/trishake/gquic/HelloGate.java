// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import org.agrona.MutableDirectBuffer;

/**
 * Judges a client's hello for which there is no session. A judgement costs no memory: who has no token that proves his
 * address is told how to get one, and forgotten. What the connection needs to know later the token brings back.
 */
interface HelloGate
{
    /** The hello is not answered. */
    int DROP = 0;

    /** The hello is answered by {@link #writeReject}, and forgotten. */
    int REJECT = 1;

    /** The hello deserves a session. */
    int ADMIT = 2;

    /**
     * Judges a hello.
     *
     * @param tuple        where it came from
     * @param cid          connection ID
     * @param version      of the packet, {@link GquicVersion#NONE} where it names none: then only a token of this
     *                     connection can tell
     * @param packetNumber of the packet
     * @param streamOffset where in the crypto stream the message begins
     * @param hello        a whole and sound message
     * @param packetLength octets of the packet, header included
     * @param nowNs        the agent's time
     * @return {@link #DROP}, {@link #REJECT} or {@link #ADMIT}
     */
    int judge(
        FourTuple tuple, long cid, int version, long packetNumber, long streamOffset, MessageDecoder hello,
        int packetLength, long nowNs);

    /**
     * Writes the REJ that the hello judged last deserves.
     *
     * @param buffer   where to
     * @param offset   where it begins
     * @param capacity room for it
     * @return its length; -1 when there is no room
     */
    int writeReject(MutableDirectBuffer buffer, int offset, int capacity);

    /**
     * {@return the version of the connection whose hello was judged last: of its packet, or what its token says}
     */
    int version();

    /**
     * {@return octets of this side's crypto stream that were sent before, as the token of the hello judged last says;
     * else 0}: where in the stream what is sent next begins
     */
    int sentLength();

    /**
     * {@return the greatest packet number that was sent before, as the token of the hello judged last says; else 0}
     */
    int sentNumber();
}
