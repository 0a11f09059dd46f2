// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.sm.Sm3;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.support.Vectors;
import dev.trishake.wire.tlcp.CertificateDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The identities of the captures' PKI, and a trust that knows both of them and nobody else. */
public final class TestIdentity
{
    public static final TlcpIdentity SERVER = load("server");
    public static final TlcpIdentity CLIENT = load("client");

    private TestIdentity()
    {
    }

    private static TlcpIdentity load(final String name)
    {
        try
        {
            final Path folder = Files.createTempDirectory("trishake-identity");
            return new IdentityLoader()
                .signing(file(name + "_sign.crt", folder), file(name + "_sign.key", folder))
                .encryption(file(name + "_enc.crt", folder), file(name + "_enc.key", folder))
                .chain(file("subca.crt", folder))
                .load(Instant.parse("2026-11-25T00:00:00Z"));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static Path file(final String name, final Path folder)
    {
        return Vectors.file("tlcp/pki/" + name, folder);
    }

    /** {@return what a core shows and signs with} */
    public static TlcpCredentials credentials(final TlcpIdentity identity)
    {
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[2 * TlcpIdentity.KEY_LENGTH]);
        identity.copyPrivateKeys(keys, 0);
        return new TlcpCredentials(identity.certificateBody(), identity.encryptionCertificateOffset(),
            identity.encryptionCertificateLength(), keys, 0);
    }

    /** Trusts by fingerprint; may be told to know nobody yet, or to refuse. */
    public static final class Trust implements PeerTrust
    {
        final UnsafeBuffer fingerprint = new UnsafeBuffer(new byte[FINGERPRINT_LENGTH]);
        private final DirectBuffer keys;
        boolean isKnown = true;
        int alert = TRUSTED;

        public Trust(final TlcpIdentity peer)
        {
            keys = peer.publicKeys();
            final UnsafeBuffer state = new UnsafeBuffer(new byte[Sm3.STATE_LENGTH]);
            final Sm3 sm3 = new Sm3();
            sm3.init(state, 0);
            sm3.update(state, 0, peer.certificateBody(), 0, peer.certificateBody().capacity());
            sm3.digest(state, 0, fingerprint, 0);
        }

        @Override
        public int find(
            final DirectBuffer certificates, final int at, final int length, final DirectBuffer wanted,
            final int offset, final long nowNs)
        {
            for (int i = 0; i < FINGERPRINT_LENGTH; i++)
            {
                if (!isKnown || wanted.getByte(offset + i) != fingerprint.getByte(i))
                {
                    return UNKNOWN;
                }
            }
            return 0;
        }

        @Override
        public int alert(final int entry)
        {
            return alert;
        }

        @Override
        public int encryptionIndex(final int entry)
        {
            return CertificateDecoder.ENCRYPTION;
        }

        @Override
        public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
        {
            destination.putBytes(offset, keys, 0, KEYS_LENGTH);
        }
    }
}
