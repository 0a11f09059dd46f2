// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2Decrypt;
import dev.trishake.crypto.sm.Sm2KeyExchange;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import dev.trishake.crypto.sm.Sm2Sign;
import org.agrona.concurrent.UnsafeBuffer;

/** An operation of SM2 whose secret is the private key, prepared outside of the measured time. */
final class Sm2Subject implements TimingSubject
{
    /** What is done with the key. */
    enum Operation
    {
        SIGN, DECRYPT, KEY_EXCHANGE
    }

    private static final int KEY_LENGTH = 32;
    private static final int TEXT_LENGTH = 48;

    private final String name;
    private final Operation operation;
    private final Sm2Sign sign;
    private final Sm2Decrypt decrypt;
    private final Sm2KeyExchange exchange;
    private final UnsafeBuffer secret = new UnsafeBuffer(new byte[KEY_LENGTH]);
    private final UnsafeBuffer ephemeral = new UnsafeBuffer(new byte[KEY_LENGTH]);
    private final UnsafeBuffer point = new UnsafeBuffer(new byte[2 * KEY_LENGTH]);
    private final UnsafeBuffer identities = new UnsafeBuffer(new byte[2 * KEY_LENGTH]);
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[TEXT_LENGTH]);
    private Sm2PrivateKey key;

    /**
     * The ciphertext's point is a public key, as are the peer's and both ephemeral ones of an exchange; C3 is wrong,
     * which is found out when all has been done.
     */
    Sm2Subject(final Kernels kernels, final String name, final Operation operation)
    {
        this.name = name;
        this.operation = operation;
        this.sign = new Sm2Sign(kernels, Entropy.seeded(1));
        this.decrypt = new Sm2Decrypt(kernels, TEXT_LENGTH);
        this.exchange = new Sm2KeyExchange(kernels, TEXT_LENGTH);
        ephemeral.putByte(KEY_LENGTH - 1, (byte)3);
        load(new byte[KEY_LENGTH]);
        key.publicKey(point, 0);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public int secretLength()
    {
        return KEY_LENGTH;
    }

    @Override
    public void load(final byte[] octets)
    {
        // odd and far below n: a private key
        secret.putBytes(0, octets);
        secret.putByte(0, (byte)0);
        secret.putByte(KEY_LENGTH - 1, (byte)(octets[KEY_LENGTH - 1] | 1));
        if (key != null)
        {
            key.close();
        }
        key = new Sm2PrivateKey(secret, 0);
    }

    @Override
    public void run()
    {
        switch (operation)
        {
            case SIGN ->
            {
                sign.add(key, text, 0);
                sign.run();
                sign.clear();
            }
            case DECRYPT ->
            {
                decrypt.add(key, point, 0, text, 0, text, 0, TEXT_LENGTH);
                decrypt.run();
                decrypt.clear();
            }
            case KEY_EXCHANGE ->
            {
                exchange.add(true, key, ephemeral, 0, point, 0, point, 0, point, 0, identities, 0);
                exchange.run();
                exchange.clear();
            }
        }
    }
}
