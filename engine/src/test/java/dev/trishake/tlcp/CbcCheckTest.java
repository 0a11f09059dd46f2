// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.HmacSm3;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Decrypted CBC fragments, whose judge in constant time must say what a plain one says. */
class CbcCheckTest
{
    private static final int MAC = Sm3.DIGEST_LENGTH;
    private static final int BLOCK = 16;
    private static final int LONGEST = 48 + 20 * BLOCK;
    private static final long SEQUENCE = 0x0102_0304_0506_0708L;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[MAC]);
    private final CbcCheck check = new CbcCheck(Kernels.scalar());
    private final HmacSm3 hmac = new HmacSm3(new Sm3());
    private final SplittableRandom random = new SplittableRandom(4);

    /** {@return a fragment of a length with padding of a length, all of it right} */
    private byte[] fragment(final int length, final int padding)
    {
        final int dataLength = length - MAC - 1 - padding;
        final byte[] text = Seeded.bytes(random, length);
        System.arraycopy(mac(text, dataLength), 0, text, dataLength, MAC);
        Arrays.fill(text, dataLength + MAC, length, (byte)padding);
        return text;
    }

    private byte[] mac(final byte[] text, final int dataLength)
    {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[CbcCheck.HEADER_LENGTH + dataLength]);
        message.putLong(0, SEQUENCE, ByteOrder.BIG_ENDIAN);
        message.putByte(8, (byte)ContentType.APPLICATION_DATA);
        message.putShort(9, (short)Tlcp.VERSION, ByteOrder.BIG_ENDIAN);
        message.putShort(11, (short)dataLength, ByteOrder.BIG_ENDIAN);
        message.putBytes(CbcCheck.HEADER_LENGTH, text, 0, dataLength);
        final byte[] mac = new byte[MAC];
        hmac.mac(key, 0, MAC, message, 0, message.capacity(), new UnsafeBuffer(mac), 0);
        return mac;
    }

    /** {@return octets of data, or -1, as a plain judge says} */
    private int judge(final byte[] text)
    {
        final int padding = text[text.length - 1] & 0xff;
        final int dataLength = text.length - MAC - 1 - padding;
        if (dataLength < 0)
        {
            return -1;
        }
        for (int i = dataLength + MAC; i < text.length; i++)
        {
            if ((text[i] & 0xff) != padding)
            {
                return -1;
            }
        }
        return Arrays.equals(Arrays.copyOfRange(text, dataLength, dataLength + MAC), mac(text, dataLength)) ?
            dataLength : -1;
    }

    /** Has fragments judged side by side; answers octets of data, or -1, of each. */
    private int[] check(final byte[]... texts)
    {
        final int[] answers = new int[texts.length];
        for (final byte[] text : texts)
        {
            check.add(key, 0, SEQUENCE, ContentType.APPLICATION_DATA, Tlcp.VERSION, new UnsafeBuffer(text), 0,
                text.length);
        }
        check.run();
        for (int i = 0; i < texts.length; i++)
        {
            answers[i] = check.succeeded(i) ? check.dataLength(i) : -1;
        }
        check.clear();
        return answers;
    }

    @Test
    void shouldTakeEveryPaddingThatFits()
    {
        for (int length = CbcCheck.MIN_LENGTH; length <= LONGEST; length += BLOCK)
        {
            final int longest = Math.min(255, length - MAC - 1);
            for (int padding = 0; padding <= longest; padding += CbcCheck.LANES)
            {
                final byte[][] texts = new byte[Math.min(CbcCheck.LANES, longest - padding + 1)][];
                for (int i = 0; i < texts.length; i++)
                {
                    texts[i] = fragment(length, padding + i);
                }
                final int[] answers = check(texts);
                for (int i = 0; i < texts.length; i++)
                {
                    assertEquals(length - MAC - 1 - padding - i, answers[i], length + " octets, padding " + padding);
                    assertEquals(answers[i], judge(texts[i]));
                }
            }
        }
    }

    @Test
    void shouldRefuseWhateverOctetOfPaddingOrMacIsWrong()
    {
        for (final int length : new int[] {48, 64, 112, LONGEST})
        {
            for (final int padding : new int[] {0, 1, 15, 16, 63, 200, 255})
            {
                if (padding + 1 + MAC > length)
                {
                    continue;
                }
                for (int at = length - padding - 1 - MAC; at < length; at++)
                {
                    final byte[] text = fragment(length, padding);
                    text[at] ^= (byte)(1 << random.nextInt(8));
                    assertEquals(-1, check(text)[0], length + " octets, padding " + padding + ", at " + at);
                }
            }
        }
    }

    @Test
    void shouldRefusePaddingThatIsLongerThanTheFragment()
    {
        for (int length = CbcCheck.MIN_LENGTH; length < LONGEST; length += BLOCK)
        {
            for (int padding = length - MAC; padding <= 255; padding++)
            {
                final byte[] text = Seeded.bytes(random, length);
                Arrays.fill(text, Math.max(0, length - padding - 1), length, (byte)padding);
                assertEquals(-1, check(text)[0], length + " octets, padding " + padding);
            }
        }
    }

    /** The MAC covers the number, the type and the version. */
    @Test
    void shouldRefuseAnotherHeader()
    {
        final byte[] text = fragment(64, 3);
        assertEquals(64 - MAC - 4, check(text)[0]);
        check.add(key, 0, SEQUENCE + 1, ContentType.APPLICATION_DATA, Tlcp.VERSION, new UnsafeBuffer(text), 0, 64);
        check.add(key, 0, SEQUENCE, ContentType.HANDSHAKE, Tlcp.VERSION, new UnsafeBuffer(text), 0, 64);
        check.add(key, 0, SEQUENCE, ContentType.APPLICATION_DATA, 0x0303, new UnsafeBuffer(text), 0, 64);
        check.run();
        for (int i = 0; i < 3; i++)
        {
            assertEquals(false, check.succeeded(i));
        }
        check.clear();
    }

    @Test
    void shouldJudgeLikeAPlainJudge()
    {
        Seeded.forEach(Scale.pick(2_000, 200_000), seeded ->
        {
            final byte[][] texts = new byte[1 + seeded.nextInt(CbcCheck.LANES)][];
            for (int i = 0; i < texts.length; i++)
            {
                final int length = CbcCheck.MIN_LENGTH + BLOCK * seeded.nextInt(20);
                texts[i] = fragment(length, seeded.nextInt(Math.min(256, length - MAC)));
                if (seeded.nextBoolean())
                {
                    texts[i][length - 1 - seeded.nextInt(Math.min(length, 300))] ^= (byte)(1 << seeded.nextInt(8));
                }
            }
            final int[] answers = check(texts);
            for (int i = 0; i < texts.length; i++)
            {
                assertEquals(judge(texts[i]), answers[i]);
            }
        });
    }
}
