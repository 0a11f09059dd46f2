// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.gquic.GquicPeerTrust;
import dev.trishake.identity.GquicVerdict;
import dev.trishake.identity.PeerName;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What an agent's gQUIC core sees of the {@link TrustDesk}. */
final class GquicWindow implements GquicPeerTrust
{
    private final TrustDesk.Window<GquicVerdict> window;
    private final UnsafeBuffer[] hosts;
    private final PeerName[] names;

    /** For these hosts, which must have the names beside them. */
    GquicWindow(final TrustDesk.Window<GquicVerdict> window, final List<String> hosts, final List<PeerName> names)
    {
        this.window = window;
        this.hosts = hosts.stream().map(host -> new UnsafeBuffer(host.getBytes(StandardCharsets.US_ASCII)))
            .toArray(UnsafeBuffer[]::new);
        this.names = names.toArray(PeerName[]::new);
    }

    @Override
    public int find(
        final DirectBuffer name, final int nameOffset, final int nameLength, final DirectBuffer certificates,
        final int offset, final int length, final DirectBuffer fingerprint, final int fingerprintOffset,
        final long nowNs)
    {
        return window.find(
            nameOf(name, nameOffset, nameLength), certificates, offset, length, fingerprint, fingerprintOffset);
    }

    /** {@return what a host's certificate must say; the host is one of those that the core was made for} */
    private PeerName nameOf(final DirectBuffer name, final int offset, final int length)
    {
        int found = 0;
        for (int i = 0; i < hosts.length; i++)
        {
            boolean isSame = hosts[i].capacity() == length;
            for (int j = 0; isSame && j < length; j++)
            {
                isSame = hosts[i].getByte(j) == name.getByte(offset + j);
            }
            found = isSame ? i : found;
        }
        return names[found];
    }

    @Override
    public int error(final int entry)
    {
        return entry == TrustDesk.Window.FULL ? GquicError.HANDSHAKE_FAILED : window.verdict(entry).error();
    }

    @Override
    public int leafLength(final int entry)
    {
        return window.verdict(entry).leaf().capacity();
    }

    @Override
    public void copyLeaf(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, window.verdict(entry).leaf(), 0, leafLength(entry));
    }

    @Override
    public int chainLength(final int entry)
    {
        return window.verdict(entry).hashes().capacity() / Long.BYTES;
    }

    @Override
    public long hash(final int entry, final int index)
    {
        return window.verdict(entry).hashes().getLong(index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean isEcdsa(final int entry)
    {
        return !window.verdict(entry).isRsa();
    }

    @Override
    public void copyKey(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        window.verdict(entry).copyKey(destination, offset);
    }

    @Override
    public boolean verify(
        final int entry, final DirectBuffer input, final int inputOffset, final int inputLength,
        final DirectBuffer signature, final int signatureOffset, final int signatureLength)
    {
        return window.verdict(entry).verifies(
            input, inputOffset, inputLength, signature, signatureOffset, signatureLength);
    }
}
