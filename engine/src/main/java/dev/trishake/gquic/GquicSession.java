// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.EventHistory;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlabView;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.PacketHeaderDecoder;

/**
 * A view of a connection's slot. Its variables are words at the offsets below, all 0 in a fresh slot, 64-bit ones as
 * {@code long} constants so that none is read with the other width; then come structures and secrets.
 *
 * <pre>
 *  0        128       TUPLE     CRYPTO_IN          KEYS            HANDSHAKE          SENT
 * +--------+---------+---------+------------------+---------------+------------------+-----------------------+
 * | ints   | longs   | 40      | ranges, history, | four schedules| what handshakes  | packets that are not  |
 * |        |         |         | labels, nonce    | and IVs       | remember         | acknowledged          |
 * +--------+---------+---------+------------------+---------------+------------------+-----------------------+
 * </pre>
 *
 * <p>Handshake messages are in a buffer of their own, which goes back to its pool when the handshake is over, and data
 * of streams is in the streams' records.
 */
final class GquicSession extends SlabView
{
    private static final int STATE = 0; // a GquicState
    static final int STEP = 8; // what goes on when the session goes on, see GquicStep
    static final int ERROR = 12; // the code of the CONNECTION_CLOSE that is to be sent or was read
    static final int VERSION = 16; // label
    static final int AEAD = 20; // tag
    static final int KEXS = 24; // tag
    static final int SERVER_INDEX = 28; // a client's entry of its cache of servers
    static final int HELLOS = 32; // CHLOs that this session has sent or read
    static final int PEER_STREAM_WINDOW = 36; // SFCW, CFCW, MIDS and ICSL of the peer; 0: not known
    static final int PEER_CONNECTION_WINDOW = 40;
    static final int PEER_STREAMS = 44;
    static final int IDLE_SECONDS = 48;
    static final int CRYPTO_BUFFER = 52; // number of the buffer of messages, + 1
    static final int CRYPTO_PARSED = 56; // octets of the input that were read as messages
    static final int CRYPTO_LEVEL = 60; // at which the input came last
    static final int CRYPTO_OUT_LENGTH = 64; // octets of the output
    static final int CRYPTO_OUT_SENT = 68; // of them, that are out
    static final int CRYPTO_OUT_INITIAL = 72; // where in the output the messages of INITIAL level begin, + 1
    static final int LABEL_COUNT = 76; // of the version negotiation packet
    static final int OPENED_LEVEL = 80; // best level of the packets that were opened
    static final int EARLY_FIRST = 84; // packet that can't be opened yet, + 1
    static final int EARLY_COUNT = 88;
    static final int ACK_OWED = 92; // packets since the last ACK that deserve one
    static final int BACK_OFF = 96; // timeouts in a row
    static final int CONGESTION_WINDOW = 100; // packets
    static final int STREAM_FIRST = 104; // record of a stream, + 1
    static final int PEER_OPEN_STREAMS = 108;
    static final int OWN_OPEN_STREAMS = 112;
    static final int NEXT_STREAM = 116; // ID of the next stream that is opened here
    static final int PEER_TOP_STREAM = 120; // greatest stream ID of the peer
    static final int KEYS_TRIED = 124; // flags of the keys that early packets were tried with

    static final int CRYPTO_IN_TOP = 160; // octets of the input, from its first on, that may have been written
    static final int CRYPTO_OUT_TOP = 164; // and of the output
    static final long SOCKET = 128;
    static final long CID = 136;
    static final long NEXT_NUMBER = 144; // of the packet to send next
    static final long FIRST_NUMBER = 152; // of the packets that this session has sent
    static final long LARGEST_RECEIVED = 168;
    static final long LARGEST_RECEIVED_NS = 176;
    static final long LEAST_AWAITED = 184; // the peer does not resend what lies below, says STOP_WAITING
    static final long SENT_USED = 192; // bits: entries of SENT in use
    static final long SENT_LOST = 200; // bits: entries to be sent again
    static final long SMOOTHED_RTT = 208; // ns, 0: none was measured
    static final long RTT_VARIATION = 216;
    static final long CREATED_NS = 224;
    static final long HEARD_NS = 232; // when the last packet was opened
    static final long SENT_NS = 240; // when the last packet went out that is to be acknowledged
    static final long ACK_DUE_NS = 248;
    static final long RECEIVED_DATA = 256; // sum over all streams: greatest offset that came
    static final long CONSUMED_DATA = 264; // and what was taken of it
    static final long RECEIVE_LIMIT = 272; // what the peer was told, 0: the first one
    static final long SENT_DATA = 280;
    static final long SEND_LIMIT = 288; // what WINDOW_UPDATE has brought
    static final long PEER_STREAM_BITS = 296; // bit i: the i-th stream below the top one was seen
    static final long CRYPTO_IN_BASE = 304; // offset in the stream of the first octet of the input
    static final long CRYPTO_OUT_BASE = 312;
    static final long RECOVERY_END = 320; // losses of packets below it have been answered for
    static final long SCHEDULED_NS = 328; // what the timer is set to

