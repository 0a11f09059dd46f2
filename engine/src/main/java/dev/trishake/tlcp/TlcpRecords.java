// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.StreamCore;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.ChangeCipherSpec;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.RecordHeaderEncoder;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static dev.trishake.tlcp.TlcpStep.fault;

/**
 * The record layer of the session that is turned to: what has come, cut into records, and what goes out. A message is
 * sent in a record of its own, because some peers take no other; any fragments are taken.
 */
final class TlcpRecords
{
    /** What {@link #nextMessage} answers where no whole message is there; greater than any type. */
    static final int NO_MESSAGE = 1 << 8;

    private static final int CHANGE_CIPHER_SPEC_RECORD = RecordHeaderFlyweight.LENGTH + ChangeCipherSpec.LENGTH;
    private static final int ALERT_RECORD = RecordHeaderFlyweight.LENGTH + Alert.LENGTH;

    private final TlcpMemory memory;
    private final TlcpSession session;
    private final RecordHeaderFlyweight header = new RecordHeaderFlyweight();
    private final HandshakeHeaderFlyweight message = new HandshakeHeaderFlyweight();

    TlcpRecords(final TlcpMemory memory, final TlcpSession session)
    {
        this.memory = memory;
        this.session = session;
    }

    // ---- input

    int inputCredit()
    {
        final int held = session.get(TlcpSession.INPUT_END) - session.get(TlcpSession.INPUT_FIRST);
        return session.inputCapacity() - held;
    }

    /** Takes bytes in; what is there moves to the front where there is no room behind it. */
    void take(final DirectBuffer buffer, final int offset, final int length)
    {
        int first = session.get(TlcpSession.INPUT_FIRST);
        int end = session.get(TlcpSession.INPUT_END);
        final UnsafeBuffer own = session.memory();
        final int base = session.inputOffset();
        if (end + length > session.inputCapacity())
        {
            own.putBytes(base, own, base + first, end - first);
            session.set(TlcpSession.OPENED_OFFSET, session.get(TlcpSession.OPENED_OFFSET) - first);
            end -= first;
            first = 0;
        }
        own.putBytes(base + end, buffer, offset, length);
        session.set(TlcpSession.INPUT_FIRST, first);
        session.set(TlcpSession.INPUT_END, end + length);
        session.reach(TlcpSession.INPUT_TOP, end + length);
    }

    /** {@return whether a whole record is there, TlcpStep.NEED_INPUT where not, or a fault of its header} */
    int look()
    {
        final int first = session.get(TlcpSession.INPUT_FIRST);
        final int available = session.get(TlcpSession.INPUT_END) - first;
        if (!header.wrap(session.memory(), session.inputOffset() + first, available))
        {
            return TlcpStep.NEED_INPUT;
        }
        final int alert = header.fault(session.is(TlcpSession.READ_PROTECTED));
        if (alert != Alert.NONE)
        {
            return fault(alert);
        }
        return available < RecordHeaderFlyweight.LENGTH + header.fragmentLength() ?
            TlcpStep.NEED_INPUT : TlcpStep.OPENED;
    }

    /** Takes the fragment of a record as it stands: there is no protection yet. */
    void takePlain()
    {
        session.set(
            TlcpSession.OPENED_OFFSET, session.get(TlcpSession.INPUT_FIRST) + RecordHeaderFlyweight.LENGTH);
        session.set(TlcpSession.OPENED_LENGTH, header.fragmentLength());
    }

    int type()
    {
        return session.memory().getByte(session.inputOffset() + session.get(TlcpSession.INPUT_FIRST)) & 0xff;
    }

    /** {@return where the plaintext of the record begins in the memory} */
    int plaintextOffset()
    {
        return session.inputOffset() + session.get(TlcpSession.OPENED_OFFSET);
    }

    int plaintextLength()
    {
        return session.get(TlcpSession.OPENED_LENGTH);
    }

