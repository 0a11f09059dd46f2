// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What ioctls about an interface take and give, {@code struct ifreq} of netdevice(7):
 *
 * <pre>
 *  0                16
 * +----------------+--------------------------------------------------+
 * | name, ends in 0| flags: short | index, MTU: int | sockaddr | ...   |
 * +----------------+--------------------------------------------------+
 *                                                                     40
 * </pre>
 */
final class InterfaceRequest
{
    static final int VALUE_OFFSET = 16;

    private static final int LENGTH = 40;
    private static final int MAX_NAME_LENGTH = 15;

    private InterfaceRequest()
    {
    }

    static MemorySegment of(final Arena arena, final String name)
    {
        final MemorySegment request = arena.allocate(LENGTH, Long.BYTES);
        request.setString(0, name, StandardCharsets.US_ASCII);
        return request;
    }

    static void flags(final MemorySegment request, final int flags)
    {
        request.set(ValueLayout.JAVA_SHORT, VALUE_OFFSET, (short)flags);
    }

    static int flags(final MemorySegment request)
    {
        return Short.toUnsignedInt(request.get(ValueLayout.JAVA_SHORT, VALUE_OFFSET));
    }

    /** The kernel's rule, and no {@code %}, which would ask it to choose a number. */
    static void checkName(final String name)
    {
        final boolean isLegal = !name.isEmpty() && name.length() <= MAX_NAME_LENGTH &&
            name.chars().allMatch(letter -> letter > ' ' && letter < 0x7f && letter != '/' && letter != '%') &&
            !name.equals(".") && !name.equals("..");
        if (!isLegal)
        {
            throw new DeviceException("'" + name + "' can't be an interface's name: choose 1 to " + MAX_NAME_LENGTH +
                " letters and digits, like tun0");
        }
    }
}
