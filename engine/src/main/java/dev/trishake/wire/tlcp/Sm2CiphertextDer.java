// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.Der;
import dev.trishake.wire.OctetReader;
import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * SM2's ciphertext in DER, GB/T 35276, and as the kernels take it.
 *
 * <pre>
 * SEQUENCE { INTEGER x, INTEGER y, OCTET STRING C3 (32), OCTET STRING C2 }
 *
 * +-------+-------+--------+-------+
 * | x[32] | y[32] | C3[32] |  C2   |
 * +-------+-------+--------+-------+
 * </pre>
 *
 * <p>Mostly 155 to 157 bytes for a pre-master secret, in one of some 500 less. Strict: nothing behind the SEQUENCE.
 * Tolerant: anything, because a peer that uses hardware pads there, and coordinates of 32 octets whose first bit is
 * set, because gmsse writes them as they are, which makes three of four of its ciphertexts hold a negative number. The
 * raw form C1 C2 C3 is refused. What fails here is treated as what fails in decryption: the session goes on with a
 * random pre-master secret and says nothing.
 */
public final class Sm2CiphertextDer
{
    /** Width of x, y and C3. */
    public static final int WIDTH = 32;

    /** Length of the fixed form before C2. */
    public static final int HEAD_LENGTH = 3 * WIDTH;

    private final OctetReader in = new OctetReader();
    private final OctetReader parts = new OctetReader();
    private final OctetReader octets = new OctetReader();
    private final Strictness strictness;

    /**
     * Makes a decoder.
     *
     * @param strictness whether anything may stand behind the ciphertext, and coordinates may lack their sign's octet
     */
    public Sm2CiphertextDer(final Strictness strictness)
    {
        this.strictness = strictness;
    }

    /**
     * Reads a ciphertext.
     *
     * @param der         where it is
     * @param offset      where it begins
     * @param length      of it
     * @param fixed       where to, {@link #HEAD_LENGTH} bytes and C2; may be written to on failure too
     * @param fixedOffset where x begins
     * @param c2Length    of C2, which must be so long: the plaintext's length
     * @return true when it is one
     */
    public boolean decode(
        final DirectBuffer der,
        final int offset,
        final int length,
        final MutableDirectBuffer fixed,
        final int fixedOffset,
        final int c2Length)
    {
        return Der.readSequence(in.wrap(der, offset, length), parts) &&
            (strictness == Strictness.TOLERANT || in.isComplete()) &&
            readCoordinate(fixed, fixedOffset) &&
            readCoordinate(fixed, fixedOffset + WIDTH) &&
            readOctets(fixed, fixedOffset + 2 * WIDTH, WIDTH) &&
            readOctets(fixed, fixedOffset + HEAD_LENGTH, c2Length) &&
            parts.isComplete();
    }

    /**
     * Writes a ciphertext.
     *
     * @param out         the writer
     * @param fixed       where it is in its fixed form
     * @param fixedOffset where x begins
     * @param c2Length    of C2
     */
    public static void encode(
        final OctetWriter out, final DirectBuffer fixed, final int fixedOffset, final int c2Length)
    {
        final int sequence = Der.begin(out, Der.SEQUENCE);
        Der.writeUnsigned(out, fixed, fixedOffset, WIDTH);
        Der.writeUnsigned(out, fixed, fixedOffset + WIDTH, WIDTH);
        Der.write(out, Der.OCTET_STRING, fixed, fixedOffset + 2 * WIDTH, WIDTH);
        Der.write(out, Der.OCTET_STRING, fixed, fixedOffset + HEAD_LENGTH, c2Length);
        Der.end(out, sequence);
    }

    private boolean readCoordinate(final MutableDirectBuffer fixed, final int fixedOffset)
    {
        return strictness == Strictness.TOLERANT ? Der.readMagnitude(parts, fixed, fixedOffset, WIDTH) :
            Der.readUnsigned(parts, fixed, fixedOffset, WIDTH);
    }

    private boolean readOctets(final MutableDirectBuffer fixed, final int fixedOffset, final int wanted)
    {
        if (!Der.readOctetString(parts, octets) || octets.remaining() != wanted)
        {
            return false;
        }
        octets.bytes(fixed, fixedOffset, wanted);
        return true;
    }
}
