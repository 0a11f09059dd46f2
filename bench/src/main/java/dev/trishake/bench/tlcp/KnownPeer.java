// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.tlcp.PeerTrust;
import dev.trishake.tlcp.TlcpCredentials;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A peer whose certificates were validated before: what a server costs, once it knows who comes. */
final class KnownPeer implements PeerTrust
{
    /** The folder of the throw-away PKI. */
    static final Path PKI = pki();

    private final TlcpIdentity identity;

    /** One of the two sides of a throw-away PKI: {@code server} or {@code client}. */
    KnownPeer(final String name)
    {
        try
        {
            identity = new IdentityLoader()
                .signing(PKI.resolve(name + "_sign.crt"), PKI.resolve(name + "_sign.key"))
                .encryption(PKI.resolve(name + "_enc.crt"), PKI.resolve(name + "_enc.key"))
                .chain(PKI.resolve("subca.crt")).load(Instant.now());
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static Path pki()
    {
        try
        {
            final Path folder = Files.createTempDirectory("trishake-pki");
            new TestPki(new TestPki.Contents("Trishake", List.of("localhost"), "client",
                Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(30), "password"), new SecureRandom())
                .write(folder);
            folder.toFile().deleteOnExit(); // after the files, as the last ones go first
            try (Stream<Path> files = Files.list(folder))
            {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return folder;
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    TlcpCredentials credentials()
    {
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[2 * TlcpIdentity.KEY_LENGTH]);
        identity.copyPrivateKeys(keys, 0);
        return new TlcpCredentials(identity.certificateBody(), identity.encryptionCertificateOffset(),
            identity.encryptionCertificateLength(), keys, 0);
    }

    @Override
    public int find(
        final DirectBuffer certificates, final int offset, final int length, final DirectBuffer fingerprint,
        final int fingerprintOffset, final long nowNs)
    {
        return 0;
    }

    @Override
    public int alert(final int entry)
    {
        return TRUSTED;
    }

    @Override
    public int encryptionIndex(final int entry)
    {
        return 1;
    }

    @Override
    public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, identity.publicKeys(), 0, KEYS_LENGTH);
    }
}
