// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every message of every flight is changed on its way: nobody throws, nobody establishes what the other did not mean,
 * the other side learns of it by one alert, and nothing is left behind.
 */
class TlcpHostileTest
{
    private static final int GCM = CipherSuite.ECC_SM4_GCM_SM3;
    private static final int NOTHING = -1;

    /** Everything in it: client authentication, so that each side sends all its messages. */
    private final TlcpPair pair = pair(CipherSuite.ECDHE_SM4_CBC_SM3);
    private int flights;

    private static TlcpPair pair(final int suite)
    {
        return new TlcpPair(
            TlcpPair.clientConfig(suite).credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(suite).clientAuthentication(ClientAuthentication.NEED), Kernels.scalar());
    }

    @AfterEach
    void shouldLeaveNothingBehind()
    {
        assertEquals(0, pair.client.core.active());
        assertEquals(0, pair.server.core.active());
        assertEquals(0, pair.client.core.memory().transcripts.active());
        assertEquals(0, pair.server.core.memory().transcripts.active());
    }

    /** Runs a handshake in which one flight of one side is changed; answers the alert that was raised, or NOTHING. */
    private int run(final boolean byClient, final int flight, final Consumer<List<byte[]>> change)
    {
        final TlcpPair.Side sender = byClient ? pair.client : pair.server;
        flights = 0;
        sender.tamper = bytes ->
        {
            if (flights++ != flight)
            {
                return bytes;
            }
            final List<byte[]> records = RecordList.split(bytes);
            change.accept(records);
            return RecordList.join(records);
        };
        final int slot = pair.open();
        pair.run();
        final boolean isClientDone = pair.client.isEstablished(slot);
        final boolean isServerDone = pair.server.isEstablished(slot);
        final int ofClient = pair.client.outcome[slot];
        final int ofServer = pair.server.outcome[slot];
        pair.close(slot);
        sender.tamper = null;
        if (isClientDone && isServerDone && Outcome.category(ofClient) != Outcome.PEER &&
            Outcome.category(ofServer) != Outcome.PEER)
        {
            return NOTHING;
        }
        return raised(ofClient, ofServer);
    }

