// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Allocation;
import dev.trishake.support.WithoutAssertions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Field;
import java.util.SplittableRandom;

import static dev.trishake.session.SessionSlab.NULL_SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionTableTest
{
    private static final long K0 = 0x0706_0504_0302_0100L;
    private static final long K1 = 0x0f0e_0d0c_0b0a_0908L;

    private final FourTuple tuple = new FourTuple();

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 33_554_431, Integer.MAX_VALUE})
    void shouldRejectWhatIsNoTable(final int capacity)
    {
        assertThrows(IllegalArgumentException.class, () -> new SessionTable(capacity, K0, K1));
    }

    @Test
    void shouldFindWhatWasPutUntilItIsRemoved()
    {
        final SessionTable table = new SessionTable(10, K0, K1);
        assertEquals(NULL_SLOT, table.find(numbered(1)));
        assertTrue(table.put(numbered(1), 7));
        assertTrue(table.put(numbered(2), 0));
        assertEquals(2, table.size());
        assertEquals(7, table.find(numbered(1)));
        assertEquals(0, table.find(numbered(2)));
        assertEquals(NULL_SLOT, table.find(numbered(3)));

        assertTrue(table.remove(7));
        assertFalse(table.remove(7));
        assertEquals(NULL_SLOT, table.find(numbered(1)));
        assertEquals(0, table.find(numbered(2)));
        assertEquals(1, table.size());
        assertEquals(10, table.capacity());
    }

    @Test
    void shouldFindWithATagWhatItFindsWithout()
    {
        final SessionTable table = new SessionTable(11, K0, K1);
        for (int i = 0; i < 10; i++)
        {
            final int tag = table.tagOf(numbered(i));
            assertEquals(NULL_SLOT, table.find(numbered(i), tag));
            assertTrue(table.put(numbered(i), tag, i));
            assertFalse(table.put(numbered(i), tag, 10), "it is there already");
            assertEquals(i, table.find(numbered(i), tag));
            assertEquals(i, table.find(numbered(i)));
        }
        assertThrows(AssertionError.class, () -> new SessionTable(1, K0, K1).put(numbered(1), 7, 0), "a wrong tag");
    }

    @Test
    void shouldMoveATupleFromSlotToSlot()
    {
        final SessionTable table = new SessionTable(40, K0, K1);
        for (int i = 0; i < 20; i++)
        {
            assertTrue(table.put(numbered(i), i));
        }
        for (int i = 0; i < 20; i++)
        {
            table.move(numbered(i), i, 20 + i);
            for (int j = 0; j < 20; j++)
            {
                assertEquals(j <= i ? 20 + j : j, table.find(numbered(j)));
            }
            assertFalse(table.keyOf(i, tuple), "the slot has none any more");
            assertFalse(table.remove(i));
            assertTrue(table.keyOf(20 + i, tuple));
            assertEquals(20 + i, table.find(tuple));
        }
        assertEquals(20, table.size());
        assertThrows(AssertionError.class, () -> table.move(numbered(1), 1, 2), "nothing there");
        assertThrows(AssertionError.class, () -> table.move(numbered(1), 21, 22), "not free");
        assertThrows(AssertionError.class, () -> table.move(numbered(2), 21, 1), "another's tuple");
        for (int i = 0; i < 20; i++)
        {
            assertTrue(table.remove(20 + i));
            assertTrue(table.put(numbered(i), i), "its slot is as good as new");
        }
    }

    @Test
    void shouldTellEveryPartOfTheTupleApart()
    {
        final SessionTable table = new SessionTable(100, K0, K1);
        int slot = 0;
        for (int part = 0; part < 6; part++)
        {
            for (int value = 1; value <= 10; value++)
            {
                assertTrue(table.put(withPart(part, value), slot++));
            }
        }
        slot = 0;
        for (int part = 0; part < 6; part++)
        {
            for (int value = 1; value <= 10; value++)
            {
                assertEquals(slot++, table.find(withPart(part, value)));
                assertEquals(NULL_SLOT, table.find(withPart(part, value + 10)));
            }
        }
    }

    @Test
    void shouldRefuseATupleThatIsThereAlready()
    {
        final SessionTable table = new SessionTable(10, K0, K1);
        assertTrue(table.put(numbered(1), 3));
        assertFalse(table.put(numbered(1), 4));
        assertEquals(3, table.find(numbered(1)));
        assertFalse(table.keyOf(4, tuple));
        assertFalse(table.remove(4));
        assertEquals(1, table.size());
    }

    @Test
    void shouldCopyTheTuple()
    {
        final SessionTable table = new SessionTable(10, K0, K1);
        numbered(1);
        table.put(tuple, 5);
        numbered(2);
        final FourTuple out = new FourTuple();
        assertTrue(table.keyOf(5, out));
        assertEquals(numbered(1).toString(), out.toString());
        assertFalse(table.keyOf(6, out));
        assertEquals(numbered(1).toString(), out.toString());
    }

    @Test
    void shouldAssertThatASlotExistsAndHasNoTuple()
    {
        final SessionTable table = new SessionTable(10, K0, K1);
        table.put(numbered(1), 5);
        assertThrows(AssertionError.class, () -> table.put(numbered(2), 5));
        assertThrows(AssertionError.class, () -> table.put(numbered(2), 10));
        assertThrows(AssertionError.class, () -> table.remove(NULL_SLOT));
    }

    @Test
    void shouldHoldATupleForEverySlot()
    {
        for (int capacity = 1; capacity <= 70; capacity++)
        {
            final SessionTable table = new SessionTable(capacity, K0, K1);
            for (int slot = 0; slot < capacity; slot++)
            {
                assertTrue(table.put(numbered(slot), slot));
            }
            assertEquals(capacity, table.size());
            for (int slot = 0; slot < capacity; slot++)
            {
                assertEquals(slot, table.find(numbered(slot)));
            }
            assertEquals(NULL_SLOT, table.find(numbered(capacity)));
        }
    }

    @Test
    void shouldWipeEveryByteWithTheLastTuple() throws Exception
    {
        final SessionTable table = new SessionTable(64, K0, K1);
        fill(table);
        assertNotEquals(0, bytesSet(table));
        for (int slot = 0; slot < 64; slot++)
        {
            table.remove(slot);
        }
        assertEquals(0, bytesSet(table));

        fill(table);
        table.clear();
        assertEquals(0, table.size());
        assertEquals(0, bytesSet(table));
        fill(table);
    }

    @Test
    void shouldWipeTheRecordOfARemovedTupleAndNoOther() throws Exception
    {
        final SessionTable table = new SessionTable(64, K0, K1);
        fill(table);
        final UnsafeBuffer records = memory(table, "records");
        final byte[] before = new byte[records.capacity()];
        records.getBytes(0, before);
        table.remove(17);
        for (int i = 0; i < before.length; i++)
        {
            assertEquals(i / 64 == 17 ? 0 : before[i], records.getByte(i), "byte " + i);
        }
    }

    @Test
    void shouldAllocateNothingAtCapacityUnderAFlood()
    {
        final int capacity = 10_000;
        final SessionTable table = new SessionTable(capacity, K0, K1);
        fill(table);
        final FourTuple out = new FourTuple();
        final SplittableRandom random = new SplittableRandom(1);
        Allocation.assertNone(5 * capacity, () ->
        {
            int work = 0;
            for (int i = 0; i < capacity; i++)
            {
                final int slot = random.nextInt(capacity);
                work += table.find(numbered(capacity + i)) == NULL_SLOT ? 1 : 0;
                work += table.keyOf(slot, out) && table.find(out) == slot ? 1 : 0;
                work += table.remove(slot) ? 1 : 0;
                work += table.put(out, slot) ? 1 : 0;
                work += table.size() == capacity ? 1 : 0;
            }
            return work;
        });
    }

    private void fill(final SessionTable table)
    {
        for (int slot = 0; slot < table.capacity(); slot++)
        {
            assertTrue(table.put(numbered(slot), slot));
        }
    }

    private static int bytesSet(final SessionTable table) throws Exception
    {
        int count = 0;
        for (final String name : new String[] {"index", "records"})
        {
            final UnsafeBuffer memory = memory(table, name);
            for (int i = 0; i < memory.capacity(); i++)
            {
                count += memory.getByte(i) == 0 ? 0 : 1;
            }
        }
        return count;
    }

    private static UnsafeBuffer memory(final SessionTable table, final String name) throws Exception
    {
        final Field field = SessionTable.class.getDeclaredField(name);
        field.setAccessible(true);
        return (UnsafeBuffer)field.get(table);
    }

    private FourTuple withPart(final int part, final int value)
    {
        return tuple
            .local(part == 0 ? value : 0, part == 1 ? value : 0, part == 2 ? value : 0)
            .remote(part == 3 ? value : 0, part == 4 ? value : 0, part == 5 ? value : 0);
    }

    private FourTuple numbered(final int number)
    {
        return tuple.localIpv4(0xc000_0201, 443).remoteIpv4(0x0a00_0000 + number, 1024 + (number & 0xfff));
    }

    @Test
    void shouldRefuseASecondTupleForASlot() throws Exception
    {
        final SessionTable table = new SessionTable(2, 1, 2);
        assertTrue(table.put(new FourTuple().localIpv4(1, 1).remoteIpv4(2, 2), 0));
        assertThrows(AssertionError.class, () -> table.put(new FourTuple().localIpv4(1, 1).remoteIpv4(2, 3), 0));
        WithoutAssertions.run(SecondTuple.class);
    }

    public static final class SecondTuple implements Runnable
    {
        @Override
        public void run()
        {
            final SessionTable table = new SessionTable(2, 1, 2);
            final FourTuple tuple = new FourTuple().localIpv4(1, 1);
            assertTrue(table.put(tuple.remoteIpv4(2, 0), 0));
            for (int port = 1; port < 10; port++)
            {
                assertFalse(table.put(tuple.remoteIpv4(2, port), 0));
                assertEquals(SessionSlab.NULL_SLOT, table.find(tuple));
            }
            assertEquals(0, table.find(tuple.remoteIpv4(2, 0)));
            assertEquals(1, table.size());
        }
    }
}
