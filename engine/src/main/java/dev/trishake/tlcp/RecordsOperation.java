// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.HmacSm3Batch;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm4Batch;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import dev.trishake.wire.tlcp.RecordHeaderEncoder;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Opens the records at the head of inputs and seals those in outputs, in place.
 *
 * <pre>
 * GCM: explicit nonce 8 || ciphertext || tag 16          CBC: IV 16 || encrypted (data || MAC 32 || padding 1 .. 16)
 * </pre>
 *
 * <p>An explicit nonce is the sequence number, so that it never comes twice under a key; received ones may be any. What
 * does not open says nothing of why.
 */
final class RecordsOperation extends TlcpOperation
{
    static final int EXPLICIT_NONCE_LENGTH = Long.BYTES;
    static final int IV_LENGTH = Sm4Batch.BLOCK_LENGTH;

    private static final int SALT_LENGTH = Sm4GcmBatch.NONCE_LENGTH - EXPLICIT_NONCE_LENGTH;
    private static final int ADDITION_LENGTH = CbcCheck.HEADER_LENGTH;
    private static final int ADDITION_STRIDE = 16;
    private static final int MAC_LENGTH = Sm3.DIGEST_LENGTH;
    private static final int NONE = -1;

    private final Entropy entropy;
    private final Sm4GcmBatch gcm;
    private final Sm4Batch cbc;
    private final HmacSm3Batch hmac;
    private final CbcCheck check;
    private final UnsafeBuffer nonce = new UnsafeBuffer(new byte[Sm4GcmBatch.NONCE_LENGTH]);
    private final UnsafeBuffer additions = new UnsafeBuffer(new byte[ADDITION_STRIDE * MAX_LANES]);
    private final int[] jobs = new int[MAX_LANES];

    RecordsOperation(final TlcpMemory memory, final Kernels kernels, final Entropy entropy)
    {
        super(memory, MAX_LANES);
        this.entropy = entropy;
        gcm = new Sm4GcmBatch(kernels);
        cbc = new Sm4Batch(kernels);
        hmac = new HmacSm3Batch(kernels, MAX_LANES);
        check = new CbcCheck(kernels);
    }

    @Override
    void execute(final int count)
    {
        openGcm(count);
        openCbc(count);
        sealGcm(count);
        sealCbc(count);
        for (int i = 0; i < count; i++)
        {
            final TlcpSession session = lanes[i];
            if (session.is(TlcpSession.OPEN_DUE))
            {
                next(session, TlcpSession.READ_SEQUENCE);
                session.clear(TlcpSession.OPEN_DUE);
                session.raise(TlcpSession.OPENED);
            }
            if (session.is(TlcpSession.SEAL_DUE))
            {
                next(session, TlcpSession.WRITE_SEQUENCE);
                session.clear(TlcpSession.SEAL_DUE);
                session.raise(TlcpSession.SEALED);
            }
        }
    }

    private static void next(final TlcpSession session, final long sequence)
    {
        session.setLong(sequence, session.getLong(sequence) + 1);
    }

    // ---- opening

    private static boolean isToOpen(final TlcpSession session, final boolean gcm)
    {
        return session.is(TlcpSession.OPEN_DUE) && session.isGcm() == gcm;
    }

    private static int fragment(final TlcpSession session)
    {
        return session.inputOffset() + session.get(TlcpSession.INPUT_FIRST) + RecordHeaderFlyweight.LENGTH;
    }

    private static int fragmentLength(final TlcpSession session)
    {
        return session.memory().getChar(fragment(session) - Short.BYTES, BIG_ENDIAN);
    }

    private static int typeOf(final TlcpSession session)
    {
        return session.memory().getByte(fragment(session) - RecordHeaderFlyweight.LENGTH) & 0xff;
    }