    private static int raised(final int ofClient, final int ofServer)
    {
        final boolean byServer = Outcome.category(ofServer) == Outcome.PEER &&
            (Outcome.code(ofServer) & TlcpCore.RECEIVED) == 0;
        final int raiser = byServer ? ofServer : ofClient;
        final int other = byServer ? ofClient : ofServer;
        if (Outcome.category(raiser) != Outcome.PEER)
        {
            return NOTHING; // somebody waits for what was dropped: a deadline's matter
        }
        final int alert = Outcome.code(raiser);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | alert), other, "the other side learns of " + Alert.name(alert));
        return alert;
    }

    private int recordsOf(final boolean byClient, final int flight)
    {
        final int[] count = new int[1];
        run(byClient, flight, records -> count[0] = records.size());
        return count[0];
    }

    private interface Place
    {
        void check(boolean byClient, int flight, int index);
    }

    private void forEachRecord(final Place place)
    {
        int places = 0;
        for (final boolean byClient : new boolean[] {true, false})
        {
            for (int flight = 0; flight < 2; flight++)
            {
                final int count = recordsOf(byClient, flight);
                for (int index = 0; index < count; index++)
                {
                    place.check(byClient, flight, index);
                    places++;
                }
            }
        }
        assertEquals(1 + 5 + 5 + 2, places, "client's and server's first and second flights");
    }

    @Test
    void shouldEstablishWhatNobodyChanges()
    {
        assertEquals(NOTHING, run(true, 0, records -> {}));
        final int slot = pair.open();
        pair.run();
        assertTrue(pair.server.isEstablished(slot));
        pair.close(slot);
    }

    @Test
    void shouldRefuseMessagesThatAreCutOffOrTooLong()
    {
        forEachRecord((byClient, flight, index) ->
        {
            final byte[][] original = new byte[1][];
            run(byClient, flight, records -> original[0] = records.get(index));
            if (!RecordList.isMessage(original[0]) || isSealed(byClient, flight, index))
            {
                return;
            }
            final int length = RecordList.bodyLength(original[0]);
                for (int cut = 0; cut < length; cut += length > 200 && cut > 48 ? 61 : 1)
            {
                final int to = cut;
                final int alert = run(byClient, flight,
                    records -> records.set(index, RecordList.resize(original[0], to)));
                assertRefused(alert, "cut to " + to + " at " + index + " of " + flight);
            }
            assertRefused(run(byClient, flight,
                records -> records.set(index, RecordList.resize(original[0], length + 1))), "one octet more");
        });
    }

    private static boolean isSealed(final boolean byClient, final int flight, final int index)
    {
        return flight == 1 && index == (byClient ? 4 : 1);
    }

    /** {@return whether a ChangeCipherSpec stands before the place, so that all there must open} */
    private static boolean isProtected(final boolean byClient, final int flight, final int index)
    {
        return flight == 1 && index >= (byClient ? 4 : 1);
    }

    private static void assertRefused(final int alert, final String what)
    {
        assertTrue(alert == Alert.DECODE_ERROR || alert == Alert.ILLEGAL_PARAMETER || alert == Alert.DECRYPT_ERROR ||
            alert == Alert.PROTOCOL_VERSION || alert == Alert.HANDSHAKE_FAILURE || alert == Alert.BAD_RECORD_MAC,
            () -> what + ": " + alert);
    }

    @Test
    void shouldRefuseMessagesThatAreMissingOrTwice()
    {
        forEachRecord((byClient, flight, index) ->
        {
            final int dropped = run(byClient, flight, records -> records.remove(index));
            assertTrue(dropped == NOTHING || dropped == Alert.UNEXPECTED_MESSAGE || dropped == Alert.BAD_RECORD_MAC ||
                dropped == Alert.HANDSHAKE_FAILURE, () -> "dropped " + index + " of " + flight + ": " + dropped);
            final int twice = run(byClient, flight, records -> records.add(index, records.get(index)));
            assertTrue(twice == Alert.UNEXPECTED_MESSAGE || (isProtected(byClient, flight, index + 1) &&
                twice == Alert.BAD_RECORD_MAC), () -> "twice " + index + " of " + flight + ": " + twice);
        });
    }

    @Test
    void shouldRefuseMessagesInAnotherOrder()
    {
        forEachRecord((byClient, flight, index) ->
        {
            if (index > 0)
            {
                final int alert = run(byClient, flight, records -> records.add(index - 1, records.remove(index)));
                assertTrue(alert == Alert.UNEXPECTED_MESSAGE || alert == Alert.BAD_RECORD_MAC ||
                    alert == Alert.HANDSHAKE_FAILURE, // ECDHE without a CertificateRequest
                    () -> "swapped " + index + " of " + flight + ": " + alert);
            }
        });
    }

    @Test
    void shouldRefuseWhatHasNoPlaceBetweenMessages()
    {
        forEachRecord((byClient, flight, index) ->
        {
            if (isProtected(byClient, flight, index))
            {
                return;
            }
            assertEquals(Alert.UNEXPECTED_MESSAGE, run(byClient, flight, records -> records.add(
                index, RecordList.record(ContentType.APPLICATION_DATA, 1))), "application data");
            assertEquals(Alert.UNEXPECTED_MESSAGE, run(byClient, flight, records -> records.add(
                index, RecordList.record(ContentType.HANDSHAKE))), "an empty fragment");
            assertEquals(Alert.UNEXPECTED_MESSAGE, run(byClient, flight, records -> records.add(
                index, RecordList.record(ContentType.SITE2SITE, 1))), "a type that is none");
            assertEquals(Alert.PROTOCOL_VERSION, run(byClient, flight, records ->
            {
                final byte[] record = records.get(index).clone();
                record[1] = 3;
                records.set(index, record);
            }), "TLS");
            final int spec = run(byClient, flight, records -> records.add(
                index, RecordList.record(ContentType.CHANGE_CIPHER_SPEC, 1)));
            // at its own place it is right, and the second one does not open
            assertEquals(isProtected(byClient, flight, index + 1) ? Alert.BAD_RECORD_MAC : Alert.UNEXPECTED_MESSAGE,
                spec, "an early ChangeCipherSpec at " + index + " of " + flight);
        });
    }

    @Test
    void shouldRefuseMessagesLongerThanTheirLimitsAtOnce()
    {
        forEachRecord((byClient, flight, index) ->
        {
            final int[] limit = new int[1];
            final int alert = run(byClient, flight, records ->
            {
                final byte[] record = records.get(index).clone();
                limit[0] = RecordList.isMessage(record) && !isSealed(byClient, flight, index) ? 1 : 0;
                if (limit[0] == 1)
                {
                    record[6] = (byte)0x7f; // length: 8 million; its body never comes
                    records.set(index, record);
                }
            });
            assertEquals(limit[0] == 1 ? Alert.ILLEGAL_PARAMETER : NOTHING, alert);
        });
    }

    /** RFC 5246 7.4.1.1: a client ignores it, and it is no part of what Finished covers; but not for ever. */
    @Test
    void shouldIgnoreHelloRequestsInAHandshake()
    {
        final byte[] request = RecordList.record(ContentType.HANDSHAKE, 0, 0, 0, 0);
        for (int flight = 0; flight < 2; flight++)
        {
            for (int index = 0; index < (flight == 0 ? 5 : 1); index++)
            {
                final int at = index;
                assertEquals(NOTHING, run(false, flight, records -> records.add(at, request)), "at " + index);
                assertEquals(Alert.UNEXPECTED_MESSAGE, run(false, flight,
                    records -> records.addAll(at, Collections.nCopies(17, request))), "17 at " + index);
            }
        }
    }

    /** Whose turn it is not says nothing, not even the beginning of a message in the same record. */
    @Test
    void shouldRefuseWhatFollowsTheEndOfAFlight()
    {
        forEachRecord((byClient, flight, index) ->
        {
            final int alert = run(byClient, flight, records ->
            {
                final byte[] record = records.get(index);
                final boolean isEnd = record[5] == HandshakeType.CLIENT_HELLO ||
                    record[5] == HandshakeType.SERVER_HELLO_DONE;
                if (flight == 0 && isEnd)
                {
                    final byte[] longer = Arrays.copyOf(record, record.length + 1);
                    longer[4]++;
                    longer[record.length] = HandshakeType.CLIENT_KEY_EXCHANGE;
                    records.set(index, longer);
                }
            });
            assertEquals(flight == 0 && (byClient || index == 4) ? Alert.UNEXPECTED_MESSAGE : NOTHING, alert);
        });
    }

    @Test
    void shouldTakeMessagesInAnyFragments()
    {
        forEachRecord((byClient, flight, index) ->
        {
            final int alert = run(byClient, flight, records ->
            {
                final byte[] record = records.get(index);
                if (RecordList.isMessage(record) && !isSealed(byClient, flight, index))
                {
                    records.remove(index);
                    int at = index;
                    for (int i = 5; i < record.length; i++)
                    {
                        records.add(at++, RecordList.record(ContentType.HANDSHAKE, record[i]));
                    }
                }
            });
            assertEquals(NOTHING, alert);
        });
    }

    @Test
    void shouldTakeMessagesTogetherInOneRecord()
    {
        final int alert = run(false, 0, records ->
        {
            final List<Integer> all = new ArrayList<>();
            for (final byte[] record : records)
            {
                for (int i = 5; i < record.length; i++)
                {
                    all.add((int)record[i]);
                }
            }
            records.clear();
            records.add(RecordList.record(ContentType.HANDSHAKE, all.stream().mapToInt(Integer::intValue).toArray()));
        });
        assertEquals(NOTHING, alert);
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldRefuseProtectedRecordsOfWhichOneBitIsWrong(final int suite)
    {
        final TlcpPair own = TlcpHandshakeTest.pair(TlcpPair.clientConfig(suite), TlcpPair.serverConfig(suite));
        final byte[] text = new byte[21];
        for (int bit = 0; bit < 8 * 60; bit += 7)
        {
            final int wrong = bit;
            final int slot = own.open();
            TlcpHandshakeTest.establish(own, slot);
            own.client.tamper = bytes ->
            {
                bytes[5 + (wrong / 8) % (bytes.length - 5)] ^= (byte)(1 << (wrong % 8));
                return bytes;
            };
            own.client.send(slot, text);
            own.run();
            own.client.tamper = null;
            assertEquals(Outcome.peer(Alert.BAD_RECORD_MAC), own.server.outcome[slot], "bit " + wrong);
            assertEquals(Outcome.peer(TlcpCore.RECEIVED | Alert.BAD_RECORD_MAC), own.client.outcome[slot]);
            assertEquals(0, own.server.receivedLength[slot]);
            own.close(slot);
        }
    }

    @Test
    void shouldSayNothingOfAWrongPreMasterSecret()
    {
        final TlcpPair own = TlcpHandshakeTest.pair(TlcpPair.clientConfig(GCM), TlcpPair.serverConfig(GCM));
        for (final int at : new int[] {14, 50, 90, 120, 150})
        {
            final int slot = own.open();
            own.client.tamper = bytes ->
            {
                if (bytes[5] == 16) // ClientKeyExchange
                {
                    bytes[at] ^= 1;
                }
                return bytes;
            };
            own.run();
            own.client.tamper = null;
            assertEquals(Outcome.peer(Alert.BAD_RECORD_MAC), own.server.outcome[slot], "octet " + at);
            own.close(slot);
        }
    }

    @Test
    void shouldSurviveWhateverIsChanged()
    {
        Seeded.forEach(Scale.pick(600, 50_000), random ->
        {
            final boolean byClient = random.nextBoolean();
            final int flight = random.nextInt(2);
            final boolean[] changed = new boolean[1];
            final int alert = run(byClient, flight, records -> changed[0] = damage(records, random));
            if (changed[0])
            {
                assertNotEquals(Alert.INTERNAL_ERROR, alert);
            }
        });
    }

    private static boolean damage(final List<byte[]> records, final SplittableRandom random)
    {
        final int index = random.nextInt(records.size());
        final byte[] damaged = records.get(index).clone();
        Seeded.mutate(random, damaged, 1 + random.nextInt(3));
        records.set(index, damaged);
        return true;
    }

    @Test
    void shouldSurviveRandomOctets()
    {
        Seeded.forEach(Scale.pick(500, 50_000), random ->
        {
            final int slot = pair.open();
            final byte[] noise = Seeded.bytes(random, 1 + random.nextInt(400));
            noise[0] = (byte)(20 + random.nextInt(4));
            if (random.nextInt(4) > 0 && noise.length > 5)
            {
                noise[1] = 1;
                noise[2] = 1;
                noise[3] = 0;
            }
            pair.server.take(slot, new UnsafeBuffer(noise), 0, noise.length);
            pair.run();
            assertFalse(pair.server.isEstablished(slot));
            pair.close(slot);
        });
    }

    @Test
    void shouldNotEndQuietlyWhenTheStreamDoes()
    {
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(TlcpCore.TRUNCATED),
            pair.server.core.onInputEnd(slot, pair.nowNs, pair.server.outbox), "no close_notify has come");
        assertEquals(Outcome.peer(TlcpCore.TRUNCATED),
            pair.server.core.resume(slot, pair.nowNs, pair.server.outbox), "and it stays so");
        pair.close(slot);
    }
}
