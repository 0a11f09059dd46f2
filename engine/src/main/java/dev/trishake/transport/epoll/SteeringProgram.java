// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.DatagramSteering;
import dev.trishake.transport.linux.SocketProgram;

import static dev.trishake.transport.linux.SocketProgram.JUMP_IF_SET;
import static dev.trishake.transport.linux.SocketProgram.LOAD_BYTE;
import static dev.trishake.transport.linux.SocketProgram.LOAD_WORD;
import static dev.trishake.transport.linux.SocketProgram.MODULO;
import static dev.trishake.transport.linux.SocketProgram.MULTIPLY;
import static dev.trishake.transport.linux.SocketProgram.RETURN_A;
import static dev.trishake.transport.linux.SocketProgram.SHIFT_RIGHT;
import static dev.trishake.transport.linux.SocketProgram.TO_X;
import static dev.trishake.transport.linux.SocketProgram.XOR_X;

/**
 * {@link DatagramSteering} as the kernel does it, for SO_ATTACH_REUSEPORT_CBPF: the answer is the place of a socket
 * among those that share the port, in the order in which they were bound. Offset 0 is the first octet behind the UDP
 * header. A datagram that is too short ends the program, and the kernel takes the first socket.
 */
final class SteeringProgram
{
    private static final int FIRST_BIT = 0x80;
    private static final int INSTRUCTIONS_OF_A_NAME = 9;
    private static final int HASH_SHIFT = 16;

    private SteeringProgram()
    {
    }

    static SocketProgram of(final DatagramSteering steering)
    {
        final SocketProgram program = new SocketProgram();
        program.add(LOAD_BYTE, 0);
        program.jump(JUMP_IF_SET, INSTRUCTIONS_OF_A_NAME, 0, FIRST_BIT);
        hash(program, steering.shortOffset(), steering);
        hash(program, steering.longOffset(), steering);
        return program;
    }

    private static void hash(final SocketProgram program, final int name, final DatagramSteering steering)
    {
        program.add(LOAD_WORD, name).add(MULTIPLY, steering.multiplier0()).add(TO_X, 0)
            .add(LOAD_WORD, name + Integer.BYTES).add(MULTIPLY, steering.multiplier1()).add(XOR_X, 0)
            .add(SHIFT_RIGHT, HASH_SHIFT).add(MODULO, steering.shares()).add(RETURN_A, 0);
    }
}
