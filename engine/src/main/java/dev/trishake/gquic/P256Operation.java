// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Agreement;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes ephemeral pairs on P-256 and agrees by ECDH; public values are {@code 04 | x | y}. */
final class P256Operation extends AgreeOperation
{
    /** The first octet of an uncompressed point. */
    static final int UNCOMPRESSED = 4;

    private static final UnsafeBuffer NO_POINT = new UnsafeBuffer(new byte[P256.POINT_LENGTH]);

    private final P256Agreement agreement;
    private final Entropy entropy;
    private final GquicSession[] generated = new GquicSession[P256.LANES];

    P256Operation(
        final GquicMemory memory, final ServerConfigs configs, final Kernels kernels, final Entropy entropy)
    {
        super(memory, configs, Tag.P256);
        agreement = new P256Agreement(kernels);
        this.entropy = entropy;
    }

    @Override
    void generate(final int count)
    {
        int made = 0;
        for (int i = 0; i < count; i++)
        {
            if (has(lanes[i], HandshakeFields.GENERATE))
            {
                generated[made++] = lanes[i];
                final int at = lanes[i].at(HandshakeFields.PRIVATE);
                drawScalar(entropy, lanes[i].memory(), at);
                agreement.add(lanes[i].memory(), at, NO_POINT, 0);
            }
        }
        agreement.runPublicKeys();
        for (int i = 0; i < made; i++)
        {
            final int at = generated[i].at(HandshakeFields.PUBLIC);
            generated[i].memory().putByte(at, (byte)UNCOMPRESSED);
            agreement.publicKey(i, generated[i].memory(), at + 1);
            if (!agreement.succeeded(i))
            {
                generated[i].set(HandshakeFields.RESULT, 0);
            }
        }
        agreement.clear();
    }

    /**
     * Draws a private key. The group's order begins with 32 ones and 32 zeros: what does not begin with 32 ones is
     * below it, and what does is drawn again.
     */
    static void drawScalar(final Entropy entropy, final MutableDirectBuffer to, final int at)
    {
        do
        {
            entropy.nextBytes(to, at, P256.NUMBER_LENGTH);
        }
        while (to.getInt(at) == -1);
    }

    @Override
    void addJob(
        final DirectBuffer privateKey, final int privateKeyAt, final DirectBuffer publicKey, final int publicKeyAt)
    {
        agreement.add(privateKey, privateKeyAt, publicKey, publicKeyAt + 1);
    }

    @Override
    void run()
    {
        agreement.run();
    }

    @Override
    boolean takeSecret(final int job, final GquicSession session, final int secret)
    {
        agreement.sharedSecret(job, session.memory(), session.at(secret));
        return agreement.succeeded(job);
    }

    @Override
    void clear()
    {
        agreement.clear();
    }
}
