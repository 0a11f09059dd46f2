// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.linux.SocketProgram;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;

import static dev.trishake.transport.linux.SocketProgram.AND;
import static dev.trishake.transport.linux.SocketProgram.JUMP_IF_EQUAL;
import static dev.trishake.transport.linux.SocketProgram.LOAD_BYTE;
import static dev.trishake.transport.linux.SocketProgram.LOAD_HALF;
import static dev.trishake.transport.linux.SocketProgram.LOAD_WORD;
import static dev.trishake.transport.linux.SocketProgram.RETURN;

/**
 * Which frames a packet socket takes, as a program of the kernel's classic packet filter (filter.rst): what is not for
 * our addresses is not even copied. Every conditional jump is a short one over what follows it.
 */
final class PacketFilter
{
    private static final int ACCEPT = -1;
    private static final int REJECT = 0;

    private static final int TYPE_OFFSET = 12;
    private static final int IPV4_DESTINATION_OFFSET = 14 + 16;
    private static final int IPV6_NEXT_HEADER_OFFSET = 14 + 6;
    private static final int IPV6_DESTINATION_OFFSET = 14 + 24;
    private static final int ICMPV6_TYPE_OFFSET = 14 + 40;
    private static final int WORDS = 4;

    private final SocketProgram program = new SocketProgram();

    private PacketFilter()
    {
    }

    /**
     * {@return a program}
     *
     * @param own        our addresses
     * @param traffic    whether it takes packets for them
     * @param neighbours whether it takes ARP packets, neighbour solicitations and advertisements
     */
    static SocketProgram of(final AddressPrefix[] own, final boolean traffic, final boolean neighbours)
    {
        final PacketFilter filter = new PacketFilter();
        filter.emit(LOAD_HALF, 0, 0, TYPE_OFFSET);
        filter.acceptIf(EtherType.ARP, neighbours);
        filter.neighbourDiscovery(neighbours);
        for (int i = 0; traffic && i < own.length; i++)
        {
            filter.prefix(own[i]);
        }
        filter.emit(RETURN, 0, 0, REJECT);
        return filter.program;
    }

    private void acceptIf(final int value, final boolean accept)
    {
        emit(JUMP_IF_EQUAL, 0, 1, value);
        emit(RETURN, 0, 0, accept ? ACCEPT : REJECT);
    }

    private void neighbourDiscovery(final boolean accept)
    {
        emit(JUMP_IF_EQUAL, 0, 7, EtherType.IPV6);
        emit(LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER_OFFSET);
        emit(JUMP_IF_EQUAL, 0, 5, IpProtocol.ICMPV6);
        emit(LOAD_BYTE, 0, 0, ICMPV6_TYPE_OFFSET);
        acceptIf(Icmpv6Flyweight.NEIGHBOR_SOLICITATION, accept);
        acceptIf(Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT, accept);
    }

    private void prefix(final AddressPrefix prefix)
    {
        final int offset =
            prefix.isIpv4() ? IPV4_DESTINATION_OFFSET - 3 * Integer.BYTES : IPV6_DESTINATION_OFFSET;
        int words = 0;
        for (int word = prefix.isIpv4() ? 3 : 0; word < WORDS; word++)
        {
            words += prefix.maskWord(word) != 0 ? 1 : 0;
        }
        emit(LOAD_HALF, 0, 0, TYPE_OFFSET);
        emit(JUMP_IF_EQUAL, 0, 3 * words + 1, prefix.isIpv4() ? EtherType.IPV4 : EtherType.IPV6);
        for (int word = prefix.isIpv4() ? 3 : 0; word < WORDS; word++)
        {
            if (prefix.maskWord(word) != 0)
            {
                words--;
                emit(LOAD_WORD, 0, 0, offset + word * Integer.BYTES);
                emit(AND, 0, 0, prefix.maskWord(word));
                emit(JUMP_IF_EQUAL, 0, 3 * words + 1, prefix.word(word));
            }
        }
        emit(RETURN, 0, 0, ACCEPT);
    }

    private void emit(final int code, final int jumpIfTrue, final int jumpIfFalse, final int operand)
    {
        program.jump(code, jumpIfTrue, jumpIfFalse, operand);
    }
}