    static final int TUPLE = 336;
    static final int RECEIVED = TUPLE + FourTuple.LENGTH; // bits of AckState
    static final int CRYPTO_IN = RECEIVED + AckState.LENGTH; // ReceivedRanges of the crypto stream
    static final int HISTORY = CRYPTO_IN + ReceivedRanges.LENGTH;
    /** Labels of the version negotiation packet, reserved ones left out, in the machine's order. */
    static final int LABELS = HISTORY + EventHistory.LENGTH;
    static final int MAX_LABELS = 16;
    /** The server's nonce for the initial keys: a server's own, a client's the one that came last. */
    static final int DIVERSIFICATION = LABELS + MAX_LABELS * GquicVersion.LABEL_LENGTH;
    static final int KEYS_INITIAL_READ = DIVERSIFICATION + PacketHeaderDecoder.NONCE_LENGTH;
    static final int KEYS_INITIAL_WRITE = KEYS_INITIAL_READ + Protection.KEYS_LENGTH;
    static final int KEYS_FORWARD_READ = KEYS_INITIAL_WRITE + Protection.KEYS_LENGTH;
    static final int KEYS_FORWARD_WRITE = KEYS_FORWARD_READ + Protection.KEYS_LENGTH;
    /** What the handshakes keep, see {@link HandshakeFields}. */
    static final int HANDSHAKE = KEYS_FORWARD_WRITE + Protection.KEYS_LENGTH;
    static final int SENT = HANDSHAKE + HandshakeFields.LENGTH;
    /** Octets that a session takes. */
    static final int STRIDE = (SENT + SentPackets.LENGTH + 63) & -64;

    static final int IS_CLIENT = 1;
    static final int POSTED = 1 << 1; // an operation is asked for: who posts raises it, the operation clears it
    static final int HAS_INITIAL_READ = 1 << 2; // the keys are there
    static final int HAS_INITIAL_WRITE = 1 << 3;
    static final int HAS_FORWARD = 1 << 4; // both
    static final int ESTABLISHED = 1 << 5; // this side's handshake is done: server, SHLO is written; client, it is read
    static final int CONFIRMED = 1 << 6; // the peer has forward-secure keys too
    static final int NONCE_DUE = 1 << 7; // a nonce in DIVERSIFICATION waits to be used
    static final int NEGOTIATED = 1 << 8; // a client's: the version comes from a version negotiation packet
    static final int RESUMED = 1 << 9; // the handshake took one CHLO
    static final int ZERO_RTT = 1 << 10; // data went or came under initial keys
    static final int NO_STOP_WAITING = 1 << 11; // COPT has NSTP
    static final int OMIT_CID = 1 << 12; // TCID is 0: a server may leave the connection ID out
    static final int CERTIFICATE_AWAITED = 1 << 13;
    static final int ESTABLISHED_TOLD = 1 << 14; // to the handler
    static final int CLOSE_DUE = 1 << 15; // the connection ends with ERROR: the peer is to be told
    static final int CLOSED_BY_PEER = 1 << 16;
    static final int CLOSED_SILENTLY = 1 << 17; // ends with ERROR, the peer is not told
    static final int PING_DUE = 1 << 18;
    static final int ACK_DUE = 1 << 19;
    static final int WINDOW_DUE = 1 << 20; // WINDOW_UPDATE of the connection
    static final int BLOCKED_DUE = 1 << 21; // BLOCKED of the connection
    static final int BLOCKED_TOLD = 1 << 22;
    static final int HEARD = 1 << 23; // a packet was accepted
    static final int NONCE_NOTED = 1 << 24; // there is one in DIVERSIFICATION
    static final int CLOSED = CLOSE_DUE | CLOSED_BY_PEER | CLOSED_SILENTLY;

    GquicSession(final SessionSlab slab)
    {
        super(slab);
    }

    GquicSession wrap(final int newSlot)
    {
        turnTo(newSlot);
        return this;
    }

    void add(final int offset, final int value)
    {
        set(offset, get(offset) + value);
    }

    void add(final long offset, final long value)
    {
        set(offset, get(offset) + value);
    }

    boolean isClient()
    {
        return is(IS_CLIENT);
    }

    /** {@return whether the handshake is not over, as far as this side knows} */
    boolean isHandshaking()
    {
        return !is(isClient() ? ESTABLISHED : CONFIRMED);
    }

    boolean isQ044()
    {
        return get(VERSION) == GquicVersion.Q044;
    }

    /** {@return the best level at which this side can send} */
    int writeLevel()
    {
        return is(HAS_FORWARD) && is(ESTABLISHED) ? GquicLevel.FORWARD_SECURE :
            is(HAS_INITIAL_WRITE) ? GquicLevel.INITIAL : GquicLevel.NULL;
    }

    GquicState state()
    {
        return GquicState.of(get(STATE));
    }

    /** The only writer of the state. */
    void transition(final GquicState state)
    {
        set(STATE, state.code());
        EventHistory.record(memory(), at(HISTORY), (byte)(state.code() + 1));
    }

    /** Ends the connection, unless it has ended; the first reason stays. */
    void fail(final int error, final int how)
    {
        if (!is(CLOSED))
        {
            set(ERROR, error);
            raise(how);
            transition(GquicState.CLOSING);
        }
    }

    /** Wipes a range of this session. */
    void wipe(final int offset, final int length)
    {
        memory().setMemory(at(offset), length, (byte)0);
    }
}