    private void openGcm(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            jobs[i] = NONE;
            final TlcpSession session = lanes[i];
            final int length = isToOpen(session, true) ?
                fragmentLength(session) - EXPLICIT_NONCE_LENGTH - Sm4GcmBatch.TAG_LENGTH : NONE;
            if (length >= 0)
            {
                final UnsafeBuffer own = session.memory();
                final boolean ofClient = !session.is(TlcpSession.IS_CLIENT);
                final int at = fragment(session);
                nonce.putBytes(0, own, session.saltOffset(ofClient), SALT_LENGTH);
                nonce.putBytes(SALT_LENGTH, own, at, EXPLICIT_NONCE_LENGTH);
                addition(i, session.getLong(TlcpSession.READ_SEQUENCE), typeOf(session), length);
                jobs[i] = gcm.add(own, session.keyOffset(ofClient), nonce, 0, additions, ADDITION_STRIDE * i,
                    ADDITION_LENGTH);
                final int text = at + EXPLICIT_NONCE_LENGTH;
                gcm.open(own, text, length + Sm4GcmBatch.TAG_LENGTH, own, text);
            }
        }
        gcm.run();
        for (int i = 0; i < count; i++)
        {
            if (isToOpen(lanes[i], true))
            {
                opened(lanes[i], jobs[i] != NONE && gcm.succeeded(jobs[i]), EXPLICIT_NONCE_LENGTH,
                    fragmentLength(lanes[i]) - EXPLICIT_NONCE_LENGTH - Sm4GcmBatch.TAG_LENGTH);
            }
        }
        gcm.clear();
    }

    private void openCbc(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            jobs[i] = NONE;
            final TlcpSession session = lanes[i];
            if (isToOpen(session, false) && isCbcLength(fragmentLength(session) - IV_LENGTH))
            {
                final UnsafeBuffer own = session.memory();
                final int iv = fragment(session);
                jobs[i] = cbc.addCbcDecryption(own, session.keyOffset(!session.is(TlcpSession.IS_CLIENT)), own, iv,
                    own, iv + IV_LENGTH, fragmentLength(session) - IV_LENGTH, own, iv + IV_LENGTH);
            }
        }
        cbc.run();
        cbc.clear();
        for (int i = 0; i < count; i++)
        {
            if (jobs[i] != NONE)
            {
                final TlcpSession session = lanes[i];
                jobs[i] = check.add(session.memory(), session.macKeyOffset(!session.is(TlcpSession.IS_CLIENT)),
                    session.getLong(TlcpSession.READ_SEQUENCE), typeOf(session), Tlcp.VERSION,
                    session.memory(), fragment(session) + IV_LENGTH, fragmentLength(session) - IV_LENGTH);
            }
        }
        check.run();
        for (int i = 0; i < count; i++)
        {
            if (isToOpen(lanes[i], false))
            {
                final boolean good = jobs[i] != NONE && check.succeeded(jobs[i]);
                opened(lanes[i], good, IV_LENGTH, good ? check.dataLength(jobs[i]) : 0);
            }
        }
        check.clear();
    }

    private static boolean isCbcLength(final int length)
    {
        return length >= CbcCheck.MIN_LENGTH && length % Sm4Batch.BLOCK_LENGTH == 0;
    }

    private static void opened(
        final TlcpSession session, final boolean good, final int prefixLength, final int length)
    {
        if (good)
        {
            session.set(TlcpSession.OPENED_OFFSET, session.get(TlcpSession.INPUT_FIRST) +
                RecordHeaderFlyweight.LENGTH + prefixLength);
            session.set(TlcpSession.OPENED_LENGTH, length);
        }
        else
        {
            session.raise(TlcpSession.OPEN_FAILED);
        }
    }

    // ---- sealing

    private static boolean isToSeal(final TlcpSession session, final boolean gcm)
    {
        return session.is(TlcpSession.SEAL_DUE) && session.isGcm() == gcm;
    }

    private void sealGcm(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final TlcpSession session = lanes[i];
            if (isToSeal(session, true))
            {
                final UnsafeBuffer own = session.memory();
                final boolean ofClient = session.is(TlcpSession.IS_CLIENT);
                final int text = session.outputPlaintext();
                final int length = session.get(TlcpSession.OUTPUT_LENGTH);
                final long sequence = session.getLong(TlcpSession.WRITE_SEQUENCE);
                own.putLong(text - EXPLICIT_NONCE_LENGTH, sequence, BIG_ENDIAN);
                nonce.putBytes(0, own, session.saltOffset(ofClient), SALT_LENGTH);
                nonce.putLong(SALT_LENGTH, sequence, BIG_ENDIAN);
                addition(i, sequence, session.get(TlcpSession.OUTPUT_TYPE), length);
                gcm.add(own, session.keyOffset(ofClient), nonce, 0, additions, ADDITION_STRIDE * i, ADDITION_LENGTH);
                gcm.seal(own, text, length, own, text);
                sealed(session, EXPLICIT_NONCE_LENGTH, length + Sm4GcmBatch.TAG_LENGTH);
            }
        }
        gcm.run();
        gcm.clear();
    }

    private void sealCbc(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            jobs[i] = NONE;
            final TlcpSession session = lanes[i];
            if (isToSeal(session, false))
            {
                final int length = session.get(TlcpSession.OUTPUT_LENGTH);
                addition(i, session.getLong(TlcpSession.WRITE_SEQUENCE), session.get(TlcpSession.OUTPUT_TYPE), length);
                jobs[i] = hmac.add(
                    session.memory(), session.macKeyOffset(session.is(TlcpSession.IS_CLIENT)), MAC_LENGTH);
                hmac.append(additions, ADDITION_STRIDE * i, ADDITION_LENGTH);
                hmac.append(session.memory(), session.outputPlaintext(), length);
            }
        }
        hmac.run();
        for (int i = 0; i < count; i++)
        {
            if (jobs[i] != NONE)
            {
                encryptCbc(lanes[i], jobs[i]);
            }
        }
        hmac.clear();
        cbc.run();
        cbc.clear();
    }

    private void encryptCbc(final TlcpSession session, final int mac)
    {
        final UnsafeBuffer own = session.memory();
        final int text = session.outputPlaintext();
        final int macEnd = session.get(TlcpSession.OUTPUT_LENGTH) + MAC_LENGTH;
        hmac.result(mac, own, text + macEnd - MAC_LENGTH);
        final int padded = (macEnd / Sm4Batch.BLOCK_LENGTH + 1) * Sm4Batch.BLOCK_LENGTH;
        own.setMemory(text + macEnd, padded - macEnd, (byte)(padded - macEnd - 1));
        entropy.nextBytes(own, text - IV_LENGTH, IV_LENGTH);
        cbc.addCbcEncryption(own, session.keyOffset(session.is(TlcpSession.IS_CLIENT)), own, text - IV_LENGTH,
            own, text, padded, own, text);
        sealed(session, IV_LENGTH, padded);
    }

    private static void sealed(final TlcpSession session, final int prefixLength, final int textLength)
    {
        final int record = session.outputPlaintext() - prefixLength - RecordHeaderFlyweight.LENGTH;
        RecordHeaderEncoder.encode(
            session.memory(), record, session.get(TlcpSession.OUTPUT_TYPE), prefixLength + textLength);
        session.set(TlcpSession.OUTPUT_LENGTH, prefixLength + textLength);
    }

    private void addition(final int lane, final long sequence, final int type, final int length)
    {
        final int at = ADDITION_STRIDE * lane;
        additions.putLong(at, sequence, BIG_ENDIAN);
        additions.putByte(at + Long.BYTES, (byte)type);
        additions.putShort(at + Long.BYTES + 1, (short)Tlcp.VERSION, BIG_ENDIAN);
        additions.putShort(at + Long.BYTES + 1 + Short.BYTES, (short)length, BIG_ENDIAN);
    }
}
