// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.identity.PeerName;
import dev.trishake.identity.TrustVerdict;
import dev.trishake.tlcp.PeerTrust;
import dev.trishake.wire.tlcp.Alert;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What an agent's TLCP core sees of the {@link TrustDesk}. */
final class TlcpWindow implements PeerTrust
{
    private final TrustDesk.Window<TrustVerdict> window;
    private final PeerName name;

    TlcpWindow(final TrustDesk.Window<TrustVerdict> window, final PeerName name)
    {
        this.window = window;
        this.name = name;
    }

    @Override
    public int find(
        final DirectBuffer certificates, final int offset, final int length, final DirectBuffer fingerprint,
        final int fingerprintOffset, final long nowNs)
    {
        return window.find(name, certificates, offset, length, fingerprint, fingerprintOffset);
    }

    @Override
    public int alert(final int entry)
    {
        return entry == TrustDesk.Window.FULL ? Alert.INTERNAL_ERROR : window.verdict(entry).alert();
    }

    @Override
    public int encryptionIndex(final int entry)
    {
        return window.verdict(entry).encryptionIndex();
    }

    @Override
    public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
    {
        window.verdict(entry).copyKeys(destination, offset);
    }
}
