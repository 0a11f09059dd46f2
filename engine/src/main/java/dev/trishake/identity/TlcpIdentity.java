// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * What one side of TLCP shows and signs with: a signing and an encryption certificate, their one chain, and both
 * private keys, checked when they are loaded ({@link IdentityLoader}).
 *
 * <pre>
 * body of the Certificate message:
 * +----------+-- each: --+--------+
 * | list u24 | u24       | DER    |     signing, encryption, chain
 * +----------+-----------+--------+
 * </pre>
 */
public final class TlcpIdentity
{
    /** Width of a private key. */
    public static final int KEY_LENGTH = EcCurve.WIDTH;

    /** Length of a public key: x, y. */
    public static final int POINT_LENGTH = 2 * EcCurve.WIDTH;

    private static final int LENGTH_LENGTH = 3;

    private final X509CertificateHolder signing;
    private final X509CertificateHolder encryption;
    private final UnsafeBuffer body;
    private final int encryptionOffset;
    private final int encryptionLength;
    private final UnsafeBuffer points;
    private final UnsafeBuffer keys;

    TlcpIdentity(
        final X509CertificateHolder signing,
        final BigInteger signingKey,
        final X509CertificateHolder encryption,
        final BigInteger encryptionKey,
        final List<X509CertificateHolder> chain) throws IOException
    {
        this.signing = signing;
        this.encryption = encryption;
        final byte[] first = signing.getEncoded();
        final byte[] second = encryption.getEncoded();
        int length = 3 * LENGTH_LENGTH + first.length + second.length;
        for (final X509CertificateHolder authority : chain)
        {
            length += LENGTH_LENGTH + authority.getEncoded().length;
        }
        body = new UnsafeBuffer(new byte[length]);
        final OctetWriter out = new OctetWriter().wrap(body, 0, length);
        final int list = out.beginVector24();
        put(out, first);
        encryptionOffset = out.offset() + LENGTH_LENGTH;
        encryptionLength = second.length;
        put(out, second);
        for (final X509CertificateHolder authority : chain)
        {
            put(out, authority.getEncoded());
        }
        out.endVector(list);

        points = new UnsafeBuffer(new byte[2 * POINT_LENGTH]);
        points.putBytes(0, EcCurve.SM2.pointOf(signingKey));
        points.putBytes(POINT_LENGTH, EcCurve.SM2.pointOf(encryptionKey));
        // off the heap: the collector copies arrays about and leaves what was in them
        keys = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * KEY_LENGTH));
        putKey(0, signingKey);
        putKey(KEY_LENGTH, encryptionKey);
    }

    /**
     * {@return the body of the Certificate message that shows this identity}
     */
    public DirectBuffer certificateBody()
    {
        return body;
    }

    /**
     * {@return where the encryption certificate's DER begins in {@link #certificateBody()}: ECC's ServerKeyExchange
     * signs it}
     */
    public int encryptionCertificateOffset()
    {
        return encryptionOffset;
    }

    /**
     * {@return length of the encryption certificate's DER}
     */
    public int encryptionCertificateLength()
    {
        return encryptionLength;
    }

    /**
     * {@return both public keys, {@link #POINT_LENGTH} bytes each: signing, encryption}
     */
    public DirectBuffer publicKeys()
    {
        return points;
    }

    /**
     * Copies the private keys to where a kernel wants them, whose owner then wipes them.
     *
     * @param destination where to
     * @param offset      where they begin: signing, encryption, {@link #KEY_LENGTH} bytes each
     */
    public void copyPrivateKeys(final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, keys, 0, 2 * KEY_LENGTH);
    }

    /** Wipes the private keys; what was copied is not. */
    public void wipe()
    {
        keys.setMemory(0, keys.capacity(), (byte)0);
    }

    /**
     * {@return whom the certificates name, as people write it}
     */
    public String subject()
    {
        return Certificates.subject(signing);
    }

    /**
     * {@return whether the certificates are for a host, so that this identity answers for its name}
     *
     * @param host that a client wants
     */
    public boolean isFor(final PeerName host)
    {
        return host.matches(signing) && host.matches(encryption);
    }

    /**
     * {@return when the first of both certificates expires}
     */
    public Instant expires()
    {
        final Instant one = signing.getNotAfter().toInstant();
        final Instant other = encryption.getNotAfter().toInstant();
        return one.isBefore(other) ? one : other;
    }

    private static void put(final OctetWriter out, final byte[] der)
    {
        final int mark = out.beginVector24();
        out.bytes(new UnsafeBuffer(der), 0, der.length).endVector(mark);
    }

    private void putKey(final int offset, final BigInteger key)
    {
        for (int i = 0; i < KEY_LENGTH; i++)
        {
            keys.putByte(offset + i, key.shiftRight((KEY_LENGTH - 1 - i) * Byte.SIZE).byteValue());
        }
    }
}
