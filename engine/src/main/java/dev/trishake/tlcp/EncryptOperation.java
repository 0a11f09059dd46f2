// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Encrypt;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

/** Encrypts a client's pre-master secret for the server's encryption key: x, y, C3, C2 go to the session's scratch. */
final class EncryptOperation extends TlcpOperation
{
    private final Sm2Encrypt encrypt;

    EncryptOperation(final TlcpMemory memory, final Kernels kernels, final Entropy entropy)
    {
        super(memory, Sm2.LANES);
        encrypt = new Sm2Encrypt(kernels, entropy, Tlcp.PRE_MASTER_SECRET_LENGTH);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            lanes[i].clear(TlcpSession.RESULT_GOOD);
            encrypt.add(lanes[i].memory(), encryptionKey(lanes[i]), lanes[i].memory(),
                lanes[i].at(TlcpSession.PRE_MASTER), Tlcp.PRE_MASTER_SECRET_LENGTH);
        }
        encrypt.run();
        for (int i = 0; i < count; i++)
        {
            if (encrypt.succeeded(i))
            {
                final UnsafeBuffer own = lanes[i].memory();
                final int ciphertext = lanes[i].at(TlcpSession.SCRATCH);
                encrypt.c1(i, own, ciphertext);
                encrypt.c3(i, own, ciphertext + Sm2.POINT_LENGTH);
                encrypt.c2(i, own, ciphertext + Sm2.POINT_LENGTH + Sm2.NUMBER_LENGTH);
                lanes[i].raise(TlcpSession.RESULT_GOOD);
            }
        }
        encrypt.clear();
    }
}
