// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.curve.P256;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recorded handshakes as wholes: servers, connections, messages in their order, keys. */
@SuppressWarnings("ArrayRecordComponent") // never compared
final class Transcripts
{
    /** Octets before the connection ID in the info of the initial level: {@code "QUIC key expansion" 00}. */
    private static final int LABEL_LENGTH = 19;

    private Transcripts()
    {
    }

    /**
     * A server with all its secrets; the seed's has none.
     *
     * @param name    of the recording
     * @param scid    server config ID
     * @param orbit   of its nonces
     * @param c255    private key of the config
     * @param pkcs8   the leaf's private key
     * @param secret  of its tokens
     * @param chain   certificates in DER, leaf first
     */
    record Server(
        String name, byte[] scid, byte[] orbit, byte[] c255, byte[] pkcs8, byte[] secret, List<byte[]> chain)
    {
        byte[] leaf()
        {
            return chain.get(0);
        }

        /** Neither the JDK nor Bouncy Castle reads a certificate with an empty issuer, like the seed's. */
        PublicKey publicKey()
        {
            try
            {
                final ASN1Sequence toBeSigned =
                    ASN1Sequence.getInstance(ASN1Sequence.getInstance(leaf()).getObjectAt(0));
                final SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(toBeSigned.getObjectAt(6));
                return KeyFactory.getInstance(
                    key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : "RSA")
                    .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
            }
            catch (final GeneralSecurityException | IOException ex)
            {
                throw new IllegalStateException(ex);
            }
        }

        PrivateKey privateKey()
        {
            try
            {
                return KeyFactory.getInstance(publicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            }
            catch (final GeneralSecurityException ex)
            {
                throw new IllegalStateException(ex);
            }
        }

        boolean isEcdsa()
        {
            return publicKey().getAlgorithm().equals("EC");
        }

        /** {@return the secrets as {@link ServerConfig} takes them; quic-go's configs never expire} */
        UnsafeBuffer secrets()
        {
            final UnsafeBuffer secrets = new UnsafeBuffer(new byte[ServerConfig.SECRETS_LENGTH]);
            secrets.putBytes(0, scid);
            secrets.putBytes(16, orbit);
            secrets.putLong(24, -1L);
            secrets.putBytes(32, c255);
            return secrets;
        }

        ServerConfig config()
        {
            return new ServerConfig(secrets(), 0, new int[] {Tag.AESG}, new int[] {Tag.C255});
        }

        @Override
        public String toString()
        {
            return name;
        }
    }

    /**
     * A message.
     *
     * @param fromClient who sent it
     * @param bytes      all of it
     */
    record Message(boolean fromClient, byte[] bytes)
    {
        MessageDecoder decode()
        {
            final MessageDecoder decoder = new MessageDecoder();
            if (decoder.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != bytes.length)
            {
                throw new IllegalStateException("the recording has no such message");
            }
            return decoder;
        }

        int tag()
        {
            return decode().tag();
        }

        byte[] value(final int tag)
        {
            final MessageDecoder decoder = decode();
            final int index = decoder.find(tag);
            return index < 0 ? null : Arrays.copyOfRange(
                bytes, decoder.valueOffset(index), decoder.valueOffset(index) + decoder.valueLength(index));
        }
    }

    /**
     * The keys of a level.
     *
     * @param serverPrivate the server's private key: of the config, or ephemeral
     * @param clientPrivate the client's private key
     * @param clientPublic  the client's public value
     * @param shared        secret
     * @param salt          NONC and SNO
     * @param info          label, connection ID, CHLO, SCFG, leaf
     * @param output        of HKDF
     * @param nonce         for diversification, empty for forward-secure keys
     * @param diversified   the server's key and IV afterwards
     */
    record Level(
        byte[] serverPrivate, byte[] clientPrivate, byte[] clientPublic, byte[] shared, byte[] salt, byte[] info,
        byte[] output, byte[] nonce, byte[] diversified)
    {
    }

    /**
     * A connection.
     *
     * @param name          of the recording, and its number there
     * @param server        whose it is
     * @param messages      in their order
     * @param initial       keys, null when it did not come so far
     * @param forwardSecure keys
     */
    record Connection(String name, Server server, List<Message> messages, Level initial, Level forwardSecure)
    {
        long cid()
        {
            return initial == null ? 0x1122_3344_5566_7788L :
                Long.reverseBytes(new UnsafeBuffer(initial.info).getLong(LABEL_LENGTH));
        }

        Message last(final int tag)
        {
            return messages.stream().filter(message -> message.tag() == tag).reduce((a, b) -> b).orElse(null);
        }

        @Override
        public String toString()
        {
            return name;
        }
    }

    static Map<String, Server> servers()
    {
        final Map<String, Server> servers = new LinkedHashMap<>();
        for (final String line : Vectors.lines("gquic/servers.txt"))
        {
            final String[] at = line.split("\\|", -1);
            servers.put(at[0], new Server(at[0], Vectors.hex(at[1]), Vectors.hex(at[2]), Vectors.hex(at[3]),
                Vectors.hex(at[4]), Vectors.hex(at[5]), Arrays.stream(at[6].split(";")).map(Vectors::hex).toList()));
        }
        return servers;
    }

    /** {@return all connections, the seed's and those of version negotiation, which end after a CHLO, among them} */
    static List<Connection> all()
    {
        final Map<String, Server> servers = servers();
        final Map<String, List<Message>> messages = new LinkedHashMap<>();
        for (final String line : Vectors.lines("gquic/messages.txt"))
        {
            final String[] at = line.split("\\|", -1);
            messages.computeIfAbsent(at[0], name -> new ArrayList<>())
                .add(new Message(at[1].equals("client"), Vectors.hex(at[2])));
        }
        final Map<String, Level> levels = new LinkedHashMap<>();
        for (final String line : Vectors.lines("gquic/keys.txt"))
        {
            final String[] at = line.split("\\|", -1);
            levels.put(at[0] + " " + at[1], new Level(Vectors.hex(at[2]), Vectors.hex(at[4]), Vectors.hex(at[5]),
                Vectors.hex(at[6]), Vectors.hex(at[7]), Vectors.hex(at[8]), Vectors.hex(at[9]), Vectors.hex(at[10]),
                Vectors.hex(at[12])));
        }
        return messages.entrySet().stream().map(entry -> new Connection(entry.getKey(),
            servers.get(entry.getKey().replaceAll("/.*", "")), entry.getValue(),
            levels.get(entry.getKey() + " secure"), levels.get(entry.getKey() + " forward_secure"))).toList();
    }

    /** {@return x and y of a P-256 key} */
    static UnsafeBuffer point(final ECPublicKey key)
    {
        final UnsafeBuffer point = new UnsafeBuffer(new byte[P256.POINT_LENGTH]);
        put(point, 0, key.getW().getAffineX());
        put(point, P256.NUMBER_LENGTH, key.getW().getAffineY());
        return point;
    }

    /** Writes a number as 32 octets. */
    static void put(final UnsafeBuffer out, final int at, final BigInteger number)
    {
        final byte[] octets = number.toByteArray();
        final int length = Math.min(P256.NUMBER_LENGTH, octets.length);
        out.putBytes(at + P256.NUMBER_LENGTH - length, octets, octets.length - length, length);
    }

    /** {@return the connections that came to their keys} */
    static List<Connection> complete()
    {
        return all().stream().filter(connection -> connection.initial != null).toList();
    }
}
