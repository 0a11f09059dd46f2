// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Writes REJ: STK, SNO, SVID, PROF, SCFG, RREJ, STTL, CRT, in the order that their tags sort; which of them there are
 * is said before they are written.
 */
final class RejectEncoder
{

    private final ServerSettings settings;
    private final SourceAddressToken token;
    private final UnsafeBuffer serverId;
    private final MessageEncoder encoder = new MessageEncoder();

    RejectEncoder(final ServerSettings settings, final SourceAddressToken token)
    {
        this.settings = settings;
        this.token = token;
        serverId = settings.serverId == null ? null : new UnsafeBuffer(settings.serverId);
    }

    /**
     * Writes a REJ without a proof, the first one of a connection.
     *
     * @return its length, or {@link MessageEncoder#FAILED}
     */
    int write(
        final MutableDirectBuffer buffer, final int offset, final int capacity, final int reasons,
        final long remoteHigh, final long remoteLow, final long nowSeconds, final int version, final long cid,
        final int number)
    {
        final ServerConfig config = settings.configs.current();
        encoder.begin(buffer, offset, capacity, Tag.REJ, count(reasons, false, false));
        final int at = encoder.value(Tag.STK, token.length());
        writeServerId(encoder);
        writeConfig(encoder, config);
        writeReasons(encoder, buffer, reasons);
        writeLifetime(encoder, config, nowSeconds);
        final int length = encoder.finish();
        if (length != MessageEncoder.FAILED)
        {
            token.seal(buffer, at, remoteHigh, remoteLow, nowSeconds, version, cid, length, number);
        }
        return length;
    }

    /** {@return how many entries a REJ has} */
    int count(final int reasons, final boolean hasNonce, final boolean hasProof)
    {
        return 2 + (settings.lifetimes ? 1 : 0) + (hasNonce ? 1 : 0) + (serverId != null ? 1 : 0) + (hasProof ? 2 : 0) +
            (hasReasons(reasons) ? 1 : 0);
    }

    private boolean hasReasons(final int reasons)
    {
        return settings.rejectReasons && reasons != 0;
    }

    void writeServerId(final MessageEncoder message)
    {
        if (serverId != null)
        {
            message.value(Tag.SVID, serverId, 0, serverId.capacity());
        }
    }

    static void writeConfig(final MessageEncoder message, final ServerConfig config)
    {
        final DirectBuffer scfg = config.message();
        message.value(Tag.SCFG, scfg, 0, scfg.capacity());
    }

    /** Writes the reasons, bit n for reason n, as a list. */
    void writeReasons(final MessageEncoder message, final MutableDirectBuffer buffer, final int reasons)
    {
        if (!hasReasons(reasons))
        {
            return;
        }
        int at = message.value(Tag.RREJ, Integer.bitCount(reasons) * Integer.BYTES);
        for (int rest = reasons; rest != 0 && at >= 0; rest &= rest - 1)
        {
            buffer.putInt(at, Integer.numberOfTrailingZeros(rest), LITTLE_ENDIAN);
            at += Integer.BYTES;
        }
    }

    /** STTL: how long the config is good from now. */
    void writeLifetime(final MessageEncoder message, final ServerConfig config, final long nowSeconds)
    {
        if (settings.lifetimes)
        {
            message.u64(Tag.STTL, config.expirySeconds() - nowSeconds);
        }
    }
}