    /** Steps over the record at the head. */
    void release()
    {
        final int first = session.get(TlcpSession.INPUT_FIRST);
        header.wrap(session.memory(), session.inputOffset() + first, RecordHeaderFlyweight.LENGTH);
        final int next = first + RecordHeaderFlyweight.LENGTH + header.fragmentLength();
        final boolean isEmpty = next == session.get(TlcpSession.INPUT_END);
        session.set(TlcpSession.INPUT_FIRST, isEmpty ? 0 : next);
        session.set(TlcpSession.INPUT_END, isEmpty ? 0 : session.get(TlcpSession.INPUT_END));
    }

    /** Appends a fragment to the messages; answers false when there is no room. */
    boolean appendMessages()
    {
        final int length = session.get(TlcpSession.TRANSCRIPT_LENGTH);
        if (length + plaintextLength() > memory.config.transcriptLength)
        {
            return false;
        }
        memory.messages().putBytes(memory.messagesOffset(session) + length, session.memory(), plaintextOffset(),
            plaintextLength());
        session.set(TlcpSession.TRANSCRIPT_LENGTH, length + plaintextLength());
        session.reach(TlcpSession.TRANSCRIPT_TOP, length + plaintextLength());
        return true;
    }

    /** Looks for a whole message; answers its type, {@link #NO_MESSAGE}, or a fault. */
    int nextMessage()
    {
        final int parsed = session.get(TlcpSession.PARSED);
        final int available = session.get(TlcpSession.TRANSCRIPT_LENGTH) - parsed;
        if (!message.wrap(memory.messages(), memory.messagesOffset(session) + parsed, available))
        {
            return NO_MESSAGE;
        }
        final int alert = message.fault(memory.config.limits);
        if (alert != Alert.NONE)
        {
            return fault(alert);
        }
        if (message.messageLength() > memory.config.transcriptLength - parsed)
        {
            return fault(Alert.ILLEGAL_PARAMETER);
        }
        if (available < message.messageLength())
        {
            return NO_MESSAGE;
        }
        session.set(TlcpSession.MESSAGE_OFFSET, parsed + HandshakeHeaderFlyweight.LENGTH);
        session.set(TlcpSession.MESSAGE_LENGTH, message.bodyLength());
        session.set(TlcpSession.PARSED, parsed + message.messageLength());
        return message.type();
    }

    // ---- output

    /** {@return octets of the records in which the messages from SENT on go out} */
    private int flightLength()
    {
        int length = 0;
        int at = session.get(TlcpSession.SENT);
        final int end = session.get(TlcpSession.TRANSCRIPT_LENGTH);
        while (at < end)
        {
            final int messageLength = messageLength(at);
            length += messageLength + RecordHeaderFlyweight.LENGTH * recordsOf(messageLength);
            at += messageLength;
        }
        if (session.is(TlcpSession.CHANGE_CIPHER_SPEC_DUE))
        {
            length += CHANGE_CIPHER_SPEC_RECORD + RecordHeaderFlyweight.LENGTH + session.get(TlcpSession.OUTPUT_LENGTH);
        }
        return length;
    }

    /** {@return octets of the message that begins there in the transcript} */
    int messageLength(final int at)
    {
        message.wrap(memory.messages(), memory.messagesOffset(session) + at, HandshakeHeaderFlyweight.LENGTH);
        return message.messageLength();
    }

    private static int recordsOf(final int length)
    {
        return (length + RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH - 1) / RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH;
    }

