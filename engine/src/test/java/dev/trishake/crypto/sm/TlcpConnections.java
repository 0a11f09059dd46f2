// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.support.Vectors;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The captured connections of {@code vectors/tlcp/connections.txt}. */
public final class TlcpConnections
{
    static final int GCM_KEY_BLOCK_LENGTH = 40;

    private TlcpConnections()
    {
    }

    /** A handshake message with its header. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Message(boolean byClient, byte[] octets)
    {
        public boolean isFinished()
        {
            return octets[0] == 20;
        }
    }

    /** A protected record. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record ProtectedRecord(
        boolean byClient, long sequenceNumber, int contentType, byte[] fragment, byte[] plaintext)
    {
    }

    /** One connection; secrets by their names in the file. */
    public record Connection(
        String name, String suite, Map<String, byte[]> values, List<Message> messages, List<ProtectedRecord> records)
    {
        public byte[] value(final String key)
        {
            return values.get(key);
        }

        public boolean isGcm()
        {
            return value("key_block").length == GCM_KEY_BLOCK_LENGTH;
        }

        /** {@return the handshake messages before that of a number} */
        byte[] transcriptBefore(final int number)
        {
            final ByteArrayOutputStream transcript = new ByteArrayOutputStream();
            for (final Message message : messages.subList(0, number))
            {
                transcript.writeBytes(message.octets);
            }
            return transcript.toByteArray();
        }

        @Override
        public String toString()
        {
            return name;
        }
    }

    /** {@return those whose secrets are known} */
    public static List<Connection> all()
    {
        final List<Connection> all = new ArrayList<>();
        for (final String line : Vectors.lines("tlcp/connections.txt"))
        {
            final String[] fields = line.split(" ", -1);
            switch (fields[0])
            {
                case "connection" -> all.add(
                    new Connection(fields[1], fields[2], new HashMap<>(), new ArrayList<>(), new ArrayList<>()));
                case "message" -> all.getLast().messages.add(
                    new Message("C".equals(fields[1]), Vectors.hex(fields[2])));
                case "record" -> all.getLast().records.add(new ProtectedRecord(
                    "C".equals(fields[1]), Long.parseLong(fields[2]), Integer.parseInt(fields[3]),
                    Vectors.hex(fields[4]), Vectors.hex(fields[5].replace("-", ""))));
                default -> all.getLast().values.put(fields[0], Vectors.hex(fields[1]));
            }
        }
        all.removeIf(connection -> connection.values().isEmpty());
        return all;
    }
}
