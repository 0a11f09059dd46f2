// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Messages that were cut, damaged or made up: each has its error, or is answered; none throws, none allocates. */
class GquicHostileTest
{
    /** What a damaged message may be told, gQUIC 15. */
    private static final Set<Integer> ERRORS = Set.of(
        GquicError.CRYPTO_TAGS_OUT_OF_ORDER, GquicError.CRYPTO_TOO_MANY_ENTRIES,
        GquicError.CRYPTO_INVALID_VALUE_LENGTH, GquicError.INVALID_CRYPTO_MESSAGE_TYPE,
        GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND,
        GquicError.CRYPTO_NO_SUPPORT, GquicError.PROOF_INVALID, GquicError.CRYPTO_DUPLICATE_TAG,
        GquicError.CRYPTO_SERVER_CONFIG_EXPIRED, GquicError.VERSION_NEGOTIATION_MISMATCH,
        GquicError.FLOW_CONTROL_INVALID_WINDOW, GquicError.CRYPTO_SYMMETRIC_KEY_SETUP_FAILED);

    private final Acquaintances both = new Acquaintances().meet();
    private final HandshakeRig server = both.server;
    private final HandshakeRig client = both.client;
    /** Without PAD, to have fewer octets that don't matter. */
    private final byte[] full = both.firstHello().remove(Tag.PAD).bytes();

    /** Feeds a new session of the server; answers 0 or its error. The slot is given back. */
    private int offer(final byte[] bytes, final int length)
    {
        final int slot = server.open(Acquaintances.CID, GquicVersion.Q044);
        server.feed(slot, new UnsafeBuffer(bytes), 0, length, GquicLevel.NULL);
        final int error = server.error(slot);
        final boolean isAnswered = server.sent(slot).length > 0;
        server.close(slot);
        return error != 0 ? error : isAnswered ? 0 : -1;
    }

    @Test
    void shouldWaitForTheRestOfAHelloThatWasCut()
    {
        for (int length = 0; length < full.length; length++)
        {
            assertEquals(-1, offer(full, length), "length " + length);
        }
        assertEquals(0, offer(full, full.length));
    }

    @Test
    void shouldAnswerOrRefuseEachHelloWithAFlippedBit()
    {
        final Set<Integer> seen = new TreeSet<>();
        for (int bit = 0; bit < full.length * Byte.SIZE; bit += Scale.pick(3, 1))
        {
            final byte[] damaged = full.clone();
            damaged[bit / Byte.SIZE] ^= (byte)(1 << (bit & 7));
            final int error = offer(damaged, damaged.length);
            assertTrue(error <= 0 || ERRORS.contains(error), bit + ": error " + error);
            seen.add(error);
        }
        assertTrue(seen.size() > 7, "reached " + seen);
        assertEquals(0, server.memory.sessions.active());
        assertEquals(0, server.memory.handshakes.active());
    }

    @Test
    void shouldSayWhatIsWrongWithTheFormOfAMessage()
    {
        final byte[] swapped = full.clone();
        System.arraycopy(full, 8, swapped, 16, 8);
        System.arraycopy(full, 16, swapped, 8, 8);
        final int outOfOrder = offer(swapped, swapped.length);
        assertTrue(outOfOrder == GquicError.CRYPTO_TAGS_OUT_OF_ORDER ||
            outOfOrder == GquicError.CRYPTO_INVALID_VALUE_LENGTH, "error " + outOfOrder);
        final byte[] onlyTags = full.clone();
        for (int i = 0; i < 4; i++)
        {
            onlyTags[8 + i] = full[16 + i];
            onlyTags[16 + i] = full[8 + i];
        }
        assertEquals(GquicError.CRYPTO_TAGS_OUT_OF_ORDER, offer(onlyTags, onlyTags.length));
        final byte[] twice = full.clone();
        System.arraycopy(full, 8, twice, 16, 4);
        assertEquals(GquicError.CRYPTO_DUPLICATE_TAG, offer(twice, twice.length));
        final byte[] many = full.clone();
        many[4] = (byte)129;
        assertEquals(GquicError.CRYPTO_TOO_MANY_ENTRIES, offer(many, many.length));
        final byte[] padded = full.clone();
        padded[6] = 1;
        assertEquals(GquicError.CRYPTO_TOO_MANY_ENTRIES, offer(padded, padded.length));
        final byte[] backwards = full.clone();
        backwards[12] = (byte)0xff;
        assertEquals(GquicError.CRYPTO_INVALID_VALUE_LENGTH, offer(backwards, backwards.length));
        final byte[] endless = full.clone();
        endless[15] = 1;
        assertEquals(GquicError.CRYPTO_INVALID_VALUE_LENGTH, offer(endless, endless.length));
    }

    @Test
    void shouldIgnoreTagsThatItDoesNotKnow()
    {
        final Message strange = new Message(full).put(0x00000001, new byte[3]).put(0x5a5a5a5a, new byte[100])
            .put(Tag.CETV, new byte[7]).put(Tag.TBKP).put(Tag.NONP, new byte[32]).put(Tag.UAID).put(Tag.CSCT);
        assertEquals(0, offer(strange.bytes(), strange.bytes().length));
    }