    /** Sends a whole flight: messages, then ChangeCipherSpec and Finished where they are due; or nothing. */
    boolean sendFlight(final Outbox outbox)
    {
        final int length = flightLength();
        if (length > outbox.maxLength() || !outbox.reserve(session.getLong(TlcpSession.BELOW), 1, length))
        {
            return false;
        }
        final int index = outbox.claim(StreamCore.DATA, length);
        final MutableDirectBuffer to = outbox.buffer();
        int position = index;
        int at = session.get(TlcpSession.SENT);
        final int end = session.get(TlcpSession.TRANSCRIPT_LENGTH);
        while (at < end)
        {
            final int messageLength = messageLength(at);
            for (int done = 0; done < messageLength; done += RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH)
            {
                final int fragment = Math.min(messageLength - done, RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH);
                RecordHeaderEncoder.encode(to, position, ContentType.HANDSHAKE, fragment);
                position += RecordHeaderFlyweight.LENGTH;
                to.putBytes(position, memory.messages(), memory.messagesOffset(session) + at + done, fragment);
                position += fragment;
            }
            at += messageLength;
        }
        if (session.is(TlcpSession.CHANGE_CIPHER_SPEC_DUE))
        {
            RecordHeaderEncoder.encode(to, position, ContentType.CHANGE_CIPHER_SPEC, ChangeCipherSpec.LENGTH);
            ChangeCipherSpec.encode(to, position + RecordHeaderFlyweight.LENGTH);
            putSealed(to, position + CHANGE_CIPHER_SPEC_RECORD);
        }
        outbox.commit(index);
        return true;
    }

    /** Sends the sealed record; or nothing. */
    boolean sendSealed(final Outbox outbox)
    {
        final int length = RecordHeaderFlyweight.LENGTH + session.get(TlcpSession.OUTPUT_LENGTH);
        if (!outbox.reserve(session.getLong(TlcpSession.BELOW), 1, length))
        {
            return false;
        }
        final int index = outbox.claim(StreamCore.DATA, length);
        putSealed(outbox.buffer(), index);
        outbox.commit(index);
        session.clear(TlcpSession.SEALED);
        session.set(TlcpSession.OUTPUT_LENGTH, 0);
        return true;
    }

    private void putSealed(final MutableDirectBuffer to, final int position)
    {
        final int prefix = session.isGcm() ?
            RecordsOperation.EXPLICIT_NONCE_LENGTH : RecordsOperation.IV_LENGTH;
        to.putBytes(position, session.memory(),
            session.outputPlaintext() - prefix - RecordHeaderFlyweight.LENGTH,
            RecordHeaderFlyweight.LENGTH + session.get(TlcpSession.OUTPUT_LENGTH));
    }

    /** Sends an alert without protection; or nothing. */
    boolean sendPlainAlert(final int description, final Outbox outbox)
    {
        if (!outbox.reserve(session.getLong(TlcpSession.BELOW), 1, ALERT_RECORD))
        {
            return false;
        }
        final int index = outbox.claim(StreamCore.DATA, ALERT_RECORD);
        RecordHeaderEncoder.encode(outbox.buffer(), index, ContentType.ALERT, Alert.LENGTH);
        Alert.encode(outbox.buffer(), index + RecordHeaderFlyweight.LENGTH, Alert.levelOf(description), description);
        outbox.commit(index);
        return true;
    }

    /** Sends the end of our side of the stream below; or nothing. */
    boolean sendShutdown(final Outbox outbox)
    {
        if (!outbox.reserve(session.getLong(TlcpSession.BELOW), 1, 0))
        {
            return false;
        }
        outbox.commit(outbox.claim(StreamCore.SHUTDOWN, 0));
        return true;
    }

    /** {@return whether nothing waits to be sealed or sent} */
    boolean isOutputFree()
    {
        return !session.is(TlcpSession.SEAL_DUE | TlcpSession.SEALED);
    }

    /** Puts an alert where it is sealed next. */
    void stageAlert(final int description)
    {
        Alert.encode(session.memory(), session.outputPlaintext(), Alert.levelOf(description), description);
        stage(ContentType.ALERT, Alert.LENGTH);
    }

    /** Puts application data where it is sealed next. */
    void stageData(final DirectBuffer buffer, final int offset, final int length)
    {
        session.memory().putBytes(session.outputPlaintext(), buffer, offset, length);
        stage(ContentType.APPLICATION_DATA, length);
    }

    /** Has what lies in the output sealed next. */
    private void stage(final int type, final int length)
    {
        session.reach(TlcpSession.OUTPUT_TOP, length);
        session.set(TlcpSession.OUTPUT_TYPE, type);
        session.set(TlcpSession.OUTPUT_LENGTH, length);
        session.raise(TlcpSession.SEAL_DUE);
    }
}
