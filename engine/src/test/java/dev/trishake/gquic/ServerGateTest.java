// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.RejectReason;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a server that keeps nothing says to hellos, and what it knows when they come back with a token. */
class ServerGateTest
{
    private static final long CID = 0x0102_0304_0506_0708L;
    private static final long NOW = HandshakeRig.NOW_NS;

    private final ServerSettings settings = TestServers.settings(TestServers.ECDSA);
    private final SourceAddressToken token =
        new SourceAddressToken(Kernels.scalar(), Entropy.seeded(1), settings.tokenKeys);
    private final ServerGate gate = new ServerGate(settings, token);
    private final FourTuple tuple = new FourTuple().localIpv4(1, 443).remoteIpv4(0x0a000001, 5000);
    private final Message hello = new Acquaintances().firstHello();
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1500]);

    private int judge(final Message message, final long cid, final long number, final long offset)
    {
        return judge(message, GquicVersion.Q043, cid, number, offset);
    }

    private int judge(
        final Message message, final int version, final long cid, final long number, final long offset)
    {
        final byte[] bytes = message.bytes();
        final MessageDecoder decoder = new MessageDecoder();
        assertEquals(bytes.length, decoder.wrap(new UnsafeBuffer(bytes), 0, bytes.length));
        return gate.judge(tuple, cid, version, number, offset, decoder, bytes.length + 40, NOW);
    }

    private Message reject(final long number)
    {
        assertEquals(HelloGate.REJECT, judge(hello, CID, number, 0));
        final int length = gate.writeReject(out, 7, 1000);
        return new Message(Arrays.copyOfRange(out.byteArray(), 7, 7 + length));
    }

    private Message withToken(final byte[] value)
    {
        return new Message(hello.bytes()).put(Tag.STK, value);
    }

    @Test
    void shouldTellWhoHasNoTokenHowToGetOne()
    {
        final Message reject = reject(1);
        assertEquals(List.of("STK", "SVID", "SCFG", "RREJ", "STTL"), reject.tags());
        assertEquals(List.of(RejectReason.TOKEN_INVALID), reject.ints(Tag.RREJ));
        assertEquals(86_400, new UnsafeBuffer(reject.get(Tag.STTL)).getLong(0));
        final byte[] config = new byte[reject.get(Tag.SCFG).length];
        settings.configs.current().message().getBytes(0, config);
        assertArrayEquals(config, reject.get(Tag.SCFG));
    }

    @Test
    void shouldGoOnWhereTheTokenSays()
    {
        final Message reject = reject(1);
        assertEquals(HelloGate.ADMIT, judge(withToken(reject.get(Tag.STK)), CID, 2, 1040));
        assertEquals(reject.bytes().length, gate.sentLength());
        assertEquals(1, gate.sentNumber());
    }

    /** REJ 1 is lost: the hello comes again and is answered under its own number, so that no number is sent twice. */
    @Test
    void shouldGoOnBehindEveryRejectThatWasSent()
    {
        final Message first = reject(1);
        final Message second = reject(2);
        assertEquals(first.bytes().length, second.bytes().length);
        for (final Message reject : List.of(first, second))
        {
            assertEquals(HelloGate.ADMIT, judge(withToken(reject.get(Tag.STK)), CID, 3, 1040));
            assertEquals(reject.bytes().length, gate.sentLength());
            assertEquals(2, gate.sentNumber(), "whichever of them has come");
        }
    }

    @Test
    void shouldBeginAnewWithATokenOfAnEarlierConnection()
    {
        final byte[] old = reject(1).get(Tag.STK);
        assertEquals(HelloGate.ADMIT, judge(withToken(old), CID + 1, 1, 0));
        assertEquals(0, gate.sentLength());
        assertEquals(0, gate.sentNumber());
    }

    @Test
    void shouldDropWhatCantBeContinued()
    {
        final byte[] bound = reject(1).get(Tag.STK);
        assertEquals(HelloGate.DROP, judge(withToken(bound), CID + 1, 2, 1040), "another connection's");
        assertEquals(HelloGate.DROP, judge(hello, CID, 2, 1040), "no token");
        assertEquals(HelloGate.DROP, judge(withToken(bound).flip(Tag.STK, 40), CID, 2, 1040));
        final byte[] later = token(GquicVersion.Q043, CID, 0);
        assertEquals(HelloGate.DROP, judge(withToken(later), CID, 9, 1040), "of a session that is gone");
        tuple.remoteIpv4(0x0a000002, 5000);
        assertEquals(HelloGate.DROP, judge(withToken(bound), CID, 2, 1040), "from elsewhere");
        assertEquals(HelloGate.REJECT, judge(withToken(bound), CID, 2, 0));
        final int length = gate.writeReject(out, 0, 1000);
        assertEquals(List.of(RejectReason.TOKEN_DIFFERENT_IP),
            new Message(Arrays.copyOf(out.byteArray(), length)).ints(Tag.RREJ));
    }

    /** 2.1: a client of Chromium names its version until the first packet of its server. */
    @Test
    void shouldGoOnInTheVersionThatTheTokenNames()
    {
        final Message back = withToken(reject(1).get(Tag.STK));
        assertEquals(GquicVersion.Q043, gate.version());
        assertEquals(HelloGate.ADMIT, judge(back, GquicVersion.NONE, CID, 2, 1300));
        assertEquals(GquicVersion.Q043, gate.version());
        assertTrue(gate.sentLength() > 0);
        assertEquals(HelloGate.DROP, judge(back, GquicVersion.Q039, CID, 2, 1300), "led to another version");
        back.flip(Tag.STK, 1);
        assertEquals(HelloGate.DROP, judge(back, GquicVersion.NONE, CID, 2, 1300), "the version is touched");
    }

    @Test
    void shouldDropWhoNamesNoVersionAndHasNoTokenOfThisConnection()
    {
        settings.proofWithoutToken(true);
        final Message back = withToken(token(GquicVersion.Q043, CID, 300));
        assertEquals(HelloGate.ADMIT, judge(back, GquicVersion.NONE, CID, 2, 1300));
        assertEquals(HelloGate.DROP, judge(back, GquicVersion.NONE, CID + 1, 2, 1300), "another connection's");
        assertEquals(HelloGate.DROP, judge(back, GquicVersion.NONE, CID, 2, 0), "nobody begins without a version");
        assertEquals(HelloGate.DROP, judge(hello, GquicVersion.NONE, CID, 2, 1300), "no token");
        assertEquals(HelloGate.DROP, judge(hello, GquicVersion.NONE, CID, 1, 0), "nor a token");
    }

    private byte[] token(final int version, final long cid, final int sentLength)
    {
        final byte[] value = new byte[SourceAddressToken.LENGTH];
        token.seal(new UnsafeBuffer(value), 0, tuple.remoteHigh(), tuple.remoteLow(), HandshakeRig.NOW_SECONDS,
            version, cid, sentLength, 1);
        return value;
    }

    @Test
    void shouldNotMindThePort()
    {
        final byte[] bound = reject(1).get(Tag.STK);
        tuple.ports(443, 5001);
        assertEquals(HelloGate.ADMIT, judge(withToken(bound), CID, 2, 1040));
    }

    @Test
    void shouldDropWhatIsNoHello()
    {
        assertEquals(HelloGate.DROP, judge(new Message(Tag.REJ), CID, 1, 0));
        assertEquals(HelloGate.DROP, judge(hello, CID, 0, 0));
        assertEquals(HelloGate.DROP, judge(hello, CID, 0x1_0000, 0));
        assertEquals(HelloGate.REJECT, judge(hello, CID, 0xffff, 0));
    }

    @Test
    void shouldSayLessThanItWasAsked()
    {
        settings.serverId("x".repeat(100));
        final int length = reject(1).bytes().length;
        assertTrue(length < 700, "REJ of " + length);
        for (int capacity = 0; capacity < length; capacity++)
        {
            assertEquals(MessageEncoder.FAILED, gate.writeReject(out, 0, capacity));
        }
        assertEquals(length, gate.writeReject(out, 0, length));
    }

    @Test
    void shouldAdmitWhoHasNoTokenWhereProofsAreForAll()
    {
        settings.proofWithoutToken(true);
        assertEquals(HelloGate.ADMIT, judge(hello, CID, 1, 0));
        assertEquals(HelloGate.DROP, judge(hello, CID, 2, 1040));
    }

    @Test
    void shouldAllocateNothing()
    {
        final byte[] bytes = hello.bytes();
        final UnsafeBuffer in = new UnsafeBuffer(bytes);
        final byte[] backBytes = withToken(reject(1).get(Tag.STK)).bytes();
        final UnsafeBuffer back = new UnsafeBuffer(backBytes);
        final MessageDecoder decoder = new MessageDecoder();
        Allocation.assertNone(1000, () ->
        {
            int good = 0;
            for (int i = 0; i < 500; i++)
            {
                decoder.wrap(in, 0, bytes.length);
                good += gate.judge(tuple, CID, GquicVersion.Q043, 1, 0, decoder, 1100, NOW) == HelloGate.REJECT &&
                    gate.writeReject(out, 0, 1000) > 0 ? 1 : 0;
                decoder.wrap(back, 0, backBytes.length);
                good += gate.judge(tuple, CID, GquicVersion.NONE, 2, 1040, decoder, 1100, NOW) == HelloGate.ADMIT ?
                    1 : 0;
            }
            return good;
        });
    }
}
