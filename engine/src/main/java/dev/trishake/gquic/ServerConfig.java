// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Agreement;
import dev.trishake.crypto.curve.X25519PublicKeys;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.ServerConfigDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A server config, gQUIC 6: the SCFG message and the private keys behind its public values. It is what clients cache to
 * finish in one round trip, so it lives for days, and servers of a fleet share one ({@link #copySecrets}).
 *
 * <p>Made at set-up, at most {@link #MAX_LENGTH} octets on the wire; read by any thread.
 */
public final class ServerConfig implements AutoCloseable
{
    /** Longest config: peers' caches have no more room for it. */
    public static final int MAX_LENGTH = 512;

    /**
     * Octets from which a config is made again: its ID, its orbit, when it expires (seconds of 1970), the private keys
     * for C255 and P256.
     */
    public static final int SECRETS_LENGTH = 96;

    private static final int ORBIT = ServerConfigDecoder.SCID_LENGTH;
    private static final int EXPIRY = ORBIT + ServerConfigDecoder.ORBIT_LENGTH;
    private static final int PRIVATE_C255 = EXPIRY + Long.BYTES;
    private static final int PRIVATE_P256 = PRIVATE_C255 + X25519PublicKeys.LENGTH;
    private static final int PUBLIC_P256_LENGTH = 1 + P256.POINT_LENGTH;
    private static final int PREFIX_LENGTH = 3;

    private final UnsafeBuffer secrets = new UnsafeBuffer(ByteBuffer.allocateDirect(SECRETS_LENGTH));
    private final UnsafeBuffer message;
    private final int[] aeads;
    private final int[] exchanges;
    /** By which sessions know it, see {@link ServerConfigs}. */
    int number;

    /**
     * Makes a config from what {@link #copySecrets} gave, or from values that somebody chose.
     *
     * @param from      holds {@link #SECRETS_LENGTH} octets; copied
     * @param offset    where they begin
     * @param aeads     {@link Tag#AESG}, {@link Tag#CC20}, the preferred one first
     * @param exchanges {@link Tag#C255}, {@link Tag#P256}, the preferred one first
     * @throws IllegalArgumentException when a tag is another, there is none, or the key for P256 is not in 1 .. n - 1
     */
    public ServerConfig(final DirectBuffer from, final int offset, final int[] aeads, final int[] exchanges)
    {
        secrets.putBytes(0, from, offset, SECRETS_LENGTH);
        this.aeads = checked(aeads, Tag.AESG, Tag.CC20, "AEADs");
        this.exchanges = checked(exchanges, Tag.C255, Tag.P256, "key exchanges");
        final UnsafeBuffer space = new UnsafeBuffer(new byte[MAX_LENGTH]);
        final int length = write(space);
        message = new UnsafeBuffer(new byte[length]);
        message.putBytes(0, space, 0, length);
    }

    /**
     * {@return a new config for both key exchanges and AEADs, AES first}. C255 comes last: old clients of lsquic take
     * the last 32 octets of PUBS for its value.
     *
     * @param entropy       where its keys and names come from
     * @param expirySeconds until when it is good, seconds of 1970
     */
    public static ServerConfig create(final Entropy entropy, final long expirySeconds)
    {
        final UnsafeBuffer secrets = new UnsafeBuffer(ByteBuffer.allocateDirect(SECRETS_LENGTH));
        entropy.nextBytes(secrets, 0, SECRETS_LENGTH);
        secrets.putLong(EXPIRY, expirySeconds, LITTLE_ENDIAN);
        P256Operation.drawScalar(entropy, secrets, PRIVATE_P256);
        final ServerConfig config =
            new ServerConfig(secrets, 0, new int[] {Tag.AESG, Tag.CC20}, new int[] {Tag.P256, Tag.C255});
        ConstantTime.wipe(secrets, 0, SECRETS_LENGTH);
        return config;
    }

    private static int[] checked(final int[] tags, final int one, final int other, final String what)
    {
        if (tags.length < 1 || tags.length > 2 || (tags.length == 2 && tags[0] == tags[1]))
        {
            throw new IllegalArgumentException(what + ": there must be one or two");
        }
        for (final int tag : tags)
        {
            if (tag != one && tag != other)
            {
                throw new IllegalArgumentException(what + ": no such tag: " + Tag.nameOf(tag));
            }
        }
        return tags.clone();
    }

    private int write(final UnsafeBuffer out)
    {
        int publicLength = 0;
        for (final int exchange : exchanges)
        {
            publicLength += PREFIX_LENGTH + publicLength(exchange);
        }
        final MessageEncoder encoder = new MessageEncoder().begin(out, 0, MAX_LENGTH, Tag.SCFG, 6);
        putTags(out, encoder.value(Tag.AEAD, aeads.length * Tag.LENGTH), aeads);
        encoder.value(Tag.SCID, secrets, 0, ServerConfigDecoder.SCID_LENGTH);
        int at = encoder.value(Tag.PUBS, publicLength);
        for (final int exchange : exchanges)
        {
            final int length = publicLength(exchange);
            out.putShort(at, (short)length, LITTLE_ENDIAN);
            out.putByte(at + Short.BYTES, (byte)0);
            putPublic(exchange, out, at + PREFIX_LENGTH);
            at += PREFIX_LENGTH + length;
        }
        putTags(out, encoder.value(Tag.KEXS, exchanges.length * Tag.LENGTH), exchanges);
        encoder.value(Tag.OBIT, secrets, ORBIT, ServerConfigDecoder.ORBIT_LENGTH);
        encoder.u64(Tag.EXPY, expirySeconds());
        return encoder.finish();
    }

    private static void putTags(final UnsafeBuffer out, final int at, final int[] tags)
    {
        for (int i = 0; i < tags.length; i++)
        {
            out.putInt(at + Tag.LENGTH * i, tags[i], LITTLE_ENDIAN);
        }
    }

    private void putPublic(final int exchange, final UnsafeBuffer out, final int at)
    {
        if (exchange == Tag.C255)
        {
            final X25519PublicKeys keys = new X25519PublicKeys(Kernels.scalar());
            keys.add(secrets, PRIVATE_C255);
            keys.run();
            keys.publicKey(0, out, at);
            keys.clear();
            return;
        }
        final P256Agreement keys = new P256Agreement(Kernels.scalar());
        keys.add(secrets, PRIVATE_P256, new UnsafeBuffer(new byte[P256.POINT_LENGTH]), 0);
        keys.runPublicKeys();
        if (!keys.succeeded(0))
        {
            throw new IllegalArgumentException("the private key for P256 must be in 1 .. n - 1");
        }
        out.putByte(at, (byte)P256Operation.UNCOMPRESSED);
        keys.publicKey(0, out, at + 1);
        keys.clear();
    }

    /** {@return octets of a public value} */
    static int publicLength(final int exchange)
    {
        return exchange == Tag.C255 ? X25519PublicKeys.LENGTH : PUBLIC_P256_LENGTH;
    }

    /**
     * {@return the message SCFG}
     */
    public DirectBuffer message()
    {
        return message;
    }

    /**
     * {@return when it expires, seconds of 1970}
     */
    public long expirySeconds()
    {
        return secrets.getLong(EXPIRY, LITTLE_ENDIAN);
    }

    /**
     * Copies what the config can be made from again, on another server or after a restart. It is secret.
     *
     * @param to where {@link #SECRETS_LENGTH} octets go
     * @param at where they begin
     */
    public void copySecrets(final UnsafeBuffer to, final int at)
    {
        to.putBytes(at, secrets, 0, SECRETS_LENGTH);
    }

    boolean hasId(final DirectBuffer scid, final int offset)
    {
        return ConstantTime.equal(secrets, 0, scid, offset, ServerConfigDecoder.SCID_LENGTH);
    }

    boolean hasOrbit(final DirectBuffer orbit, final int offset)
    {
        return ConstantTime.equal(secrets, ORBIT, orbit, offset, ServerConfigDecoder.ORBIT_LENGTH);
    }

    boolean hasAead(final int tag)
    {
        return contains(aeads, tag);
    }

    boolean hasExchange(final int tag)
    {
        return contains(exchanges, tag);
    }

    private static boolean contains(final int[] tags, final int tag)
    {
        return tags[0] == tag || (tags.length > 1 && tags[1] == tag);
    }

    /** {@return what holds the private keys} */
    DirectBuffer secrets()
    {
        return secrets;
    }

    /** {@return where among the secrets the private key for an exchange begins} */
    static int privateKey(final int exchange)
    {
        return exchange == Tag.C255 ? PRIVATE_C255 : PRIVATE_P256;
    }

    /** Wipes the private keys. */
    @Override
    public void close()
    {
        ConstantTime.wipe(secrets, 0, SECRETS_LENGTH);
    }
}
