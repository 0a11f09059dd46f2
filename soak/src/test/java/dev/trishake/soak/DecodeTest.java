// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DecodeTest
{
    /** The seed's captures are kept where the engine's tests need them. */
    private static final Path VECTORS = Path.of("../engine/src/test/resources/vectors/tcp");
    private static final Path SEED_A = VECTORS.resolve("seed-002-a.pcap");
    private static final Path SEED_B = VECTORS.resolve("seed-002-b.pcap");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final TimeZone zone = TimeZone.getDefault();
    private final InputStream in = System.in;

    @TempDir
    private Path folder;

    @BeforeEach
    void setUp()
    {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterEach
    void tearDown()
    {
        TimeZone.setDefault(zone);
        System.setIn(in);
    }

    private int run(final Object... args)
    {
        return Soak.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void shouldPrintPlaintextWithAKeyLog() throws IOException
    {
        final Path capture = VECTORS.resolve("../tlcp/tongsuo-E013-noauth.pcap");
        final String[] connection = Files.readString(VECTORS.resolve("../tlcp/connections.txt"))
            .split("connection tongsuo-E013-noauth/0", -1)[1].split("\n", -1);
        final Path keyLog = folder.resolve("secrets.log");
        Files.writeString(keyLog, "CLIENT_RANDOM " + connection[2].replace("client_random ", "") + " " +
            connection[4].replace("master_secret ", "") + "\n");
        assertEquals(0, run("decode", "--keylog", keyLog, capture));
        assertEquals(2, out.toString().lines().filter(line -> line.endsWith("verify_data")).count(), out::toString);
        assertEquals(2, out.toString().lines().filter(line -> line.contains(" bytes of plaintext") &&
            line.contains("application_data")).count(), out::toString);
        assertFalse(out.toString().contains("does not open"), out::toString);
        Files.writeString(keyLog, "nothing\n");
        assertEquals(2, run("decode", "--keylog", keyLog, capture));
        assertTrue(err.toString().contains("secrets.log: has no line CLIENT_RANDOM"), err::toString);
        assertEquals(2, run("decode", "--keylog", folder.resolve("none"), capture));
    }

    @Test
    void shouldPrintTlcpBelowThePackets()
    {
        final Path capture = VECTORS.resolve("../tlcp/tongsuo-E013-noauth.pcap");
        assertEquals(0, run("decode", "--tlcp", capture));
        final String any = out.toString();
        assertTrue(any.contains("> CLIENT_WROTE_CHANGE_CIPHER_SPEC (TLS_ST_CW_CHANGE)"), any);
        assertTrue(any.lines().anyMatch(line -> line.startsWith("10:")), any);
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--tlcp-port", 20001, capture));
        assertEquals(any, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--tlcp-port=443", capture));
        assertFalse(out.toString().contains("TLCP"));
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--style", "wireshark", "--tlcp", capture));
        assertTrue(out.toString().contains("TLCP server > client: handshake, protected, 80 bytes"));
        assertEquals(2, run("decode", "--tlcp-port=65536", capture));
    }

    @Test
    void shouldPrintGquicBelowItsDatagrams() throws IOException
    {
        final Path capture = VECTORS.resolve("../gquic/q044-ecdsa.pcap");
        assertEquals(0, run("decode", "--gquic", capture));
        final String any = out.toString();
        assertTrue(any.contains("        <- Reading packet 0x1 (1072 bytes) for connection 0x07dad257b2356dd9, " +
            "unencrypted\n        \tLong Header{Type: Initial, DestConnectionID: 0x07dad257b2356dd9, "), any);
        assertTrue(any.contains("        Got CHLO:\n        \tSNI : \"localhost\"\n"), any);
        assertTrue(any.contains("        Sending REJ :\n        \tSTK : \""), any);
        assertFalse(any.contains("SHLO"));
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--gquic-port", 15443, capture));
        assertEquals(any, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--tlcp", "--gquic-port=443", capture));
        assertFalse(out.toString().contains("CHLO"));
        assertEquals(2, run("decode", "--gquic-port=0", capture));

        // of q044-ecdsa's initial level, as its server derived them
        final Path keys = Files.writeString(folder.resolve("keys"), "07dad257b2356dd9 initial AESG " +
            "5fe6e7bc4ff072307be72338a1481803 9bbb2c397e9e40fbd3b728aa5502b42d a28b589f c0c75795\n");
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "--gquic-keys", keys, capture));
        assertTrue(out.toString().contains("        Sending SHLO:\n"));
        Files.writeString(keys, "nothing");
        assertEquals(2, run("decode", "--gquic-keys", keys, capture));
        assertTrue(err.toString().contains(keys + ": line 1 is not one of a gQUIC key log"), err.toString());
        assertEquals(2, run("decode", "--gquic-keys", folder.resolve("none"), capture));
    }

    @Test
    void shouldPrintTheSeedAsTcpdumpDid()
    {
        assertEquals(0, run("decode", SEED_A));
        assertEquals("""
            14:42:56.005364 IP6 localhost.64512 > localhost.http: Flags [S], seq 2811163411, win 65535, \
            options [mss 16324,nop,wscale 6,nop,nop,TS val 1088656957 ecr 0,sackOK,eol], length 0
            14:42:56.005380 IP6 localhost.http > localhost.64512: Flags [R.], seq 0, ack 2811163412, win 0, length 0
            14:42:56.005446 IP localhost.64513 > localhost.http: Flags [S], seq 1092979660, win 65535, \
            options [mss 16344,nop,wscale 6,nop,nop,TS val 1088656957 ecr 0,sackOK,eol], length 0
            """, out.toString());
        assertEquals("reading from file " + SEED_A + ", link-type NULL (BSD loopback), snapshot length 262144\n",
            err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wireshark", "WIRESHARK"})
    void shouldPrintTheSeedAsWiresharkDid(final String style)
    {
        assertEquals(0, run("decode", "--style", style, SEED_B));
        final List<String> lines = out.toString().lines().toList();
        assertEquals(82, lines.size());
        assertEquals("81\t2.663681\t192.168.22.53\t192.168.22.44\tTCP\t54\t\t" +
            "8067 → 49153 [ACK] Seq=1 Ack=1 Win=65536 Len=0", lines.get(80));
    }

    @Test
    void shouldPrintNumbersAndRelativeNumbers()
    {
        assertEquals(0, run("decode", "-n", "--relative", SEED_A));
        assertTrue(
            out.toString().contains("IP6 ::1.80 > ::1.64512: Flags [R.], seq 0, ack 2811163412"), out.toString());
        assertEquals(0, run("decode", "--relative", SEED_B));
        assertTrue(out.toString().contains("Flags [P.], seq 1:206, ack 1, win 256, length 205\n"), out.toString());
    }

    @Test
    void shouldUseTheMachinesTimeZone()
    {
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Shanghai"));
        assertEquals(0, run("decode", SEED_A));
        assertTrue(out.toString().startsWith("22:42:56.005364 IP6"), out.toString());
    }

    @Test
    void shouldReadStandardInput() throws IOException
    {
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(SEED_A)));
        assertEquals(0, run("decode", "-"));
        assertEquals(3, out.toString().lines().count());
        assertTrue(err.toString().startsWith("reading from file -, link-type NULL"), err.toString());
    }

    @Test
    void shouldPrintWhatHasComeBeforeItWaitsForMore() throws IOException
    {
        // a packet and a piece of the next, what is missing with one more, and the end, as a pipe may give them
        final byte[] seed = Files.readAllBytes(SEED_A);
        final int second = 24 + 16 + ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getInt(24 + 8);
        final LivePipe pipe = new LivePipe(seed, 24, second + 20, seed.length);
        System.setIn(pipe);
        assertEquals(0, run("decode", "-"));
        assertEquals(List.of(0L, 0L, 1L, 3L), pipe.linesBeforeRead);
        assertEquals(3, out.toString().lines().count());
    }

    @Test
    void shouldPrintWhatIsThereOfAFileThatIsCutOff() throws IOException
    {
        final byte[] seed = Files.readAllBytes(SEED_A);
        final Path cut = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(seed, seed.length - 1));
        assertEquals(1, run("decode", cut));
        assertEquals(2, out.toString().lines().count());
        assertEquals(cut + " is cut off: it ends within a packet", err.toString().lines().toList().get(1));
    }

    @Test
    void shouldRefuseInOneSentenceWhatIsNoCapture() throws IOException
    {
        refused(folder.resolve("none.pcap"), ": there is no such file");
        refused(folder, " can't be read: Is a directory");
        refused(Files.writeString(folder.resolve("text"), "GET / HTTP/1.1"),
            " is not a pcap file: it begins with 0x47455420");
        refused(Files.write(folder.resolve("empty"), new byte[0]), " is not a pcap file: it has no header");
        refused(Files.write(folder.resolve("ng"), new byte[] {0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0}),
            ": pcapng is not supported; convert with `editcap -F pcap`");
    }

    private void refused(final Path file, final String sentence)
    {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertEquals(2, run("decode", file));
        assertEquals("", out.toString());
        assertEquals(file + sentence + "\n", err.toString());
    }

    @Test
    void shouldStopQuietlyWhenNobodyReadsTheOutput() throws IOException
    {
        final Path large = folder.resolve("large.pcap");
        final byte[] seed = Files.readAllBytes(SEED_B);
        try (var file = Files.newOutputStream(large))
        {
            file.write(seed);
            for (int i = 0; i < 200; i++)
            {
                file.write(seed, 24, seed.length - 24);
            }
        }
        final AtomicLong taken = new AtomicLong();
        final int exitCode = Soak.commandLine()
            .setOut(new PrintWriter(new ClosedPipe(taken)))
            .setErr(new PrintWriter(err))
            .execute("decode", large.toString());
        assertEquals(1, exitCode);
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(taken.get() < 200_000, "went on after the pipe was closed: " + taken.get());
    }

    @Test
    void shouldShowUsageWithoutATool()
    {
        assertEquals(2, run());
        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("Usage: soak.jar"), err.toString());
        assertTrue(err.toString().contains("java -jar soak.jar decode capture.pcap"), err.toString());
    }

    @Test
    void shouldShowHelpAndVersion()
    {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("decode"), out.toString());
        assertEquals(0, run("decode", "--help"));
        assertTrue(out.toString().contains("--style"), out.toString());
        assertEquals(0, run("--version"));
        assertTrue(out.toString().contains("trishake "), out.toString());
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"decode", "decode --style fancy x.pcap", "decode --nonsense x", "encode", "decode a b"})
    void shouldRefuseWrongArguments(final String args)
    {
        assertEquals(2, run(List.of(args.split(" ", -1)).toArray()));
        assertEquals("", out.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
        assertTrue(err.toString().contains("; see soak.jar "), err.toString());
        assertTrue(err.toString().contains("--help"), err.toString());
        assertEquals(args.equals("encode"), err.toString().contains("Did you mean: soak.jar decode"), err.toString());
    }

    /** Gives a file piece by piece, and notes how many lines were out whenever it is asked for more. */
    private final class LivePipe extends InputStream
    {
        private final byte[] file;
        private final int[] ends;
        private final List<Long> linesBeforeRead = new ArrayList<>();
        private int position;

        private LivePipe(final byte[] file, final int... ends)
        {
            this.file = file;
            this.ends = ends;
        }

        @Override
        public int read()
        {
            throw new UnsupportedOperationException("a byte at a time");
        }

        @Override
        public int read(final byte[] target, final int offset, final int length)
        {
            linesBeforeRead.add(out.toString().lines().count());
            if (position == file.length)
            {
                return -1;
            }
            final int end = Arrays.stream(ends).filter(candidate -> candidate > position).findFirst().orElseThrow();
            final int given = Math.min(length, end - position);
            System.arraycopy(file, position, target, offset, given);
            position += given;
            return given;
        }
    }

    /** Takes a little, then fails as standard output behind {@code | head} does. */
    private static final class ClosedPipe extends Writer
    {
        private final AtomicLong taken;

        private ClosedPipe(final AtomicLong taken)
        {
            this.taken = taken;
        }

        @Override
        public void write(final char[] chars, final int offset, final int length) throws IOException
        {
            taken.addAndGet(length);
            throw new IOException("Broken pipe");
        }

        @Override
        public void flush()
        {
            // nothing is kept
        }

        @Override
        public void close()
        {
            // nothing to close
        }
    }
}
