// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outbox;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.ChangeCipherSpec;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

import static dev.trishake.tlcp.TlcpStep.fault;

/** Takes the session that is turned to from step to step, until it waits for something. */
final class TlcpMachine
{
    /** RFC 5246 6.2.1 allows empty records of application data; nobody needs many in a row. */
    private static final int MAX_EMPTY_RECORDS = 16;

    private final TlcpMemory memory;
    private final TlcpSession session;
    private final TlcpRecords records;
    private final TlcpServerHandshake server;
    private final TlcpClientHandshake client;

    TlcpMachine(
        final TlcpMemory memory, final TlcpSession session, final TlcpRecords records,
        final TlcpServerHandshake server, final TlcpClientHandshake client)
    {
        this.memory = memory;
        this.session = session;
        this.records = records;
        this.server = server;
        this.client = client;
    }

    private TlcpHandshake handshake()
    {
        return session.is(TlcpSession.IS_CLIENT) ? client : server;
    }

    /** {@return why it waits: one of the answers of {@link TlcpStep}} */
    int proceed(final long nowNs, final Outbox outbox)
    {
        if (session.is(TlcpSession.ESTABLISHED) && !session.is(TlcpSession.FAILED) && !sendWhatIsSealed(outbox))
        {
            return TlcpStep.BACK_PRESSURED;
        }
        int step = session.get(TlcpSession.STEP);
        while (step < TlcpStep.AWAIT_CRYPTO)
        {
            if (step < 0)
            {
                step = fail(TlcpStep.alert(step));
                continue;
            }
            session.set(TlcpSession.STEP, step);
            step = step(step, nowNs, outbox);
        }
        return step;
    }

    private int step(final int step, final long nowNs, final Outbox outbox)
    {
        return switch (step)
        {
            case TlcpStep.READ -> read(nowNs);
            case TlcpStep.START -> client.start(nowNs);
            case TlcpStep.SEND -> send(outbox);
            case TlcpStep.OPENED -> onOpened();
            case TlcpStep.FIND_TRUST -> handshake().onFindTrust(nowNs);
            case TlcpStep.SCHEDULED -> onScheduled();
            case TlcpStep.VERIFIED -> handshake().onVerified();
            case TlcpStep.FINISH -> handshake().onFinish();
            case TlcpStep.ESTABLISH -> establish(nowNs);
            case TlcpStep.FAIL -> sendAlert(outbox);
            default -> handshake().onStep(step, nowNs);
        };
    }

    // ---- output

    /** The flight, message by message, takes its places in the row once it is out. */
    private int send(final Outbox outbox)
    {
        if (!records.sendFlight(outbox))
        {
            return TlcpStep.BACK_PRESSURED;
        }
        final boolean isClient = session.is(TlcpSession.IS_CLIENT);
        int at = session.get(TlcpSession.SENT);
        final UnsafeBuffer messages = memory.messages();
        while (at < session.get(TlcpSession.TRANSCRIPT_LENGTH))
        {
            final int offset = memory.messagesOffset(session) + at;
            handshake().advance(TlcpMessage.of(messages.getByte(offset) & 0xff, isClient));
            at += records.messageLength(at);
        }
        session.set(TlcpSession.SENT, at);
        if (session.is(TlcpSession.CHANGE_CIPHER_SPEC_DUE))
        {
            session.clear(TlcpSession.CHANGE_CIPHER_SPEC_DUE | TlcpSession.SEALED);
            handshake().advance(TlcpMessage.of(TlcpMessage.NO_HANDSHAKE_TYPE, isClient));
            handshake().advance(TlcpMessage.of(HandshakeType.FINISHED, isClient));
            if (!handshake().onFinishedSent())
            {
                return fault(Alert.INTERNAL_ERROR);
            }
        }
        return session.get(TlcpSession.NEXT_STEP);
    }

