// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.support.Vectors;
import dev.trishake.transport.sim.PcapReader;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recorded handshakes: the messages that an independent decoder found, and the streams of the pcap files. */
public final class Captures
{
    private static List<Message> messages;

    private Captures()
    {
    }

    /**
     * One handshake message.
     *
     * @param capture    file it is from
     * @param connection number of the connection in it
     * @param suite      of the connection
     * @param fromClient who sent it
     * @param hex        header and body
     */
    public record Message(
        String capture, int connection, int suite, boolean fromClient, String hex)
    {
        /** {@return whether it was sent protected} */
        boolean isSealed()
        {
            return type() == HandshakeType.FINISHED;
        }

        int type()
        {
            return Integer.parseInt(hex, 0, 2, 16);
        }

        byte[] bytes()
        {
            return Vectors.hex(hex);
        }

        byte[] body()
        {
            return Vectors.hex(hex.substring(2 * HandshakeHeaderFlyweight.LENGTH));
        }

        @Override
        public String toString()
        {
            return capture + "/" + connection + (fromClient ? " C " : " S ") + HandshakeType.name(type());
        }
    }

    /** {@return all messages of all captures} */
    public static synchronized List<Message> messages()
    {
        if (messages == null)
        {
            messages = read();
        }
        return messages;
    }

    private static List<Message> read()
    {
        final List<Message> all = new ArrayList<>();
        String capture = "";
        int connection = 0;
        int suite = 0;
        for (final String line : Vectors.lines("tlcp/connections.txt"))
        {
            final String[] words = line.split(" ", -1);
            if ("connection".equals(words[0]))
            {
                final String[] name = words[1].split("/", -1);
                capture = name[0];
                connection = Integer.parseInt(name[1]);
                suite = Integer.parseInt(words[2], 16);
            }
            else if ("message".equals(words[0]))
            {
                all.add(new Message(capture, connection, suite, "C".equals(words[1]), words[2]));
            }
        }
        return List.copyOf(all);
    }

    /** {@return the names of the captures} */
    public static List<String> names()
    {
        return messages().stream().map(Message::capture).distinct().toList();
    }

    /**
     * {@return the byte streams of a capture, client's and server's of each connection in turn}
     *
     * @param name of the capture
     */
    public static List<byte[]> streams(final String name)
    {
        final Map<Integer, byte[][]> connections = new LinkedHashMap<>();
        try (PcapReader reader = new PcapReader(
            Channels.newChannel(new ByteArrayInputStream(Vectors.bytes("tlcp/" + name + ".pcap"))), name))
        {
            final Ipv4Flyweight ip = new Ipv4Flyweight();
            final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
            while (reader.next())
            {
                final int length = reader.capturedLength() - (reader.networkOffset() - reader.offset());
                if (ip.wrap(reader.buffer(), reader.networkOffset(), length) &&
                    tcp.wrap(reader.buffer(), ip.payloadOffset(), ip.payloadLength()))
                {
                    final boolean fromClient = tcp.srcPort() > tcp.dstPort();
                    final int port = fromClient ? tcp.srcPort() : tcp.dstPort();
                    final byte[][] streams = connections.computeIfAbsent(port, key -> new byte[2][0]);
                    final byte[] payload = new byte[tcp.payloadLength()];
                    reader.buffer().getBytes(tcp.payloadOffset(), payload);
                    streams[fromClient ? 0 : 1] = concat(streams[fromClient ? 0 : 1], payload);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return connections.values().stream().flatMap(Arrays::stream).toList();
    }

    static byte[] concat(final byte[] first, final byte[] second)
    {
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
