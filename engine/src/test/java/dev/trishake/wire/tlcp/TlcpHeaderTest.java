// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlcpHeaderTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);
    private final RecordHeaderFlyweight record = new RecordHeaderFlyweight();
    private final HandshakeHeaderFlyweight handshake = new HandshakeHeaderFlyweight();

    @Test
    void shouldFindOneFaultInEveryRecordHeaderThatIsNotRight()
    {
        final int[] lengths = {0, 1, 16_383, 16_384, 16_385, 18_432, 18_433, 65_535};
        for (int type = 0; type < 256; type++)
        {
            for (final int version : new int[] {0x0101, 0x0100, 0x0102, 0x0301, 0x0303, 0x0000})
            {
                for (final int length : lengths)
                {
                    buffer.putByte(0, (byte)type);
                    buffer.putByte(1, (byte)(version >> 8));
                    buffer.putByte(2, (byte)version);
                    buffer.putByte(3, (byte)(length >> 8));
                    buffer.putByte(4, (byte)length);
                    assertTrue(record.wrap(buffer, 0, 5));
                    assertEquals(type, record.type());
                    assertEquals(version, record.version());
                    assertEquals(length, record.fragmentLength());
                    for (final boolean isProtected : new boolean[] {false, true})
                    {
                        final int most = isProtected ? 18_432 : 16_384;
                        final int expected = version != 0x0101 ? 70 :
                            type < 20 || type > 23 ? 10 :
                            length > most ? 22 :
                            length == 0 && !isProtected ? 10 : -1;
                        assertEquals(expected, record.fault(isProtected));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldWaitForAWholeHeader(final int available)
    {
        final UnsafeBuffer exact = new UnsafeBuffer(new byte[available]);
        assertFalse(record.wrap(exact, 0, available));
        assertEquals(available == 4, handshake.wrap(exact, 0, available));
    }

    /** The limits that the seed prints, and those of the messages that it does not print. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT_HELLO, 131396", "SERVER_HELLO, 20000", "CERTIFICATE, 102400", "SERVER_KEY_EXCHANGE, 102400",
        "SERVER_HELLO_DONE, 0", "CLIENT_KEY_EXCHANGE, 2048", "FINISHED, 64", "HELLO_REQUEST, 0",
        "CERTIFICATE_REQUEST, 102400", "CERTIFICATE_VERIFY, 16384", "NEW_SESSION_TICKET, 16384",
        "CERTIFICATE_STATUS, 102400"})
    void shouldRefuseMessagesThatAreTooLong(final String name, final int limit) throws ReflectiveOperationException
    {
        final int type = HandshakeType.class.getField(name).getInt(null);
        final MessageLimits lower = MessageLimits.DEFAULT.within(4096);
        for (final int length : new int[] {0, 1, limit - 1, limit, limit + 1, 0xff_ffff})
        {
            if (length >= 0)
            {
                putHandshakeHeader(type, length);
                assertEquals(type, handshake.type());
                assertEquals(length, handshake.bodyLength());
                assertEquals(4 + length, handshake.messageLength());
                assertEquals(length <= limit ? Alert.NONE : 47, handshake.fault(MessageLimits.DEFAULT));
                assertEquals(length <= Math.min(limit, 4092) ? Alert.NONE : 47, handshake.fault(lower));
            }
        }
    }

    @Test
    void shouldExpectNoOtherMessages()
    {
        int known = 0;
        for (int type = 0; type < 256; type++)
        {
            putHandshakeHeader(type, 0);
            final boolean isKnown = !"Unknown".equals(HandshakeType.name(type));
            assertEquals(isKnown ? Alert.NONE : 10, handshake.fault(MessageLimits.DEFAULT));
            known += isKnown ? 1 : 0;
        }
        assertEquals(12, known);
    }

    @Test
    void shouldReadAndWriteAlerts()
    {
        for (int code = 0; code < 0x10000; code++)
        {
            assertEquals(2, Alert.encode(buffer, 3, code >> 8, code & 0xff));
            final boolean valid = Alert.isValid(buffer, 3, 2);
            assertEquals(code >> 8 == 1 || code >> 8 == 2, valid);
            assertEquals(code >> 8, Alert.level(buffer, 3));
            assertEquals(code & 0xff, Alert.description(buffer, 3));
            assertFalse(Alert.isValid(buffer, 3, 1));
            assertFalse(Alert.isValid(buffer, 3, 3));
        }
        assertEquals(Alert.WARNING, Alert.levelOf(Alert.CLOSE_NOTIFY));
        assertEquals(Alert.WARNING, Alert.levelOf(Alert.NO_RENEGOTIATION));
        assertEquals(Alert.FATAL, Alert.levelOf(Alert.BAD_RECORD_MAC));
    }

    @Test
    void shouldReadAndWriteChangeCipherSpec()
    {
        for (int value = 0; value < 256; value++)
        {
            buffer.putByte(1, (byte)value);
            assertEquals(value == 1, ChangeCipherSpec.isValid(buffer, 1, 1));
            assertFalse(ChangeCipherSpec.isValid(buffer, 1, 2));
            assertFalse(ChangeCipherSpec.isValid(buffer, 1, 0));
        }
        assertEquals(1, ChangeCipherSpec.encode(buffer, 1));
        assertTrue(ChangeCipherSpec.isValid(buffer, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(classes = {
        Alert.class, CipherSuite.class, ContentType.class, ExtensionType.class, HandshakeType.class,
        CertificateType.class})
    void shouldNameEveryNumberAsTheStandardDoes(final Class<?> numbers) throws ReflectiveOperationException
    {
        final Set<Integer> values = new HashSet<>();
        for (final Field field : numbers.getFields())
        {
            final int value = field.getInt(null);
            final boolean isCode = numbers != Alert.class ||
                !Set.of("NONE", "LENGTH", "WARNING", "FATAL").contains(field.getName());
            if (isCode)
            {
                assertTrue(values.add(value), () -> "twice: " + field.getName());
                final String name = (String)numbers.getMethod("name", int.class).invoke(null, value);
                assertEquals(
                    field.getName().replace("_", "").toLowerCase(Locale.ROOT),
                    name.replace("_", "").toLowerCase(Locale.ROOT));
            }
        }
        assertNotEquals(0, values.size());
        assertEquals("unknown", ((String)numbers.getMethod("name", int.class).invoke(null, 0xfffe))
            .toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource({
        "0xe011, ECDHE_SM4_CBC_SM3, true, false, false", "0xe051, ECDHE_SM4_GCM_SM3, true, false, true",
        "0xe013, ECC_SM4_CBC_SM3, false, true, false", "0xe053, ECC_SM4_GCM_SM3, false, true, true",
        "0xe019, RSA_SM4_CBC_SM3, false, false, false", "0x00ff, EMPTY_RENEGOTIATION_INFO_SCSV, false, false, false"})
    void shouldKnowWhatASuiteMeans(
        final int suite, final String name, final boolean ecdhe, final boolean ecc, final boolean gcm)
    {
        assertEquals(name, CipherSuite.name(suite));
        assertEquals(ecdhe, CipherSuite.isEcdhe(suite));
        assertEquals(ecc, CipherSuite.isEcc(suite));
        assertEquals(gcm, CipherSuite.isGcm(suite));
        assertEquals(ecc || ecdhe, CipherSuite.isImplemented(suite));
    }

    private void putHandshakeHeader(final int type, final int length)
    {
        buffer.putByte(0, (byte)type);
        buffer.putByte(1, (byte)(length >> 16));
        buffer.putByte(2, (byte)(length >> 8));
        buffer.putByte(3, (byte)length);
        assertTrue(handshake.wrap(buffer, 0, 4));
    }
}
