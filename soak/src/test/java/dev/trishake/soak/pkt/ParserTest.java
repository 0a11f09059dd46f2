// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.soak.pkt.Script.Packet;
import dev.trishake.soak.pkt.Script.SystemCall;
import dev.trishake.soak.pkt.Script.Timing;
import dev.trishake.wire.tcp.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ParserTest
{
    private static Event event(final String text) throws ScriptException
    {
        final List<Event> events = Parser.parse("0 %{ }%\n" + text).events();
        assertEquals(2, events.size());
        return events.get(1);
    }

    private static SegmentSpec segment(final String text) throws ScriptException
    {
        return assertInstanceOf(Packet.class, event(text).action()).segment();
    }

    @ParameterizedTest
    @CsvSource({
        "0.25 > . 1:1(0),          ABSOLUTE,         250000000,  250000000",
        "+0 > . 1:1(0),            RELATIVE,         0,          0",
        "+.5 > . 1:1(0),           RELATIVE,         500000000,  500000000",
        "+1.000001 > . 1:1(0),     RELATIVE,         1000001000, 1000001000",
        "1~2 > . 1:1(0),           ABSOLUTE_RANGE,   1000000000, 2000000000",
        "+0.1~+0.2 > . 1:1(0),     RELATIVE_RANGE,   100000000,  200000000",
        "* > . 1:1(0),             ANY,              0,          0"})
    void shouldReadTimes(final String text, final Timing timing, final long fromNs, final long toNs)
        throws ScriptException
    {
        final Event event = event(text);
        assertEquals(timing, event.timing());
        assertEquals(fromNs, event.fromNs());
        assertEquals(toNs, event.toNs());
    }

    @ParameterizedTest
    @CsvSource({
        ".,      16", "S,  2", "S., 18", "F., 17", "R, 4", "R., 20", "P., 24", "FP., 25", "SF, 3", "SEW, 194",
        "U.,     48", "SEWA, 450", "-, 0"})
    void shouldReadFlags(final String flags, final int bits) throws ScriptException
    {
        assertEquals(bits, segment("+0 > " + flags + " 1:1(0)").flags());
        assertEquals(flags, SegmentSpec.flags(segment("+0 > " + flags + " 1:1(0)").flags())
            .replace("SF", flags.contains("FS") ? "FS" : "SF"));
    }

    @Test
    void shouldReadSegments() throws ScriptException
    {
        final SegmentSpec out = segment("+0 > P. 4294967290:4294967295(5) ack 7 urg 9 <...>");
        assertEquals(TcpFlags.PSH | TcpFlags.ACK, out.flags());
        assertEquals(-6, out.seq());
        assertEquals(5, out.payloadLength());
        assertEquals(7, out.ack());
        assertEquals(SegmentSpec.ANY_WINDOW, out.window());
        assertEquals(9, out.urgentPointer());
        assertNull(out.options());

        final SegmentSpec in = segment("+0 < R 77 win 0");
        assertEquals(77, in.seq());
        assertEquals(0, in.payloadLength());
        assertEquals(0, in.window());
        assertEquals(0, in.options().length());
    }

    @Test
    void shouldReadOptions() throws ScriptException
    {
        assertArrayEquals(
            new byte[] {2, 4, 5, (byte)0xb4, 4, 2, 8, 10, 0, 0, 2, (byte)0xbc, 0, 0, 0, 100, 1, 3, 3, 8},
            segment("+0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 700 ecr 100,nop,wscale 8>").options().bytes());
        assertArrayEquals(
            new byte[] {1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 9},
            segment("+0 > . 1:1(0) ack 1 <nop,nop,sack 1:2 5:9>").options().bytes());
        assertArrayEquals(
            new byte[] {34, 6, (byte)0xab, (byte)0xcd, 1, 2, 1, 0},
            segment("+0 < S 0:0(0) win 1 <FO abcd0102,nop,eol>").options().bytes());
        assertArrayEquals(
            new byte[] {34, 2, 1, 1}, segment("+0 < S 0:0(0) win 1 <FO,nop,nop>").options().bytes());
        assertArrayEquals(
            new byte[] {3, 3, (byte)255, 1}, segment("+0 < S 0:0(0) win 1 <wscale 255,nop>").options().bytes());
        for (final String options : List.of("mss 1460,nop,wscale 14", "nop,nop,sack 1:2 5:9", "eol,eol,eol,eol"))
        {
            final String text = segment("+0 > . 1:1(0) ack 1 <" + options + ">").options().toString();
            assertEquals(options.replaceAll("eol.*", "eol"), text);
        }
    }

    @Test
    void shouldReadSystemCalls() throws ScriptException
    {
        final Event event = event("+0...0.1 connect(3, {sa_family = AF_INET, sin_port = htons(80), " +
            "sin_addr = inet_addr(\"192.0.2.1\")}, ...) = -1 EINPROGRESS (Operation now in progress)");
        final SystemCall call = assertInstanceOf(SystemCall.class, event.action());
        assertEquals("connect", call.name());
        assertEquals(3, call.arguments().size());
        assertEquals(new Expression.Int(-1), call.result());
        assertEquals("EINPROGRESS", call.errno());
        assertEquals(100_000_000, call.endNs());
        final Expression.Struct address = assertInstanceOf(Expression.Struct.class, call.arguments().get(1));
        assertEquals(new Expression.Word("AF_INET"), address.field("sa_family"));
        assertNull(address.field("sin_zero"));

        final SystemCall flags =
            (SystemCall)event("+0 fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)").action();
        assertEquals(new Expression.Int(0x802), flags.result());
        assertNull(flags.errno());
        assertEquals(SystemCall.NON_BLOCKING, flags.endNs());
        final SystemCall write = (SystemCall)event("+0 write(3, \"ab\" \"cd\"..., 4) = ...").action();
        assertEquals(new Expression.Text("abcd"), write.arguments().get(1));
        assertEquals(new Expression.Any(), write.result());
    }

    @Test
    void shouldKeepLinesAndTextThroughComments() throws ScriptException
    {
        final Script script = Parser.parse("""
            // one
            /* two
               three */ `true`
            0 > R   1:1(0) // four
            +0 < . 1:1(0)
               ack 1 /* in between */ win 257
            `true` // clean up
            """);
        assertEquals(3, script.init().line());
        assertEquals(4, script.events().get(0).line());
        assertEquals("> R 1:1(0)", script.events().get(0).text());
        assertEquals(5, script.events().get(1).line());
        assertTrue(script.events().get(1).text().startsWith("< . 1:1(0) ack 1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "+0 < . 1:1(0) ack 1            | an inbound packet needs its window: win N",
        "+0 < S 0:0(0) win 1 <...>      | <...> is for outbound packets only",
        "+0 > P. 1:206(204)             | sequence numbers and length differ: 1:206(204)",
        "+0 > S 0:0(0) <mss 1460,nop>   | the options are not padded to whole words: 5 bytes",
        "+0 > S 0:0(0) <md5 00,nop>     | the option \"md5\" is not known here: mss, nop, eol, wscale, sackOK, sack, " +
            "TS, FO are",
        "+0 > S 0:0(0) <mss 65536>      | the maximum segment size is out of range: 65536",
        "+0 > X 0:0(0)                  | no TCP flags: \"X\" (only TCP packets are known here, " +
            "flags S F R P U E W A and .)",
        "+0 > . 1:1(0) ack -1           | the acknowledgment number is out of range: -1",
        "+0 > . 4294967296:4294967296(0) | a sequence number is out of range: 4294967296",
        "* < . 1:1(0) win 1             | a range of time, or *, is for outbound packets only",
        "1~2 close(3) = 0               | a range of time, or *, is for outbound packets only",
        "2~1 > . 1:1(0)                 | the range of time is backwards",
        "-1 > . 1:1(0)                  | a time must be 0 to 1000000: -1",
        "x                              | expected a time: 0, +N, N or *, found \"x\"",
        "+0 ? close(3) = 0              | expected <, >, a system call, a command or code, found \"?\"",
        "+0 close 3                     | expected \"(\", found \"3\"",
        "+0 close(3)                    | expected \"=\", found the end of the script",
        "+0 read(3, \"x, 1) = 0         | the quotation has no end: \" is missing",
        "+0 %{ code                     | the code has no end: }% is missing",
        "/* never                       | the comment has no end: */ is missing",
        "99999999999999999999 close(3) = 0 | the number is too long"})
    void shouldRefuseWithTheLine(final String text, final String sentence)
    {
        final ScriptException refused =
            assertThrows(ScriptException.class, () -> Parser.parse("0 %{ }%\n\n" + text));
        assertEquals(sentence, refused.getMessage());
        assertEquals(3, refused.line());
    }

    @Test
    void shouldRefuseScriptsAsAWhole()
    {
        assertEquals("the script has no events",
            assertThrows(ScriptException.class, () -> Parser.parse("// nothing")).getMessage());
        assertEquals("the first event must be at time 0",
            assertThrows(ScriptException.class, () -> Parser.parse("1 close(3) = 0")).getMessage());
        assertEquals("time goes backward",
            assertThrows(ScriptException.class, () -> Parser.parse("0 %{ }% 2 %{ }% 1 %{ }%")).getMessage());
        assertEquals("expressions are nested too deep", assertThrows(ScriptException.class,
            () -> Parser.parse("0 close(" + "[".repeat(100_000))).getMessage());
    }
}
