// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.trace.GquicFormatter;
import dev.trishake.trace.GquicSecrets;
import dev.trishake.trace.Packet;
import dev.trishake.trace.PacketFormatter;
import dev.trishake.trace.TcpdumpFormatter;
import dev.trishake.trace.TlcpFormatter;
import dev.trishake.trace.TlcpSecrets;
import dev.trishake.trace.WiresharkFormatter;
import dev.trishake.transport.sim.PcapReader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Prints the packets of a capture file, a line each. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = "Prints the packets of a capture file (classic pcap), a line each.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:all packets were printed",
        "1:the file is cut off or damaged, or the output was closed",
        "2:wrong arguments, or a file that can't be read"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar decode capture.pcap",
        "  java -jar soak.jar decode --style wireshark capture.pcap",
        "  java -jar soak.jar decode --tlcp handshake.pcap",
        "  java -jar soak.jar decode --tlcp --keylog secrets.log handshake.pcap",
        "  java -jar soak.jar decode --gquic --gquic-keys keys.txt handshake.pcap",
        "  tcpdump -i lo -w - port 80 | java -jar soak.jar decode -n -"})
final class Decode implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int MAX_PORT = 65_535;
    private static final int CHUNK_LENGTH = 1 << 15;
    private static final String STANDARD_INPUT = "-";

    /** Whose lines. */
    enum Style
    {
        TCPDUMP,
        WIRESHARK;

        @Override
        public String toString()
        {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE.pcap", description = "the capture file; - is standard input")
    private String file;

    @Option(
        names = "--style",
        defaultValue = "tcpdump",
        description = "whose lines: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Style style;

    @Option(names = "-n", description = "tcpdump: addresses and ports as numbers")
    private boolean numeric;

    @Option(
        names = "--relative",
        description = "tcpdump: sequence numbers relative to the first, as tcpdump without -S (wireshark: always)")
    private boolean relative;

    @Option(
        names = "--tlcp",
        description = "below each packet the TLCP records it completes, of connections that begin with one")
    private boolean tlcp;

    @Option(
        names = "--tlcp-port",
        paramLabel = "PORT",
        description = "the same, of all connections to servers on this port")
    private Integer tlcpPort;

    @Option(
        names = "--keylog",
        paramLabel = "FILE",
        description = "with --tlcp: what records say, by the secrets in this file (CLIENT_RANDOM lines, as serve," +
            " dial and Tongsuo write them)")
    private Path keyLog;

    @Option(
        names = "--gquic",
        description = "below each datagram the gQUIC packet it is, of clients that begin with a version of it")
    private boolean gquic;

    @Option(
        names = "--gquic-port",
        paramLabel = "PORT",
        description = "the same, of all datagrams from and to servers on this port")
    private Integer gquicPort;

    @Option(
        names = "--gquic-keys",
        paramLabel = "FILE",
        description = {
            "the same, and opens encrypted packets with the keys in a file, as serve and dial write them, a line for" +
            " each connection and level:",
            "  CONNECTION-ID initial|forward AESG|CC20 CLIENT-KEY SERVER-KEY CLIENT-IV SERVER-IV"})
    private Path gquicKeys;

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        try (PcapReader reader = open())
        {
            err.println("reading from file " + file + ", link-type " + reader.format().linkType().words() +
                ", snapshot length " + reader.format().snapLength());
            err.flush();
            if (!print(reader, formatter(), spec.commandLine().getOut()))
            {
                return NOT_ALL;
            }
            if (reader.problem() != null)
            {
                err.println(reader.problem());
                return NOT_ALL;
            }
            return CommandLine.ExitCode.OK;
        }
        catch (final IOException ex)
        {
            err.println(Soak.sentence(ex));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private TlcpSecrets secrets() throws IOException
    {
        if (keyLog == null)
        {
            return TlcpSecrets.NONE;
        }
        final TlcpSecrets secrets = TlcpSecrets.of(Files.readAllBytes(keyLog));
        if (secrets.size() == 0)
        {
            throw new IOException(keyLog + ": has no line CLIENT_RANDOM with a random and a secret");
        }
        return secrets;
    }

    private PacketFormatter formatter() throws IOException
    {
        PacketFormatter formatter = style == Style.WIRESHARK ?
            new WiresharkFormatter() : new TcpdumpFormatter(ZoneId.systemDefault(), numeric, relative);
        if (tlcp || tlcpPort != null || keyLog != null)
        {
            formatter = new TlcpFormatter(formatter, serverPort(tlcpPort, TlcpFormatter.ANY_PORT), secrets());
        }
        if (gquic || gquicPort != null || gquicKeys != null)
        {
            formatter = new GquicFormatter(formatter, serverPort(gquicPort, GquicFormatter.ANY_PORT), gquicSecrets());
        }
        return formatter;
    }

    private int serverPort(final Integer given, final int any)
    {
        if (given != null && (given < 1 || given > MAX_PORT))
        {
            throw new CommandLine.ParameterException(spec.commandLine(), "no such port: " + given);
        }
        return given == null ? any : given;
    }

    private GquicSecrets gquicSecrets() throws IOException
    {
        if (gquicKeys == null)
        {
            return null;
        }
        try
        {
            return GquicSecrets.parse(Files.readString(gquicKeys));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CommandLine.ParameterException(spec.commandLine(), gquicKeys + ": " + ex.getMessage(), ex);
        }
    }

    private PcapReader open() throws IOException
    {
        return STANDARD_INPUT.equals(file) ?
            new PcapReader(Channels.newChannel(System.in), "standard input") : PcapReader.open(Path.of(file));
    }

    /** {@return false when nobody reads the output any more, as behind {@code | head}} */
    private static boolean print(final PcapReader reader, final PacketFormatter formatter, final PrintWriter out)
    {
        final StringBuilder lines = new StringBuilder(2 * CHUNK_LENGTH);
        final Packet packet = new Packet();
        while (reader.next())
        {
            final int linkHeaderLength = reader.networkOffset() - reader.offset();
            packet.wrap(
                reader.timeNs(),
                reader.etherType(),
                reader.buffer(),
                reader.networkOffset(),
                reader.capturedLength() - linkHeaderLength,
                reader.originalLength() - linkHeaderLength,
                reader.originalLength());
            formatter.append(lines, packet);
            lines.append('\n');
            // what is printed must not wait for a packet that may never come
            if ((lines.length() >= CHUNK_LENGTH || !reader.isNextBuffered()) && !flush(lines, out))
            {
                return false;
            }
        }
        return flush(lines, out);
    }

    private static boolean flush(final StringBuilder lines, final PrintWriter out)
    {
        out.append(lines);
        lines.setLength(0);
        return !out.checkError();
    }
}
