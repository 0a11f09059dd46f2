// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Quotes and durations, as Go's documentation and the seed's log have them. */
class GoTextTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        6c6f63616c686f7374       | "localhost"
        00070809 0a0b0c0d 1e 1f  | "\\x00\\a\\b\\t\\n\\v\\f\\r\\x1e\\x1f"
        5c22 27 60 20 7e 7f      | "\\\\\\"'` ~\\u007f"
        80 bf c0 c1 f5 ff fe     | "\\x80\\xbf\\xc0\\xc1\\xf5\\xff\\xfe"
        c280 c3bf c2a0 c3bf      | "\\u0080\u00ff\\u00a0\u00ff"
        c0 80 c1bf               | "\\xc0\\x80\\xc1\\xbf"
        e0 9f bf                 | "\\xe0\\x9f\\xbf"
        ed a0 80                 | "\\xed\\xa0\\x80"
        f08fbfbf f4908080        | "\\xf0\\x8f\\xbf\\xbf\\xf4\\x90\\x80\\x80"
        f09f9880 f0a08080 f3a08081 f4 8f bf bf | "\uD83D\uDE00\uD840\uDC00\\U000e0001\\U0010ffff"
        c2a0 c2ad e28080 e280a8 efbbbf ee8080 e0a4 | "\\u00a0\\u00ad\\u2000\\u2028\\ufeff\\ue000\\xe0\\xa4"
        d7b6 d7b8 d29b cc81      | "\\u05f6\\u05f8\u049b\u0301"
        """)
    void shouldQuoteAsGoDoes(final String hex, final String quoted)
    {
        assertEquals(quoted, quote(Vectors.hex(hex)));
    }

    @Test
    void shouldLeaveWhatCanBePrintedAndEscapeWhatCanNotBeDecoded()
    {
        Seeded.forEach(Scale.pick(2_000, 200_000), random ->
        {
            final byte[] bytes = Seeded.bytes(random, random.nextInt(12));
            String strict;
            try
            {
                strict = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            }
            catch (final CharacterCodingException ex)
            {
                strict = null;
            }
            final String quoted = quote(bytes);
            final boolean hasOctet = quoted.matches("(?s).*\\\\x[89a-f].*");
            assertEquals(strict == null, hasOctet, quoted);
            assertEquals(Vectors.hex(bytes), Vectors.hex(unquote(quoted)), quoted);
        });
    }

    private static byte[] unquote(final String quoted)
    {
        final ByteBuffer bytes = ByteBuffer.allocate(100);
        int i = 1;
        while (i < quoted.length() - 1)
        {
            final int rune = quoted.codePointAt(i);
            if (rune != '\\')
            {
                bytes.put(Character.toString(rune).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(rune);
                continue;
            }
            i++;
            final int digits = switch (quoted.charAt(i))
            {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                default -> 0;
            };
            if (digits == 0)
            {
                bytes.put((byte)"\u0007\b\f\n\r\t\u000b\\\"".charAt("abfnrtv\\\"".indexOf(quoted.charAt(i))));
            }
            else
            {
                final int value = Integer.parseUnsignedInt(quoted.substring(i + 1, i + 1 + digits), 16);
                bytes.put(digits == 2 ?
                    new byte[] {(byte)value} : Character.toString(value).getBytes(StandardCharsets.UTF_8));
            }
            i += 1 + digits;
        }
        final byte[] all = new byte[bytes.position()];
        bytes.flip().get(all);
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s", "1, 1ns", "999, 999ns", "1000, 1\u00b5s", "72000, 72\u00b5s", "1100, 1.1\u00b5s",
        "2200000, 2.2ms", "25000000, 25ms", "1000000000, 1s", "3300000000, 3.3s", "245000000000, 4m5s",
        "245001000000, 4m5.001s", "18367001000000, 5h6m7.001s", "3600000000000, 1h0m0s", "999999999, 999.999999ms"})
    void shouldWriteDurationsAsGoDoes(final long ns, final String text)
    {
        final StringBuilder out = new StringBuilder();
        GoText.appendDuration(out, ns);
        assertEquals(text, out.toString());
    }

    private static String quote(final byte[] bytes)
    {
        final StringBuilder out = new StringBuilder();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 2]);
        buffer.putBytes(1, bytes);
        GoText.appendQuoted(out, buffer, 1, bytes.length);
        return out.toString();
    }
}