    /** Of an established session; answers false when there is no room. */
    private boolean sendWhatIsSealed(final Outbox outbox)
    {
        if (session.is(TlcpSession.SEALED))
        {
            final boolean isClose = session.is(TlcpSession.CLOSED);
            if (!records.sendSealed(outbox))
            {
                return false;
            }
            if (isClose)
            {
                session.raise(TlcpSession.SHUTDOWN_DUE);
            }
        }
        if (session.is(TlcpSession.SHUTDOWN_DUE))
        {
            if (!records.sendShutdown(outbox))
            {
                return false;
            }
            session.clear(TlcpSession.SHUTDOWN_DUE);
        }
        stageAlerts();
        return true;
    }

    /** Has an alert sealed that is due, once nothing else is. */
    void stageAlerts()
    {
        if (!records.isOutputFree() || session.is(TlcpSession.CLOSED))
        {
            return;
        }
        if (session.is(TlcpSession.WARNING_DUE))
        {
            session.clear(TlcpSession.WARNING_DUE);
            records.stageAlert(Alert.NO_RENEGOTIATION);
            askForRecords();
        }
        else if (session.is(TlcpSession.CLOSE_DUE))
        {
            session.clear(TlcpSession.CLOSE_DUE);
            session.raise(TlcpSession.CLOSED);
            records.stageAlert(Alert.CLOSE_NOTIFY);
            askForRecords();
        }
    }

    /** Has records opened and sealed, once for both. */
    void askForRecords()
    {
        if (!session.is(TlcpSession.POSTED))
        {
            handshake().post(TlcpCore.RECORDS, session.get(TlcpSession.STEP));
        }
    }

    // ---- input

    private int read(final long nowNs)
    {
        if (!session.is(TlcpSession.ESTABLISHED))
        {
            final int type = records.nextMessage();
            if (type < 0)
            {
                return type;
            }
            if (type != TlcpRecords.NO_MESSAGE)
            {
                return onMessage(type, nowNs);
            }
        }
        else if (session.is(TlcpSession.CONTENT) || session.is(TlcpSession.PEER_CLOSED))
        {
            return session.is(TlcpSession.POSTED) ? TlcpStep.AWAIT_CRYPTO : TlcpStep.DONE;
        }
        final int record = records.look();
        if (record != TlcpStep.OPENED)
        {
            return record == TlcpStep.NEED_INPUT && session.is(TlcpSession.POSTED) ? TlcpStep.AWAIT_CRYPTO : record;
        }
        if (session.is(TlcpSession.READ_PROTECTED))
        {
            open();
            return TlcpStep.AWAIT_CRYPTO;
        }
        records.takePlain();
        session.raise(TlcpSession.OPENED);
        return TlcpStep.OPENED;
    }

    /** Has the next record opened where it is whole, once content was read; else input will. */
    void openNext()
    {
        if (session.is(TlcpSession.ESTABLISHED) && !session.is(TlcpSession.FAILED | TlcpSession.PEER_CLOSED) &&
            records.look() == TlcpStep.OPENED)
        {
            open();
        }
    }

    private void open()
    {
        session.raise(TlcpSession.OPEN_DUE);
        session.set(TlcpSession.STEP, TlcpStep.OPENED);
        askForRecords();
    }

    private int onMessage(final int type, final long nowNs)
    {
        final TlcpMessage message = TlcpMessage.of(type, !session.is(TlcpSession.IS_CLIENT));
        if (message == null || !handshake().advance(message))
        {
            return type == HandshakeType.HELLO_REQUEST && session.is(TlcpSession.IS_CLIENT) ?
                ignoreHelloRequest() : fault(Alert.UNEXPECTED_MESSAGE);
        }
        if (message.endsFlight() && session.get(TlcpSession.PARSED) != session.get(TlcpSession.TRANSCRIPT_LENGTH))
        {
            return fault(Alert.UNEXPECTED_MESSAGE); // it is our turn: nothing may follow
        }
        session.set(TlcpSession.SENT, session.get(TlcpSession.TRANSCRIPT_LENGTH));
        return type == HandshakeType.FINISHED ?
            handshake().onFinishedMessage() : handshake().onMessage(type, nowNs);
    }

