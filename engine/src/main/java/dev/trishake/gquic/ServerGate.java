// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.RejectReason;
import dev.trishake.wire.gquic.Tag;
import org.agrona.MutableDirectBuffer;

/** A server's judge of clients that it does not know: its whole cost is opening a token, or sealing one. */
final class ServerGate implements HelloGate
{
    private final ServerSettings settings;
    private final SourceAddressToken token;
    private final RejectEncoder reject;
    private long remoteHigh;
    private long remoteLow;
    private int version;
    private long cid;
    private long number;
    private long nowSeconds;
    private int reason;
    private int sentLength;
    private int sentNumber;

    ServerGate(final ServerSettings settings, final SourceAddressToken token)
    {
        this.settings = settings;
        this.token = token;
        reject = new RejectEncoder(settings, token);
    }

    @Override
    public int judge(
        final FourTuple tuple, final long connectionId, final int label, final long packetNumber,
        final long streamOffset, final MessageDecoder hello, final int packetLength, final long nowNs)
    {
        sentLength = 0;
        sentNumber = 0;
        if (hello.tag() != Tag.CHLO || packetNumber < 1 || packetNumber > SourceAddressToken.MAX_SENT)
        {
            return DROP;
        }
        remoteHigh = tuple.remoteHigh();
        remoteLow = tuple.remoteLow();
        version = label;
        cid = connectionId;
        number = packetNumber;
        nowSeconds = settings.time.seconds(nowNs);
        final int index = hello.find(Tag.STK);
        reason = index == MessageDecoder.NOT_FOUND ? RejectReason.TOKEN_INVALID : token.open(
            hello.buffer(), hello.valueOffset(index), hello.valueLength(index), remoteHigh, remoteLow, nowSeconds);
        if (streamOffset == 0)
        {
            if (version == GquicVersion.NONE)
            {
                return DROP;
            }
            return reason == 0 || settings.proofWithoutToken ? ADMIT : REJECT;
        }
        // what came before is forgotten: only a token that this connection was given says how to go on, and in which
        // version where the client does not, as Chromium's once it was answered
        if (reason != 0 || token.cid() != cid || token.sentLength() == 0 ||
            (version != GquicVersion.NONE && version != token.version()))
        {
            return DROP;
        }
        version = token.version();
        sentLength = token.sentLength();
        // the client's packet before this one may have been answered too, under its own number
        sentNumber = Math.max(token.sentNumber(), (int)number - 1);
        return ADMIT;
    }

    @Override
    public int writeReject(final MutableDirectBuffer buffer, final int offset, final int capacity)
    {
        return reject.write(buffer, offset, capacity, 1 << reason, remoteHigh, remoteLow, nowSeconds, version, cid,
            (int)number);
    }

    @Override
    public int version()
    {
        return version;
    }

    @Override
    public int sentLength()
    {
        return sentLength;
    }

    @Override
    public int sentNumber()
    {
        return sentNumber;
    }
}
