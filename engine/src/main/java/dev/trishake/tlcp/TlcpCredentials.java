// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Identity;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one side shows and signs with, as its core wants it: the body of its Certificate message, both private keys, and
 * what can be computed from them ahead of time. Made at set-up; read by any thread.
 */
public final class TlcpCredentials implements AutoCloseable
{
    private static final int ENCRYPTION_POINT = Sm2.POINT_LENGTH;
    private static final int SIGNING_IDENTITY = 2 * Sm2.POINT_LENGTH;
    private static final int ENCRYPTION_IDENTITY = SIGNING_IDENTITY + Sm2Identity.LENGTH;

    private final UnsafeBuffer certificateBody;
    private final int encryptionCertificateOffset;
    private final int encryptionCertificateLength;
    private final Sm2PrivateKey signingKey;
    private final Sm2PrivateKey encryptionKey;
    private final UnsafeBuffer derived = new UnsafeBuffer(new byte[ENCRYPTION_IDENTITY + Sm2Identity.LENGTH]);

    /**
     * Takes what a loaded identity has.
     *
     * @param certificateBody             body of the Certificate message: signing, encryption, chain; copied
     * @param encryptionCertificateOffset where the encryption certificate's DER begins in it
     * @param encryptionCertificateLength of it
     * @param privateKeys                 signing, encryption, {@link Sm2#NUMBER_LENGTH} octets each; copied
     * @param privateKeysOffset           where they begin
     * @throws IllegalArgumentException when a private key is not in 1 .. n - 2
     */
    public TlcpCredentials(
        final DirectBuffer certificateBody, final int encryptionCertificateOffset,
        final int encryptionCertificateLength, final DirectBuffer privateKeys, final int privateKeysOffset)
    {
        this.certificateBody = new UnsafeBuffer(new byte[certificateBody.capacity()]);
        this.certificateBody.putBytes(0, certificateBody, 0, certificateBody.capacity());
        this.encryptionCertificateOffset = encryptionCertificateOffset;
        this.encryptionCertificateLength = encryptionCertificateLength;
        signingKey = new Sm2PrivateKey(privateKeys, privateKeysOffset);
        encryptionKey = new Sm2PrivateKey(privateKeys, privateKeysOffset + Sm2.NUMBER_LENGTH);
        signingKey.publicKey(derived, 0);
        encryptionKey.publicKey(derived, ENCRYPTION_POINT);
        final Sm2Identity identity = new Sm2Identity(Kernels.scalar());
        identity.add(derived, 0);
        identity.add(derived, ENCRYPTION_POINT);
        identity.run();
        identity.result(0, derived, SIGNING_IDENTITY);
        identity.result(1, derived, ENCRYPTION_IDENTITY);
    }

    DirectBuffer certificateBody()
    {
        return certificateBody;
    }

    int encryptionCertificateOffset()
    {
        return encryptionCertificateOffset;
    }

    int encryptionCertificateLength()
    {
        return encryptionCertificateLength;
    }

    Sm2PrivateKey signingKey()
    {
        return signingKey;
    }

    Sm2PrivateKey encryptionKey()
    {
        return encryptionKey;
    }

    /** {@return what holds Z of both keys} */
    DirectBuffer identities()
    {
        return derived;
    }

    int signingIdentityOffset()
    {
        return SIGNING_IDENTITY;
    }

    int encryptionIdentityOffset()
    {
        return ENCRYPTION_IDENTITY;
    }

    /** Wipes both private keys. */
    @Override
    public void close()
    {
        signingKey.close();
        encryptionKey.close();
    }
}
