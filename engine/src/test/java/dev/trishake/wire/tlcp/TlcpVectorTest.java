// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.support.Vectors;
import dev.trishake.wire.OctetWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every message of every capture is read and written again byte for byte, from the texts and from the pcap files. */
class TlcpVectorTest
{
    private static final String SEED_CLIENT_HELLO =
        "01 00002b 01 01 c3e7f11b1fdfa2630423cd40cec45018c88fa068dc360c91fce0bfa0efd5b00f 00 0004 e01300ff 01";
    private static final String SEED_SERVER_HELLO =
        "02 000046 01 01 5512503c44985e8cb9ad4caf5a89aa0cf7f07585dcc639ab67bd7b75b815510d" +
        "20 1040596d1120daeb43912a4fbcdbe133aee06ef4f1e6c3c00bf0c771faa134d9 e013";

    private final Messages messages = new Messages(Strictness.STRICT);
    private final OctetWriter out = new OctetWriter();
    private final UnsafeBuffer written = new UnsafeBuffer(new byte[1 << 16]);

    @Test
    void shouldWriteEveryRecordedMessageAsItWasRead()
    {
        assertEquals(345, Captures.messages().size());
        for (final Captures.Message message : Captures.messages())
        {
            assertWrittenAsRead(message);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.wire.tlcp.Captures#names")
    void shouldFindTheSameMessagesInThePcapFile(final String capture)
    {
        final RecordHeaderFlyweight header = new RecordHeaderFlyweight();
        final HandshakeHeaderFlyweight handshake = new HandshakeHeaderFlyweight();
        final List<String> found = new ArrayList<>();
        int connection = -1;
        for (final byte[] stream : Captures.streams(capture))
        {
            connection++;
            final UnsafeBuffer buffer = new UnsafeBuffer(stream);
            boolean isProtected = false;
            int at = 0;
            while (header.wrap(buffer, at, stream.length - at))
            {
                assertEquals(Alert.NONE, header.fault(isProtected));
                assertEquals(header.fragmentOffset(), RecordHeaderEncoder.encode(
                    written, at, header.type(), header.fragmentLength()));
                assertEquals(
                    hex(buffer, at, RecordHeaderFlyweight.LENGTH), hex(written, at, RecordHeaderFlyweight.LENGTH));
                final int fragment = header.fragmentOffset();
                if (header.type() == ContentType.CHANGE_CIPHER_SPEC)
                {
                    assertTrue(ChangeCipherSpec.isValid(buffer, fragment, header.fragmentLength()));
                    isProtected = true;
                }
                else if (!isProtected)
                {
                    assertEquals(ContentType.HANDSHAKE, header.type());
                    assertTrue(handshake.wrap(buffer, fragment, header.fragmentLength()));
                    assertEquals(Alert.NONE, handshake.fault(MessageLimits.DEFAULT));
                    assertEquals(header.fragmentLength(), handshake.messageLength(), "one message per record");
                    found.add(connection + hex(buffer, fragment, handshake.messageLength()));
                }
                at = fragment + header.fragmentLength();
            }
            assertEquals(stream.length, at, "all of the stream is records");
        }
        final List<String> expected = Captures.messages().stream()
            .filter(message -> message.capture().equals(capture) && !message.isSealed())
            .map(message -> 2 * message.connection() + (message.fromClient() ? 0 : 1) + Vectors.hex(message.bytes()))
            .toList();
        assertEquals(expected.stream().sorted().toList(), found.stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {SEED_CLIENT_HELLO, SEED_SERVER_HELLO})
    void shouldRefuseTheSeedsHelloAsPrintedAndTakeItWithItsCompression(final String printed)
    {
        final byte[] bytes = Vectors.hex(printed);
        final UnsafeBuffer exact = new UnsafeBuffer(bytes);
        final HandshakeHeaderFlyweight header = new HandshakeHeaderFlyweight();
        assertTrue(header.wrap(exact, 0, bytes.length));
        assertEquals(bytes.length + 1, header.messageLength(), "one byte is missing in print");
        // the buffer ends where the print does: a read past it would throw
        assertFalse(messages.wrap(header.type(), false, exact, header.bodyOffset(), bytes.length - 4));

        final byte[] whole = Arrays.copyOf(bytes, bytes.length + 1);
        assertWrittenAsRead(new Captures.Message(
            "seed", 0, CipherSuite.ECC_SM4_CBC_SM3, bytes[0] == 1, Vectors.hex(whole)));
    }

    @Test
    void shouldReadTheSeedsFields()
    {
        final byte[] client = Vectors.hex(SEED_CLIENT_HELLO + "00");
        final ClientHelloDecoder hello = new ClientHelloDecoder();
        assertTrue(hello.wrap(new UnsafeBuffer(client), 4, client.length - 4));
        assertEquals(Tlcp.VERSION, hello.version());
        assertEquals(6, hello.randomOffset());
        assertEquals(0, hello.sessionIdLength());
        assertEquals(2, hello.suiteCount());
        assertEquals(CipherSuite.ECC_SM4_CBC_SM3, hello.suite(0));
        assertEquals(CipherSuite.EMPTY_RENEGOTIATION_INFO_SCSV, hello.suite(1));
        assertTrue(hello.offersNullCompression());
        assertTrue(hello.offers(CipherSuite.ECC_SM4_CBC_SM3));
        assertFalse(hello.offers(CipherSuite.ECC_SM4_GCM_SM3));

        final byte[] server = Vectors.hex(SEED_SERVER_HELLO + "00");
        final ServerHelloDecoder answer = new ServerHelloDecoder();
        assertTrue(answer.wrap(new UnsafeBuffer(server), 4, server.length - 4));
        assertEquals(32, answer.sessionIdLength());
        assertEquals(0x10, server[answer.sessionIdOffset()]);
        assertEquals(CipherSuite.ECC_SM4_CBC_SM3, answer.suite());
        assertEquals(Tlcp.NULL_COMPRESSION, answer.compression());

        // the seed's other messages, as far as it prints them
        final HandshakeHeaderFlyweight header = new HandshakeHeaderFlyweight();
        final UnsafeBuffer finished = new UnsafeBuffer(Vectors.hex("14 00000c a18a9d41d66247cecbcfd29c"));
        assertTrue(header.wrap(finished, 0, finished.capacity()));
        assertEquals(HandshakeType.FINISHED, header.type());
        assertEquals(Tlcp.VERIFY_DATA_LENGTH, header.bodyLength());
        final UnsafeBuffer done = new UnsafeBuffer(Vectors.hex("0e 000000"));
        assertTrue(header.wrap(done, 0, done.capacity()));
        assertEquals(HandshakeType.SERVER_HELLO_DONE, header.type());
        assertEquals(Alert.NONE, header.fault(MessageLimits.DEFAULT));
    }

    @Test
    void shouldReadWhatIsKnownOfSomeCaptures()
    {
        final CertificateDecoder certificates = new CertificateDecoder();
        final ClientKeyExchangeDecoder exchange = new ClientKeyExchangeDecoder(Strictness.STRICT);
        final ClientHelloDecoder hello = new ClientHelloDecoder();
        int vectorForms = 0;
        int names = 0;
        for (final Captures.Message message : Captures.messages())
        {
            final byte[] body = message.body();
            final UnsafeBuffer buffer = new UnsafeBuffer(body);
            if (message.type() == HandshakeType.CERTIFICATE && !message.fromClient())
            {
                assertTrue(certificates.wrap(buffer, 0, body.length));
                assertEquals(528, certificates.length(CertificateDecoder.SIGNING));
                assertEquals(529, certificates.length(CertificateDecoder.ENCRYPTION));
                assertEquals(480, certificates.length(2));
            }
            else if (message.type() == HandshakeType.CLIENT_KEY_EXCHANGE && CipherSuite.isEcdhe(message.suite()))
            {
                assertTrue(exchange.wrapEcdhe(buffer, 0, body.length));
                assertEquals(message.capture().contains("71byte"), exchange.isVectorForm());
                vectorForms += exchange.isVectorForm() ? 1 : 0;
            }
            else if (message.type() == HandshakeType.CLIENT_HELLO)
            {
                assertTrue(hello.wrap(buffer, 0, body.length));
                if (hello.extensions().hostNameLength() > 0)
                {
                    names++;
                    assertEquals("localhost", buffer.getStringWithoutLengthAscii(
                        hello.extensions().hostNameOffset(), hello.extensions().hostNameLength()));
                    assertTrue(hello.extensions().lists(ExtensionType.SUPPORTED_GROUPS, Tlcp.CURVE_SM2));
                    assertTrue(hello.extensions().lists(ExtensionType.SIGNATURE_ALGORITHMS, 0x0704));
                    assertFalse(hello.extensions().lists(ExtensionType.SIGNATURE_ALGORITHMS, 0x0708));
                }
            }
        }
        assertEquals(2, vectorForms);
        assertEquals(4, names);
    }

    private void assertWrittenAsRead(final Captures.Message message)
    {
        final byte[] bytes = message.bytes();
        final boolean ecdhe = CipherSuite.isEcdhe(message.suite());
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        assertTrue(messages.wrap(message.type(), ecdhe, buffer, 4, bytes.length - 4), message::toString);
        out.wrap(written, 0, bytes.length);
        assertTrue(messages.write(message.type(), ecdhe, buffer, 4, out), message::toString);
        final byte[] again = new byte[out.length()];
        written.getBytes(0, again);
        assertArrayEquals(bytes, again, message::toString);
    }

    private static String hex(final UnsafeBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return Vectors.hex(bytes);
    }
}
