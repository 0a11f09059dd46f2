// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CertificateDecoder;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeEncoder;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.Sm2SignatureDer;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import static dev.trishake.tlcp.TlcpStep.fault;

/**
 * What both sides' handshakes share. A handler is called with the session turned to, reads one message or takes one
 * result, writes what it has to say into the transcript, and answers the {@link TlcpStep} that comes next.
 */
abstract class TlcpHandshake
{
    static final int FINISHED_LENGTH = HandshakeHeaderFlyweight.LENGTH + Tlcp.VERIFY_DATA_LENGTH;

    final TlcpMemory memory;
    final TlcpConfig config;
    final TlcpSession session;
    final Entropy entropy;
    final OctetWriter out = new OctetWriter();
    final CertificateDecoder certificates = new CertificateDecoder();
    final Sm2SignatureDer signature = new Sm2SignatureDer();
    private final CryptoQueue queue;

    TlcpHandshake(
        final TlcpMemory memory, final TlcpSession session, final CryptoQueue queue, final Entropy entropy)
    {
        this.memory = memory;
        this.config = memory.config;
        this.session = session;
        this.queue = queue;
        this.entropy = entropy;
    }

    /** Handles a message that stands at its place, other than Finished; answers the next step. */
    abstract int onMessage(int type, long nowNs);

    /** Goes on after an operation of this handshake's own; answers the next step. */
    abstract int onStep(int step, long nowNs);

    /** {@return what comes once keys are there} */
    abstract int onScheduled();

    /** {@return what comes once the peer's Finished was right} */
    abstract int onPeerFinished();

    /** {@return what comes once our own Finished is out} */
    abstract int afterOwnFinished();

    /** Remembers the session, which has just been established, so that another one can go on from it. */
    abstract void remember(long nowNs);

    /** Sees to it that no session goes on from this one, which ended by a fatal alert (RFC 5246 7.2.2). */
    abstract void forget();

    // ---- messages

    final UnsafeBuffer messages()
    {
        return memory.messages();
    }

    final int bodyOffset()
    {
        return memory.bodyOffset(session);
    }

    final int bodyLength()
    {
        return session.get(TlcpSession.MESSAGE_LENGTH);
    }

    /** Begins to write messages behind those that are there. */
    final OctetWriter beginFlight()
    {
        final int length = session.get(TlcpSession.TRANSCRIPT_LENGTH);
        return out.wrap(messages(), memory.messagesOffset(session) + length, config.transcriptLength - length);
    }

    /** Ends to write messages; answers the step, or a fault where they did not fit. */
    final int endFlight(final int step)
    {
        if (out.failed())
        {
            session.reach(TlcpSession.TRANSCRIPT_TOP, config.transcriptLength);
            return fault(Alert.INTERNAL_ERROR);
        }
        session.set(TlcpSession.TRANSCRIPT_LENGTH, session.get(TlcpSession.TRANSCRIPT_LENGTH) + out.length());
        session.reach(TlcpSession.TRANSCRIPT_TOP, session.get(TlcpSession.TRANSCRIPT_LENGTH));
        session.set(TlcpSession.PARSED, session.get(TlcpSession.TRANSCRIPT_LENGTH));
        return step;
    }

    final int send(final int next)
    {
        session.set(TlcpSession.NEXT_STEP, next);
        return TlcpStep.SEND;
    }

    /** Asks for an operation and says what goes on with its result. */
    final int post(final int kind, final int step)
    {
        session.set(TlcpSession.STEP, step);
        session.raise(TlcpSession.POSTED);
        queue.post(kind, session.slot(), session.handle());
        return TlcpStep.AWAIT_CRYPTO;
    }

    final void learn(final int kind)
    {
        session.set(TlcpSession.KIND, session.get(TlcpSession.KIND) | kind);
    }

    final boolean isResumed()
    {
        return (session.get(TlcpSession.KIND) & TlcpFlights.RESUMED) != 0;
    }

    final boolean isTicketDue()
    {
        return (session.get(TlcpSession.KIND) & TlcpFlights.TICKET) != 0;
    }

    /**
     * Takes the next place in the row of messages; the only way forward.
     *
     * @return false when the message has no place there
     */
    final boolean advance(final TlcpMessage message)
    {
        final int index = session.get(TlcpSession.INDEX);
        final int kind = TlcpFlights.learn(session.get(TlcpSession.KIND), index, message);
        if (kind == TlcpFlights.UNEXPECTED)
        {
            return false;
        }
        session.set(TlcpSession.KIND, kind);
        session.set(TlcpSession.INDEX, index + 1);
        session.transition(message.state(session.is(TlcpSession.IS_CLIENT)));
        return true;
    }

    // ---- certificates

    /** Writes our Certificate, or an empty one. */
    final void writeCertificate(final boolean empty)
    {
        final int message = HandshakeEncoder.begin(out, HandshakeType.CERTIFICATE);
        if (empty)
        {
            out.u24(0);
        }
        else
        {
            final UnsafeBuffer body = (UnsafeBuffer)memory.credentials(session).certificateBody();
            out.bytes(body, 0, body.capacity());
        }
        out.endVector(message);
    }