    /** RFC 5246 7.4.1.1: it is ignored in a handshake, and no part of the messages. */
    private int ignoreHelloRequest()
    {
        final int start = TlcpMemory.messageStart(session);
        final int rest = session.get(TlcpSession.TRANSCRIPT_LENGTH) - session.get(TlcpSession.PARSED);
        final int offset = memory.messagesOffset(session);
        memory.messages().putBytes(
            offset + start, memory.messages(), offset + session.get(TlcpSession.PARSED), rest);
        session.set(TlcpSession.PARSED, start);
        session.set(TlcpSession.TRANSCRIPT_LENGTH, start + rest);
        final int count = session.get(TlcpSession.EMPTY_RECORDS) + 1;
        session.set(TlcpSession.EMPTY_RECORDS, count);
        return count > MAX_EMPTY_RECORDS ? fault(Alert.UNEXPECTED_MESSAGE) : TlcpStep.READ;
    }

    private int onOpened()
    {
        if (!session.is(TlcpSession.OPENED))
        {
            return TlcpStep.AWAIT_CRYPTO;
        }
        session.clear(TlcpSession.OPENED);
        if (session.is(TlcpSession.OPEN_FAILED))
        {
            return fault(Alert.BAD_RECORD_MAC);
        }
        if (records.plaintextLength() > RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH)
        {
            return fault(Alert.RECORD_OVERFLOW);
        }
        return switch (records.type())
        {
            case ContentType.HANDSHAKE -> onHandshakeRecord();
            case ContentType.CHANGE_CIPHER_SPEC -> onChangeCipherSpec();
            case ContentType.ALERT -> onAlert();
            default -> onApplicationData();
        };
    }

    private int onHandshakeRecord()
    {
        if (records.plaintextLength() == 0)
        {
            return fault(Alert.UNEXPECTED_MESSAGE);
        }
        if (session.is(TlcpSession.ESTABLISHED))
        {
            return onRenegotiation();
        }
        if (!records.appendMessages())
        {
            return fault(Alert.ILLEGAL_PARAMETER);
        }
        records.release();
        return TlcpStep.READ;
    }

    /** No renegotiation: HelloRequest and ClientHello are answered with a warning, a few times. */
    private int onRenegotiation()
    {
        final int type = session.memory().getByte(records.plaintextOffset()) & 0xff;
        final int expected =
            session.is(TlcpSession.IS_CLIENT) ? HandshakeType.HELLO_REQUEST : HandshakeType.CLIENT_HELLO;
        final int count = session.get(TlcpSession.EMPTY_RECORDS) + 1;
        session.set(TlcpSession.EMPTY_RECORDS, count);
        if (type != expected || count > MAX_EMPTY_RECORDS)
        {
            return fault(Alert.UNEXPECTED_MESSAGE);
        }
        records.release();
        session.raise(TlcpSession.WARNING_DUE);
        stageAlerts();
        return TlcpStep.READ;
    }

    /** It stands between messages, once, and Finished follows; an early one was CVE-2014-0224. */
    private int onChangeCipherSpec()
    {
        if (!ChangeCipherSpec.isValid(session.memory(), records.plaintextOffset(), records.plaintextLength()) ||
            session.is(TlcpSession.ESTABLISHED) ||
            session.get(TlcpSession.PARSED) != session.get(TlcpSession.TRANSCRIPT_LENGTH) ||
            !handshake().advance(
                TlcpMessage.of(TlcpMessage.NO_HANDSHAKE_TYPE, !session.is(TlcpSession.IS_CLIENT))))
        {
            return fault(Alert.UNEXPECTED_MESSAGE);
        }
        records.release();
        session.raise(TlcpSession.READ_PROTECTED);
        session.setLong(TlcpSession.READ_SEQUENCE, 0);
        return handshake().post(TlcpCore.FINISHED, TlcpStep.READ);
    }

