// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.agrona.MutableDirectBuffer;

import java.time.Instant;

/** What {@link TlcpTrust} says of the certificates that a peer has shown. */
public final class TrustVerdict implements Verdict
{
    /** {@link #alert()} of certificates that are trusted. */
    public static final int TRUSTED = -1;

    /** {@link #encryptionIndex()} where there is no encryption certificate. */
    public static final int NO_ENCRYPTION_CERTIFICATE = -1;

    /** Length of both public keys. */
    public static final int KEYS_LENGTH = 4 * EcCurve.WIDTH;

    private final int alert;
    private final String sentence;
    private final int encryptionIndex;
    private final byte[] keys;
    private final Instant validFrom;
    private final Instant validUntil;

    private TrustVerdict(
        final int alert,
        final String sentence,
        final int encryptionIndex,
        final byte[] keys,
        final Instant validFrom,
        final Instant validUntil)
    {
        this.alert = alert;
        this.sentence = sentence;
        this.encryptionIndex = encryptionIndex;
        this.keys = keys;
        this.validFrom = validFrom;
        this.validUntil = validUntil;
    }

    static TrustVerdict trusted(
        final String sentence,
        final int encryptionIndex,
        final byte[] keys,
        final Instant validFrom,
        final Instant validUntil)
    {
        return new TrustVerdict(TRUSTED, sentence, encryptionIndex, keys, validFrom, validUntil);
    }

    static TrustVerdict refused(final int alert, final String sentence)
    {
        return new TrustVerdict(
            alert, sentence, NO_ENCRYPTION_CERTIFICATE, new byte[KEYS_LENGTH], Instant.MIN, Instant.MAX);
    }

    @Override
    public boolean isTrusted()
    {
        return alert == TRUSTED;
    }

    /**
     * {@return {@link #TRUSTED}, or the code of the alert to send (RFC 5246 7.2: bad_certificate 42 to unknown_ca 48,
     * or handshake_failure 40 when certificates are missing)}
     */
    public int alert()
    {
        return alert;
    }

    @Override
    public String sentence()
    {
        return sentence;
    }

    /**
     * {@return where in the list the encryption certificate stands, or {@link #NO_ENCRYPTION_CERTIFICATE}}
     */
    public int encryptionIndex()
    {
        return encryptionIndex;
    }

    /**
     * Copies the public keys.
     *
     * @param destination where to
     * @param offset      where they begin: signing x, y, encryption x, y; zeros where there is none
     */
    public void copyKeys(final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, keys);
    }

    @Override
    public Instant validFrom()
    {
        return validFrom;
    }

    @Override
    public Instant validUntil()
    {
        return validUntil;
    }

    @Override
    public String toString()
    {
        return (isTrusted() ? "trusted: " : "refused with alert " + alert + ": ") + sentence;
    }
}
