// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.X25519Agreement;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;

/** Agrees by X25519; its pairs are made ahead, so none are made here. */
final class X25519Operation extends AgreeOperation
{
    private final X25519Agreement agreement;

    X25519Operation(final GquicMemory memory, final ServerConfigs configs, final Kernels kernels)
    {
        super(memory, configs, Tag.C255);
        agreement = new X25519Agreement(kernels);
    }

    @Override
    void generate(final int count)
    {
    }

    @Override
    void addJob(
        final DirectBuffer privateKey, final int privateKeyAt, final DirectBuffer publicKey, final int publicKeyAt)
    {
        agreement.add(privateKey, privateKeyAt, publicKey, publicKeyAt);
    }

    @Override
    void run()
    {
        agreement.run();
    }

    @Override
    boolean takeSecret(final int job, final GquicSession session, final int secret)
    {
        return agreement.sharedSecret(job, session.memory(), session.at(secret));
    }

    @Override
    void clear()
    {
        agreement.clear();
    }
}