    private int onAlert()
    {
        final UnsafeBuffer own = session.memory();
        if (!Alert.isValid(own, records.plaintextOffset(), records.plaintextLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        final int description = Alert.description(own, records.plaintextOffset());
        final boolean isFatal = Alert.level(own, records.plaintextOffset()) == Alert.FATAL;
        records.release();
        if (description == Alert.CLOSE_NOTIFY && session.is(TlcpSession.ESTABLISHED))
        {
            session.raise(TlcpSession.PEER_CLOSED);
            return TlcpStep.READ;
        }
        if (isFatal || description == Alert.CLOSE_NOTIFY)
        {
            handshake().forget();
            session.raise(TlcpSession.FAILED);
            session.set(TlcpSession.ALERT, TlcpCore.RECEIVED | description);
            return TlcpStep.ENDED;
        }
        final int count = session.get(TlcpSession.EMPTY_RECORDS) + 1;
        session.set(TlcpSession.EMPTY_RECORDS, count);
        return count > MAX_EMPTY_RECORDS ? fault(Alert.UNEXPECTED_MESSAGE) : TlcpStep.READ;
    }

    private int onApplicationData()
    {
        if (!session.is(TlcpSession.ESTABLISHED))
        {
            return fault(Alert.UNEXPECTED_MESSAGE);
        }
        if (records.plaintextLength() == 0)
        {
            final int count = session.get(TlcpSession.EMPTY_RECORDS) + 1;
            session.set(TlcpSession.EMPTY_RECORDS, count);
            records.release();
            return count > MAX_EMPTY_RECORDS ? fault(Alert.UNEXPECTED_MESSAGE) : TlcpStep.READ;
        }
        session.set(TlcpSession.EMPTY_RECORDS, 0);
        session.raise(TlcpSession.CONTENT);
        return TlcpStep.READ;
    }

    private int onScheduled()
    {
        if (memory.config.keyLog != null)
        {
            memory.config.keyLog.onMasterSecret(
                session.memory(), session.at(TlcpSession.CLIENT_RANDOM), session.at(TlcpSession.MASTER));
        }
        return handshake().onScheduled();
    }

    // ---- ends

    private int establish(final long nowNs)
    {
        session.raise(TlcpSession.ESTABLISHED);
        session.set(TlcpSession.EMPTY_RECORDS, 0);
        session.transition(TlcpState.ESTABLISHED);
        handshake().remember(nowNs);
        memory.releaseTranscript(session);
        // of all secrets only the keys of records are needed from now on
        ConstantTime.wipe(session.memory(), session.at(TlcpSession.MASTER),
            TlcpSession.KEY_BLOCK - TlcpSession.MASTER);
        ConstantTime.wipe(session.memory(), session.at(TlcpSession.VERIFY_DATA),
            TlcpSession.SCRATCH + TlcpSession.SCRATCH_LENGTH - TlcpSession.VERIFY_DATA);
        return TlcpStep.READ;
    }

    private int fail(final int alert)
    {
        handshake().forget();
        session.raise(TlcpSession.FAILED);
        session.set(TlcpSession.ALERT, alert);
        return TlcpStep.FAIL;
    }

    /** Once: protected where this side has changed its cipher spec, behind what is being sent. */
    private int sendAlert(final Outbox outbox)
    {
        final int alert = session.get(TlcpSession.ALERT);
        if (!session.is(TlcpSession.WRITE_PROTECTED) || session.is(TlcpSession.CHANGE_CIPHER_SPEC_DUE))
        {
            return records.sendPlainAlert(alert, outbox) ? TlcpStep.ENDED : TlcpStep.BACK_PRESSURED;
        }
        if (session.is(TlcpSession.SEALED))
        {
            final boolean wasAlert = session.get(TlcpSession.SENT_ALERT) != 0;
            if (!records.sendSealed(outbox))
            {
                return TlcpStep.BACK_PRESSURED;
            }
            if (wasAlert)
            {
                return TlcpStep.ENDED;
            }
        }
        if (!session.is(TlcpSession.SEAL_DUE))
        {
            records.stageAlert(alert);
            session.set(TlcpSession.SENT_ALERT, alert + 1);
        }
        askForRecords();
        return TlcpStep.AWAIT_CRYPTO;
    }
}
