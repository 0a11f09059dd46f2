// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.session.EventHistory;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlabView;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A view of a session's slot. Its variables are words at the offsets below, all 0 in a fresh slot; then come secrets
 * and randoms, then the record that is being sent, then what the stream has brought.
 *
 * <pre>
 *  0          168                    SECRETS_END      output                 input
 * +----------+----------------------+----------------+----------------------+---------------------+
 * | words    | randoms, secrets,    | (alignment)    | header | IV | one    | records as they     |
 * |          | keys, signatures     |                | fragment | MAC, pad  | come, one at least  |
 * +----------+----------------------+----------------+----------------------+---------------------+
 * </pre>
 *
 * <p>Handshake messages are in a transcript of their own, which goes back to its pool when the handshake is done: it is
 * at once where messages are put together from fragments, what is hashed, and what flights are sent from.
 */
final class TlcpSession extends SlabView
{
    private static final int STATE = 0; // a TlcpState
    static final int KIND = 12; // as far as it is known, see TlcpFlights
    static final int INDEX = 8; // of the message to come in its row
    static final int SUITE = 16;
    static final int STEP = 20; // what goes on when the session goes on, see TlcpHandshake
    static final int NEXT_STEP = 24; // what follows once a flight is out
    static final int ALERT = 28; // the description to send, + 1
    static final int TRANSCRIPT = 32; // number of the transcript, + 1
    static final int TRANSCRIPT_LENGTH = 36; // octets of messages, those of an unfinished one included
    static final int PARSED = 40; // where the next message begins
    static final int HASHED = 44; // up to where the running hash has come
    static final int SENT = 48; // up to where this side's messages are out
    static final int MESSAGE_OFFSET = 52; // in the transcript: body of the message that is being handled
    static final int MESSAGE_LENGTH = 56;
    static final int ENCRYPTION_OFFSET = 60; // in the transcript: the peer's encryption certificate
    static final int ENCRYPTION_LENGTH = 64;
    static final int INPUT_FIRST = 68;
    static final int INPUT_END = 72;
    static final int OPENED_OFFSET = 76; // from the input's beginning: plaintext of the record at INPUT_FIRST
    static final int OPENED_LENGTH = 80;
    static final int OUTPUT_TYPE = 84; // content type of the record being sent
    static final int OUTPUT_LENGTH = 88; // of its plaintext, or once it is sealed, of its fragment
    static final int EMPTY_RECORDS = 92;
    static final int SESSION_ID_LENGTH = 96;
    static final int SENT_ALERT = 100; // the fatal alert that ended the session, + 1
    static final long BELOW = 104;
    private static final int HISTORY = 112;
    static final int CREDENTIALS = 128; // which of ours are shown, see CredentialsByName
    static final int PROTOCOL = 132; // of the application, + 1: its place among the configuration's
    static final long SERVER_NAME = 136; // tag of the name that the client asks for, 0 for none
    static final int TICKET_OFFSET = 144; // in the transcript: the ticket that has come
    static final int TICKET_LENGTH = 148;
    static final int TICKET_LIFETIME = 152; // as the server says, in seconds, unsigned

    // up to where memory has been written since it was zeros, and is to be wiped
    static final int TRANSCRIPT_TOP = 156;
    static final int INPUT_TOP = 160;
    static final int OUTPUT_TOP = 164; // of plaintexts; what sealing adds fits PREFIX_LENGTH and SUFFIX_LENGTH

    static final int CLIENT_RANDOM = 168;
    static final int SERVER_RANDOM = CLIENT_RANDOM + Tlcp.RANDOM_LENGTH;
    static final int SESSION_ID = SERVER_RANDOM + Tlcp.RANDOM_LENGTH;
    static final int MASTER = SESSION_ID + Tlcp.MAX_SESSION_ID_LENGTH;
    static final int MASTER_LENGTH = 48;
    static final int PRE_MASTER = MASTER + MASTER_LENGTH;
    static final int KEY_BLOCK = PRE_MASTER + Tlcp.PRE_MASTER_SECRET_LENGTH;
    static final int KEY_BLOCK_LENGTH = 96;
    static final int WRITE_SEQUENCE = KEY_BLOCK + KEY_BLOCK_LENGTH;
    static final int READ_SEQUENCE = WRITE_SEQUENCE + Long.BYTES;
    static final int VERIFY_DATA = READ_SEQUENCE + Long.BYTES;
    static final int TRANSCRIPT_HASH = VERIFY_DATA + 16;
    static final int EPHEMERAL_KEY = TRANSCRIPT_HASH + Sm3.STATE_LENGTH;
    static final int EPHEMERAL_POINT = EPHEMERAL_KEY + Sm2.NUMBER_LENGTH;
    static final int PEER_POINT = EPHEMERAL_POINT + Sm2.POINT_LENGTH;
    static final int PEER_KEYS = PEER_POINT + Sm2.POINT_LENGTH;
    /** A signature r, s; or a ciphertext x, y, C3, C2; or a fingerprint: what one operation takes or gives. */
    static final int SCRATCH = PEER_KEYS + PeerTrust.KEYS_LENGTH;
    static final int SCRATCH_LENGTH = 3 * Sm2.NUMBER_LENGTH + Tlcp.PRE_MASTER_SECRET_LENGTH;
    private static final int SECRETS_END = SCRATCH + SCRATCH_LENGTH;

    /** Where the record's plaintext goes behind OUTPUT: behind its header and the longest explicit IV. */
    static final int PREFIX_LENGTH = RecordHeaderFlyweight.LENGTH + 16;
    /** Room behind a plaintext: a MAC of 32 octets and padding up to the next block. */
    static final int SUFFIX_LENGTH = 48;
    static final int OUTPUT = (SECRETS_END + 63) & -64;

