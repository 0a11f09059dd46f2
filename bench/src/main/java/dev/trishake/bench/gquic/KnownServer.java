// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.gquic;

import dev.trishake.gquic.GquicCredentials;
import dev.trishake.gquic.GquicPeerTrust;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTestPki;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.GquicVerdict;
import dev.trishake.identity.PeerName;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A server whose chain was validated before: what handshakes cost, once it is known. */
final class KnownServer implements GquicPeerTrust
{
    /** The host's name. */
    static final String NAME = "localhost";

    private static final Path PKI = pki();

    private final GquicIdentity identity;
    private final GquicVerdict verdict;

    /** One of the two servers of a throw-away PKI: with a key on P-256, or of RSA. */
    KnownServer(final boolean isRsa)
    {
        final String files = isRsa ? "gquic_rsa" : "gquic_ecdsa";
        try
        {
            identity = GquicIdentity.load(
                PKI.resolve(files + ".crt"), PKI.resolve(files + ".key"), null, Instant.now());
            final DirectBuffer list = identity.certificateLists().getFirst();
            verdict = GquicTrust.load(PKI.resolve("gquic_ca.crt"))
                .verify(list, 0, list.capacity(), null, PeerName.of(NAME), Instant.now());
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
            final Path folder = Files.createTempDirectory("trishake-gquic-pki");
            new GquicTestPki("Trishake", List.of(NAME), Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(30),
                new SecureRandom()).write(folder);
            return folder;
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    GquicCredentials credentials()
    {
        final DirectBuffer[] chain = identity.chain().toArray(DirectBuffer[]::new);
        final DirectBuffer[] lists = identity.certificateLists().toArray(DirectBuffer[]::new);
        if (identity.isRsa())
        {
            return GquicCredentials.signedBy(chain, lists, identity.newSigner()::sign);
        }
        final UnsafeBuffer key = new UnsafeBuffer(new byte[GquicIdentity.KEY_LENGTH]);
        identity.copyPrivateKey(key, 0);
        return GquicCredentials.ecdsa(chain, lists, key, 0);
    }

    @Override
    public int find(
        final DirectBuffer name, final int nameOffset, final int nameLength, final DirectBuffer certificates,
        final int offset, final int length, final DirectBuffer fingerprint, final int fingerprintOffset,
        final long nowNs)
    {
        return 0;
    }

    @Override
    public int error(final int entry)
    {
        return verdict.error();
    }

    @Override
    public int leafLength(final int entry)
    {
        return verdict.leaf().capacity();
    }

    @Override
    public void copyLeaf(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, verdict.leaf(), 0, verdict.leaf().capacity());
    }

    @Override
    public int chainLength(final int entry)
    {
        return verdict.hashes().capacity() / Long.BYTES;
    }

    @Override
    public long hash(final int entry, final int index)
    {
        return verdict.hashes().getLong(index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean isEcdsa(final int entry)
    {
        return !verdict.isRsa();
    }

    @Override
    public void copyKey(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        verdict.copyKey(destination, offset);
    }

    @Override
    public boolean verify(
        final int entry, final DirectBuffer input, final int inputOffset, final int inputLength,
        final DirectBuffer signature, final int signatureOffset, final int signatureLength)
    {
        return verdict.verifies(
            input, inputOffset, inputLength, signature, signatureOffset, signatureLength);
    }
}
