// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * A program of the kernel's classic packet filter (filter.rst), instruction by instruction, and its way to a socket.
 *
 * <pre>
 *  struct sock_filter                      struct sock_fprog
 *  0      2     3      4          8        0        8
 * +------+-----+------+----------+        +--------+---------+
 * | code | jt  |  jf  | operand  |        | length | program |
 * +------+-----+------+----------+        +--------+---------+
 * </pre>
 */
public final class SocketProgram
{
    /** A = the word at an offset, in network order. */
    public static final int LOAD_WORD = 0x20;
    /** A = two octets. */
    public static final int LOAD_HALF = 0x28;
    /** A = an octet. */
    public static final int LOAD_BYTE = 0x30;
    /** A = A and operand. */
    public static final int AND = 0x54;
    /** A = A times operand. */
    public static final int MULTIPLY = 0x24;
    /** A = A modulo operand. */
    public static final int MODULO = 0x94;
    /** A = A shifted right by operand. */
    public static final int SHIFT_RIGHT = 0x74;
    /** A = A xor X. */
    public static final int XOR_X = 0xac;
    /** X = A. */
    public static final int TO_X = 0x07;
    /** A conditional jump: A equals operand. */
    public static final int JUMP_IF_EQUAL = 0x15;
    /** A conditional jump: A and operand is not 0. */
    public static final int JUMP_IF_SET = 0x45;
    /** The end: answers operand. */
    public static final int RETURN = 0x06;
    /** The end: answers A. */
    public static final int RETURN_A = 0x16;

    private static final int INSTRUCTION_LENGTH = 8;
    private static final int MAX_INSTRUCTIONS = 4096;

    private final ByteBuffer program =
        ByteBuffer.allocate(MAX_INSTRUCTIONS * INSTRUCTION_LENGTH).order(ByteOrder.nativeOrder());

    /** An empty program. */
    public SocketProgram()
    {
    }

    /**
     * {@return this, with one more instruction}
     *
     * @param code    one of the constants
     * @param operand its
     */
    public SocketProgram add(final int code, final int operand)
    {
        return jump(code, 0, 0, operand);
    }

    /**
     * {@return this, with a conditional jump}
     *
     * @param code        one of the constants
     * @param jumpIfTrue  instructions to leave out
     * @param jumpIfFalse instructions to leave out
     * @param operand     to compare with
     */
    public SocketProgram jump(final int code, final int jumpIfTrue, final int jumpIfFalse, final int operand)
    {
        program.putShort((short)code).put((byte)jumpIfTrue).put((byte)jumpIfFalse).putInt(operand);
        return this;
    }

    /**
     * {@return the program's octets}
     */
    public byte[] octets()
    {
        final byte[] octets = new byte[program.position()];
        program.duplicate().flip().get(octets);
        return octets;
    }

    /**
     * {@return 0, or the negative error number}
     *
     * @param libc   makes the call
     * @param fd     of the socket
     * @param option of SOL_SOCKET: what the program is for
     */
    public int attach(final Libc libc, final int fd, final int option)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final byte[] octets = octets();
            final MemorySegment code = arena.allocate(octets.length, Long.BYTES);
            MemorySegment.copy(octets, 0, code, JAVA_BYTE, 0, octets.length);
            final MemorySegment fprog = arena.allocate(2 * Long.BYTES, Long.BYTES);
            fprog.set(JAVA_SHORT, 0, (short)(octets.length / INSTRUCTION_LENGTH));
            fprog.set(JAVA_LONG, Long.BYTES, code.address());
            return libc.setsockopt(fd, Libc.SOL_SOCKET, option, fprog.address(), (int)fprog.byteSize());
        }
    }
}