    static final int IS_CLIENT = 1;
    static final int ESTABLISHED = 1 << 1;
    static final int READ_PROTECTED = 1 << 2;
    static final int WRITE_PROTECTED = 1 << 3;
    static final int OPEN_DUE = 1 << 4; // the record at INPUT_FIRST is to be opened
    static final int OPENED = 1 << 5; // and has been
    static final int OPEN_FAILED = 1 << 6;
    static final int SEAL_DUE = 1 << 7; // the record in OUTPUT is to be sealed
    static final int SEALED = 1 << 8; // and has been: it is to be sent
    static final int POSTED = 1 << 9; // an operation is asked for
    static final int RESULT_GOOD = 1 << 10; // a signature verified, a ciphertext was made
    static final int CONTENT = 1 << 11; // the opened record is application data that is not read yet
    static final int PEER_CLOSED = 1 << 12; // its close_notify has come
    static final int CLOSE_DUE = 1 << 13; // our close_notify is to be sent
    static final int CLOSED = 1 << 14; // and has been
    static final int SHUTDOWN_DUE = 1 << 15; // the end of the stream below is to be sent
    static final int WRITABLE_WANTED = 1 << 16;
    static final int WRITABLE = 1 << 17;
    static final int WARNING_DUE = 1 << 18; // no_renegotiation is to be sent
    static final int FAILED = 1 << 19;
    static final int CHANGE_CIPHER_SPEC_DUE = 1 << 20; // goes before the record in OUTPUT
    static final int CERTIFICATE_REQUESTED = 1 << 21;
    static final int AUTHENTICATED = 1 << 22; // the client was, in the session that may go on
    static final int INPUT_ENDED = 1 << 23;

    private static final int KEY_LENGTH = 16;
    private static final int MAC_KEY_LENGTH = 32;
    private static final int SALT_LENGTH = 4;

    private final int inputOffset;
    private final int inputLength;

    TlcpSession(final SessionSlab slab, final int fragmentLength)
    {
        super(slab);
        this.inputOffset = inputOffset(fragmentLength);
        this.inputLength = slab.stride() - inputOffset;
    }

    /** {@return octets that a session takes} */
    static int stride(final int fragmentLength)
    {
        final int longestRecord = RecordHeaderFlyweight.LENGTH + RecordHeaderFlyweight.MAX_PROTECTED_LENGTH;
        return (inputOffset(fragmentLength) + longestRecord + 63) & -64;
    }

    private static int inputOffset(final int fragmentLength)
    {
        return OUTPUT + ((PREFIX_LENGTH + fragmentLength + SUFFIX_LENGTH + 63) & -64);
    }

    TlcpSession wrap(final int newSlot)
    {
        turnTo(newSlot);
        return this;
    }

    long getLong(final long offset)
    {
        return get(offset);
    }

    void setLong(final long offset, final long value)
    {
        set(offset, value);
    }

    /** Notes that memory is written up to here. */
    void reach(final int top, final int end)
    {
        set(top, Math.max(get(top), end));
    }

    TlcpState state()
    {
        return TlcpState.of(get(STATE));
    }

    /** The only writer of the state. */
    void transition(final TlcpState state)
    {
        set(STATE, state.code());
        EventHistory.record(memory(), at(HISTORY), (byte)(state.code() + 1));
    }

    int historyOffset()
    {
        return at(HISTORY);
    }

    boolean isGcm()
    {
        return CipherSuite.isGcm(get(SUITE));
    }

    boolean isEcdhe()
    {
        return CipherSuite.isEcdhe(get(SUITE));
    }

    /** {@return whether the client has shown certificates, here or in the session that goes on here} */
    boolean isClientAuthenticated()
    {
        final int kind = get(KIND);
        return (kind & TlcpFlights.RESUMED) != 0 ? is(AUTHENTICATED) : (kind & TlcpFlights.CLIENT_CERTIFICATE) != 0;
    }

    /** {@return where the SM4 key of a direction begins in the memory} */
    int keyOffset(final boolean ofClient)
    {
        return at(KEY_BLOCK) + (isGcm() ? 0 : 2 * MAC_KEY_LENGTH) + (ofClient ? 0 : KEY_LENGTH);
    }

    /** {@return where the MAC key of a direction begins; CBC suites} */
    int macKeyOffset(final boolean ofClient)
    {
        return at(KEY_BLOCK) + (ofClient ? 0 : MAC_KEY_LENGTH);
    }

    /** {@return where the salt of a direction begins; GCM suites} */
    int saltOffset(final boolean ofClient)
    {
        return at(KEY_BLOCK) + 2 * KEY_LENGTH + (ofClient ? 0 : SALT_LENGTH);
    }

    /** {@return octets of the key block that the suite uses} */
    int keyBlockLength()
    {
        return isGcm() ? 2 * (KEY_LENGTH + SALT_LENGTH) : 2 * (MAC_KEY_LENGTH + KEY_LENGTH);
    }

    /** {@return where the input's memory begins} */
    int inputOffset()
    {
        return at(inputOffset);
    }

    /** Wipes all that was ever written, which is little of the record. */
    void wipe()
    {
        final UnsafeBuffer memory = memory();
        ConstantTime.wipe(memory, inputOffset(), get(INPUT_TOP));
        ConstantTime.wipe(memory, at(OUTPUT), PREFIX_LENGTH + get(OUTPUT_TOP) + SUFFIX_LENGTH);
        ConstantTime.wipe(memory, at(0), SECRETS_END);
    }

    int inputCapacity()
    {
        return inputLength;
    }

    /** {@return where the plaintext of the record that is being sent begins in the memory} */
    int outputPlaintext()
    {
        return at(OUTPUT) + PREFIX_LENGTH;
    }
}
