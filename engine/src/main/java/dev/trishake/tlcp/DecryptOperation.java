// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Decrypt;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Decrypts the pre-master secret of an ECC suite from the session's scratch. The secret's place holds random octets
 * already: they stay where the ciphertext or the version in it is wrong, and nobody can tell but by the Finished that
 * then does not open.
 */
final class DecryptOperation extends TlcpOperation
{
    private final Sm2Decrypt decrypt;
    private final UnsafeBuffer plaintext =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Tlcp.PRE_MASTER_SECRET_LENGTH));

    DecryptOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, Sm2.LANES);
        decrypt = new Sm2Decrypt(kernels, Tlcp.PRE_MASTER_SECRET_LENGTH);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final UnsafeBuffer own = lanes[i].memory();
            final int ciphertext = lanes[i].at(TlcpSession.SCRATCH);
            decrypt.add(memory.credentials(lanes[i]).encryptionKey(), own, ciphertext,
                own, ciphertext + Sm2.POINT_LENGTH, own, ciphertext + Sm2.POINT_LENGTH + Sm2.NUMBER_LENGTH,
                Tlcp.PRE_MASTER_SECRET_LENGTH);
        }
        decrypt.run();
        for (int i = 0; i < count; i++)
        {
            decrypt.result(i, plaintext, 0);
            final long version = plaintext.getShort(0, BIG_ENDIAN);
            final long good = decrypt.mask(i) & ConstantTime.equal(version, Tlcp.VERSION);
            ConstantTime.conditionalCopy(good, lanes[i].memory(), lanes[i].at(TlcpSession.PRE_MASTER),
                plaintext, 0, Tlcp.PRE_MASTER_SECRET_LENGTH);
        }
        ConstantTime.wipe(plaintext, 0, Tlcp.PRE_MASTER_SECRET_LENGTH);
        decrypt.clear();
    }
}