    /** Every value with no octets, one less, one more. */
    @Test
    void shouldSurviveEveryWrongLength()
    {
        final List<Integer> tags = List.of(Tag.SNI, Tag.STK, Tag.VER, Tag.NONC, Tag.AEAD, Tag.SCID, Tag.PDMD, Tag.ICSL,
            Tag.PUBS, Tag.MIDS, Tag.KEXS, Tag.XLCT, Tag.CCRT, Tag.CFCW, Tag.SFCW);
        for (final int tag : tags)
        {
            final byte[] value = new Message(full).get(tag);
            for (final int length : new int[] {0, value.length - 1, value.length + 1, 700})
            {
                final byte[] bytes = new Message(full).put(tag, Arrays.copyOf(value, length)).bytes();
                final int error = offer(bytes, bytes.length);
                assertTrue(error == 0 || ERRORS.contains(error), Tag.nameOf(tag) + " " + length + ": " + error);
            }
        }
    }

    @Test
    void shouldSurviveRandomMessages()
    {
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] bytes = full.clone();
            Seeded.mutate(random, bytes, 1 + random.nextInt(20));
            offer(bytes, random.nextInt(bytes.length + 1));
        });
    }

    // ---- a hostile server

    private static byte[][] recordedAnswers(final Acquaintances both)
    {
        final int slot = both.client.open(1, GquicVersion.Q044);
        final int other = both.server.open(1, GquicVersion.Q044);
        both.client.start(slot);
        final List<byte[]> answers = new ArrayList<>();
        while (!both.server.isEstablished(other))
        {
            both.server.feed(other, both.client.sent(slot), GquicLevel.NULL);
            answers.add(both.server.sent(other));
            if (!both.server.isEstablished(other))
            {
                both.client.feed(slot, answers.get(answers.size() - 1), GquicLevel.NULL);
            }
        }
        both.client.close(slot);
        both.server.close(other);
        return answers.toArray(new byte[0][]);
    }

    /** Brings a client to where it waits for an answer: to its first CHLO (0), or to a full one (1). */
    private int waiting(final int stage)
    {
        both.clientSettings.resumption(stage == 1);
        final int slot = client.open(2, GquicVersion.Q044);
        client.start(slot);
        client.sent(slot);
        return slot;
    }

    private int answer(final int stage, final byte[] bytes, final int length)
    {
        final int slot = waiting(stage);
        client.feed(slot, new UnsafeBuffer(bytes), 0, length, stage == 0 ? GquicLevel.NULL : GquicLevel.INITIAL);
        final int error = client.error(slot);
        assertFalse(error != 0 && client.isEstablished(slot));
        client.close(slot);
        return error;
    }

    @Test
    void shouldSurviveEveryDamagedAnswer()
    {
        both.clientSettings.resumption(false);
        final byte[][] answers = recordedAnswers(both);
        assertEquals(3, answers.length);
        final int active = client.memory.sessions.active();
        for (final int i : new int[] {0, 1, 2})
        {
            final int stage = i < 2 ? 0 : 1;
            final int step = Scale.pick(i == 1 ? 29 : 3, 1);
            for (int bit = 0; bit < answers[i].length * Byte.SIZE; bit += step)
            {
                final byte[] damaged = answers[i].clone();
                damaged[bit / Byte.SIZE] ^= (byte)(1 << (bit & 7));
                final int error = answer(stage, damaged, damaged.length);
                assertTrue(error == 0 || ERRORS.contains(error), i + ", " + bit + ": error " + error);
                assertTrue(i != 1 || error != 0 || !reachedProof(damaged), "a proof of another CHLO was taken");
            }
            for (int length = 0; length < answers[i].length; length++)
            {
                assertEquals(0, answer(stage, answers[i], length));
            }
        }
        assertEquals(active, client.memory.sessions.active());
    }

    /** {@return whether a REJ has a whole proof: it is of another CHLO here, so it must never be taken} */
    private static boolean reachedProof(final byte[] reject)
    {
        try
        {
            return new Message(reject).has(Tag.PROF);
        }
        catch (final IllegalArgumentException ex)
        {
            return false;
        }
    }

    @Test
    void shouldAllocateNothingForHostileMessages()
    {
        final List<UnsafeBuffer> hostile = new ArrayList<>();
        Seeded.forEach(40, random ->
        {
            final byte[] bytes = full.clone();
            Seeded.mutate(random, bytes, 2);
            hostile.add(new UnsafeBuffer(bytes));
        });
        final UnsafeBuffer[] messages = hostile.toArray(new UnsafeBuffer[0]);
        Allocation.assertNone(messages.length, () ->
        {
            int done = 0;
            for (final UnsafeBuffer message : messages)
            {
                final int slot = server.open(Acquaintances.CID, GquicVersion.Q044);
                server.feed(slot, message, 0, message.capacity(), GquicLevel.NULL);
                server.close(slot);
                done++;
            }
            return done;
        });
    }
}
