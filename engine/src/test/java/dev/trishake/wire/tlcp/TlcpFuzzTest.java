// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.Enclosed;
import dev.trishake.wire.OctetWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Recorded messages cut off, extended and damaged: the decoders accept exactly what {@link NaiveTlcp} accepts, read
 * nothing outside, and what they accept their encoders write again.
 */
class TlcpFuzzTest
{
    private static final int MAX_EXTRA = 3;

    private final Messages strict = new Messages(Strictness.STRICT);
    private final Messages tolerant = new Messages(Strictness.TOLERANT);
    private final OctetWriter out = new OctetWriter();

    /** One message of each type, form and suite, the shortest: what a fuzzer changes in it counts. */
    static List<Captures.Message> samples()
    {
        final Map<String, Captures.Message> samples = new LinkedHashMap<>();
        for (final Captures.Message message : Captures.messages())
        {
            final boolean exchange = HandshakeType.name(message.type()).endsWith("Exchange");
            final String key = message.type() + (exchange && CipherSuite.isEcdhe(message.suite()) ? "ecdhe" : "") +
                (exchange && message.bytes().length == 75 ? "vector" : "") +
                (message.type() < 3 && message.bytes().length > 46 ? message.capture().substring(0, 6) : "");
            samples.merge(key, message, (a, b) -> a.bytes().length <= b.bytes().length ? a : b);
        }
        assertTrue(samples.size() >= 16, "kinds of messages: " + samples.keySet());
        return List.copyOf(samples.values());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldAcceptWhatIsCutOffOrExtendedOnlyWhereTheFormAllows(final Captures.Message sample)
    {
        final byte[] body = sample.body();
        int accepted = 0;
        for (int length = 0; length <= body.length + MAX_EXTRA; length++)
        {
            accepted += assertSameVerdict(sample, Arrays.copyOf(body, length)) ? 1 : 0;
        }
        // whole; a hello without its extensions; one with two zeros for an empty block of them; and ECC's exchange and
        // the rest not in any other length
        final boolean isHello = sample.type() <= HandshakeType.SERVER_HELLO;
        assertTrue(accepted == 1 || (isHello && accepted == 2), "accepted lengths: " + accepted);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldAcceptWhatIsDamagedExactlyWhenTheNaiveReaderDoes(final Captures.Message sample)
    {
        final int[] accepted = new int[2];
        Seeded.forEach(Scale.pick(400, 100_000), random ->
        {
            final byte[] body = damaged(random, sample.body());
            accepted[assertSameVerdict(sample, body) ? 1 : 0]++;
        });
        final boolean anyLength = sample.body().length <= Tlcp.VERIFY_DATA_LENGTH;
        assertTrue(accepted[1] > 0 && (anyLength || accepted[0] > 0), "verdicts: " + Arrays.toString(accepted));
    }

    @Test
    void shouldAcceptRandomHellosExactlyWhenTheNaiveReaderDoes()
    {
        final int[] verdicts = new int[2];
        Seeded.forEach(Scale.pick(4000, 500_000), random ->
        {
            final boolean fromClient = random.nextBoolean();
            final byte[] body = Captures.concat(head(random, fromClient), extensions(random));
            final Captures.Message sample = new Captures.Message(
                "random", 0, CipherSuite.ECC_SM4_CBC_SM3, fromClient, fromClient ? "01" : "02");
            verdicts[assertSameVerdict(sample, body) ? 1 : 0]++;
        });
        assertTrue(verdicts[0] > 500 && verdicts[1] > 500, "verdicts: " + Arrays.toString(verdicts));
    }

    /** What stands before the extensions, with a length that can't be in one of some cases. */
    private static byte[] head(final SplittableRandom random, final boolean fromClient)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final OctetWriter out = new OctetWriter().wrap(buffer, 0, buffer.capacity());
        out.u16(random.nextInt(4) == 0 ? 0x0303 : Tlcp.VERSION).skip(Tlcp.RANDOM_LENGTH);
        final int sessionId = out.beginVector8();
        out.skip(random.nextInt(8) == 0 ? 33 : random.nextInt(33));
        out.endVector(sessionId);
        if (fromClient)
        {
            final int suites = out.beginVector16();
            out.skip(random.nextInt(8) == 0 ? random.nextInt(4) : 4);
            out.endVector(suites);
            final int compression = out.beginVector8();
            out.skip(random.nextInt(8) == 0 ? random.nextInt(3) : 1);
            out.endVector(compression);
        }
        else
        {
            out.u24(0xe01300);
        }
        return Arrays.copyOf(buffer.byteArray(), out.length());
    }

    /** A block of extensions, most of them of known types and well formed. */
    private static byte[] extensions(final SplittableRandom random)
    {
        final int[] types = {0, 3, 5, 10, 13, 16, 16, 35, 66, 0, 7, 0xff01};
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final OctetWriter out = new OctetWriter().wrap(buffer, 0, 512);
        final int block = out.beginVector16();
        for (int i = random.nextInt(4); i > 0; i--)
        {
            final int type = types[random.nextInt(types.length)];
            final int content = out.u16(type).beginVector16();
            final int items = random.nextInt(3);
            if (random.nextInt(3) > 0)
            {
                final int list = out.beginVector16();
                for (int j = 0; j < items; j++)
                {
                    final int mark = type == 0 ? out.u8(random.nextInt(3) / 2).beginVector16() : out.beginVector8();
                    out.u16(0x6832).skip(random.nextInt(2) * random.nextInt(9));
                    out.endVector(mark);
                }
                out.endVector(list);
            }
            out.endVector(content);
        }
        out.endVector(block);
        final byte[] bytes = new byte[out.length()];
        buffer.getBytes(0, bytes);
        Seeded.mutate(random, bytes, Math.max(0, random.nextInt(4) - 2));
        return bytes;
    }

    private static byte[] damaged(final SplittableRandom random, final byte[] body)
    {
        final byte[] bytes = Arrays.copyOf(
            body, Math.max(0, body.length + (random.nextInt(4) == 0 ? random.nextInt(7) - 3 : 0)));
        final int times = random.nextInt(4);
        Seeded.mutate(random, bytes, times);
        if (bytes.length > 0 && random.nextBoolean())
        {
            // lengths stand near the beginning, or in a hello behind the random
            final int at = random.nextBoolean() ? 0 : Math.min(34, bytes.length - 1);
            bytes[at + random.nextInt(Math.min(8, bytes.length - at))] += (byte)(random.nextInt(3) - 1);
        }
        return bytes;
    }

    private boolean assertSameVerdict(final Captures.Message sample, final byte[] body)
    {
        final int type = sample.type();
        final boolean ecdhe = CipherSuite.isEcdhe(sample.suite());
        for (final Strictness strictness : Strictness.values())
        {
            final Messages decoders = strictness == Strictness.STRICT ? strict : tolerant;
            final String told = Enclosed.decode(body, (buffer, offset, length, facts) ->
                decoders.tell(type, ecdhe, buffer, offset, length, facts));
            assertEquals(NaiveTlcp.accepts(type, ecdhe, strictness, body), told.startsWith("formed=true"), told);
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(body);
        final boolean formed = strict.wrap(type, ecdhe, buffer, 0, body.length);
        if (formed && strict.isCanonical(type))
        {
            final UnsafeBuffer written = new UnsafeBuffer(new byte[body.length + 4]);
            if (strict.write(type, ecdhe, buffer, 0, out.wrap(written, 0, written.capacity())))
            {
                assertArrayEquals(body, Arrays.copyOfRange(written.byteArray(), 4, 4 + out.length() - 4));
            }
        }
        return formed;
    }
}