    /** Asks who the peer is by the fingerprint of his Certificate. */
    final int onCertificates()
    {
        return config.trust == null ?
            fault(Alert.HANDSHAKE_FAILURE) : post(TlcpCore.FINGERPRINT, TlcpStep.FIND_TRUST);
    }

    final int onFindTrust(final long nowNs)
    {
        final PeerTrust trust = config.trust;
        final int entry = trust.find(messages(), bodyOffset(), bodyLength(), session.memory(),
            session.at(TlcpSession.SCRATCH), nowNs);
        if (entry == PeerTrust.UNKNOWN)
        {
            return TlcpStep.AWAIT_CERTIFICATE;
        }
        if (trust.alert(entry) != PeerTrust.TRUSTED)
        {
            return fault(trust.alert(entry));
        }
        trust.copyKeys(entry, session.memory(), session.at(TlcpSession.PEER_KEYS));
        final int encryption = trust.encryptionIndex(entry);
        certificates.wrap(messages(), bodyOffset(), bodyLength());
        if (encryption >= 0 && encryption < certificates.count())
        {
            session.set(TlcpSession.ENCRYPTION_OFFSET,
                certificates.offset(encryption) - memory.messagesOffset(session));
            session.set(TlcpSession.ENCRYPTION_LENGTH, certificates.length(encryption));
        }
        else if (session.is(TlcpSession.IS_CLIENT) || session.isEcdhe())
        {
            return fault(Alert.HANDSHAKE_FAILURE); // as Tongsuo says of fewer than two certificates
        }
        return TlcpStep.READ;
    }

    /** Reads a signature into the session's scratch and has it verified. */
    final int verify(final int offset, final int length)
    {
        return signature.decode(messages(), offset, length, session.memory(), session.at(TlcpSession.SCRATCH)) ?
            post(TlcpCore.VERIFY, TlcpStep.VERIFIED) : fault(Alert.DECRYPT_ERROR);
    }

    final int onVerified()
    {
        return session.is(TlcpSession.RESULT_GOOD) ? TlcpStep.READ : fault(Alert.DECRYPT_ERROR);
    }

    // ---- Finished

    final int onFinishedMessage()
    {
        if (bodyLength() != Tlcp.VERIFY_DATA_LENGTH)
        {
            return fault(Alert.DECODE_ERROR);
        }
        return ConstantTime.equal(messages(), bodyOffset(), session.memory(), session.at(TlcpSession.VERIFY_DATA),
            Tlcp.VERIFY_DATA_LENGTH) ? onPeerFinished() : fault(Alert.DECRYPT_ERROR);
    }

    /** Our Finished, the first record that is protected: it waits in the output behind a ChangeCipherSpec. */
    final int onFinish()
    {
        writeFinished(session.memory(), session.outputPlaintext());
        session.set(TlcpSession.OUTPUT_TYPE, ContentType.HANDSHAKE);
        session.set(TlcpSession.OUTPUT_LENGTH, FINISHED_LENGTH);
        session.reach(TlcpSession.OUTPUT_TOP, FINISHED_LENGTH);
        session.raise(TlcpSession.WRITE_PROTECTED | TlcpSession.CHANGE_CIPHER_SPEC_DUE | TlcpSession.SEAL_DUE);
        session.setLong(TlcpSession.WRITE_SEQUENCE, 0);
        session.set(TlcpSession.NEXT_STEP, afterOwnFinished());
        return post(TlcpCore.RECORDS, TlcpStep.SEND);
    }

    private void writeFinished(final UnsafeBuffer buffer, final int offset)
    {
        HandshakeEncoder.finished(out.wrap(buffer, offset, FINISHED_LENGTH), session.memory(),
            session.at(TlcpSession.VERIFY_DATA));
    }

    /** Takes note of our Finished, which the peer's may cover. */
    final boolean onFinishedSent()
    {
        final int length = session.get(TlcpSession.TRANSCRIPT_LENGTH);
        if (length + FINISHED_LENGTH > config.transcriptLength)
        {
            return false;
        }
        writeFinished(messages(), memory.messagesOffset(session) + length);
        session.set(TlcpSession.TRANSCRIPT_LENGTH, length + FINISHED_LENGTH);
        session.reach(TlcpSession.TRANSCRIPT_TOP, length + FINISHED_LENGTH);
        session.set(TlcpSession.PARSED, length + FINISHED_LENGTH);
        session.set(TlcpSession.SENT, length + FINISHED_LENGTH);
        return true;
    }

    // ---- what sessions hold

    final void takePoint(final int offset)
    {
        session.memory().putBytes(session.at(TlcpSession.PEER_POINT), messages(), offset, Sm2.POINT_LENGTH);
    }

    final void drawRandom(final int offset, final int length)
    {
        entropy.nextBytes(session.memory(), session.at(offset), length);
    }
}
