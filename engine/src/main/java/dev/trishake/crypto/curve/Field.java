// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

/**
 * Arithmetic modulo a prime p of 256 bits, on one element or on eight of eight sessions side by side.
 *
 * <p>An element is five signed limbs of radix 2^52 in an arena of longs, limb-major:
 * <pre>
 *   offset      + lanes       + 2 lanes     + 3 lanes     + 4 lanes
 *   +-----------+-------------+-------------+-------------+-------------+
 *   | limb 0    | limb 1      | limb 2      | limb 3      | limb 4      |   value = sum of limb i * 2^(52 i)
 *   | lane 0..  | lane 0..    | lane 0..    | lane 0..    | lane 0..    |
 *   +-----------+-------------+-------------+-------------+-------------+
 * </pre>
 * It stands for value / 2^260 mod p (Montgomery). Limbs are carried lazily. A <i>reduced</i> element is what products,
 * {@link #minusOctupled} and {@link #minusSumTwice} give: limbs 0 to 3 within 2^52 + 2^13 of 0, limb 4 within 2^50. The
 * other operations only add and subtract limbs. Products take what such sums make, as long as
 * <ul>
 * <li>no limb leaves 2^57, and the five products of any column add up to less than 2^111, and</li>
 * <li>the value of either factor stays within 2^259.</li>
 * </ul>
 * The formulas in {@link Jacobian} keep to this; a test runs them on intervals instead of numbers.
 *
 * <p><b>Products.</b> Column k of a product is the sum of a_i b_(k-i), up to 2^111: more than a long. Its low half S is
 * summed modulo 2^64 by integer multiplications. Its high half H is summed by fused multiply-add onto C = 1.5 * 2^112,
 * whose unit in the last place is 2^60: H counts multiples of 2^60 in its low bits. How H was rounded does not matter,
 * because the column is (S - H 2^60) + H 2^60 exactly, modulo 2^64 on the left, and the rest S - H 2^60 is small: at
 * most nine roundings of 2^59, so it fits. H 2^60 goes to the next column as H 2^8. So each pair of limbs costs two
 * multiplications, no masks, no splitting of operands.
 *
 * <p><b>Reduction.</b> Both primes are -1 modulo 2^64, so Montgomery's factor of a column is its low 52 bits m, and
 * m p = m (p + 1) - m, where p + 1 has few limbs that are not 0. Five such steps divide by 2^260.
 *
 * <p>Everything here takes the same time whatever the limbs: additions, multiplications, shifts by constants, masks.
 */
public abstract class Field
{
    /** Limbs of an element. */
    public static final int LIMBS = 5;

    /** Bits of a limb. */
    public static final int RADIX = 52;

    /** Points of a table that lanes share. */
    public static final int SHARED_ENTRIES = 32;

    /** The low 52 bits of a limb. */
    public static final long LIMB_MASK = (1L << RADIX) - 1;

    /** Where high halves are summed: 1.5 * 2^112, whose unit in the last place is 2^60. */
    protected static final double HIGH = 0x1.8p112;

    /** Takes the bits of {@link #HIGH}, shifted into the next column as H is, out of that column. */
    protected static final long UNBIAS = -(Double.doubleToRawLongBits(HIGH) << 8);

    private final int lanes;

    /**
     * For implementations.
     *
     * @param lanes elements side by side: 1 or 8
     */
    protected Field(final int lanes)
    {
        this.lanes = lanes;
    }

    /**
     * {@return how many elements lie side by side, 1 or 8}
     */
    public final int lanes()
    {
        return lanes;
    }

    /**
     * {@return longs from one element of an arena to the next}
     */
    public final int width()
    {
        return LIMBS * lanes;
    }

    /**
     * r = a b. Reduced. All offsets may be the same.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of a factor
     * @param b offset of a factor
     */
    public abstract void multiply(long[] t, int r, int a, int b);

    /**
     * r = a^2. Reduced.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of the operand
     */
    public abstract void square(long[] t, int r, int a);

    /**
     * r = a b - c d. Reduced, and once for both products. All offsets may be the same.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of a factor
     * @param b offset of a factor
     * @param c offset of a factor
     * @param d offset of a factor
     */
    public abstract void multiplyMinusProduct(long[] t, int r, int a, int b, int c, int d);

    /**
     * r = a b - 8 c^2. Reduced, and once for both products. All offsets may be the same.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of a factor
     * @param b offset of a factor
     * @param c offset of what is squared
     */
    public abstract void multiplyMinusSquareOctupled(long[] t, int r, int a, int b, int c);

    /**
     * r = a + b, limb by limb.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     */
    public abstract void add(long[] t, int r, int a, int b);

    /**
     * r = a - b, limb by limb.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     */
    public abstract void subtract(long[] t, int r, int a, int b);

    /**
     * r = 3 (a - b), limb by limb.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     */
    public abstract void differenceTripled(long[] t, int r, int a, int b);

    /**
     * r = 4 a - b, limb by limb.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     */
    public abstract void quadrupledMinus(long[] t, int r, int a, int b);

    /**
     * r = a - 8 b. Reduced.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     */
    public abstract void minusOctupled(long[] t, int r, int a, int b);

    /**
     * r = a - b - 2 c. Reduced.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of an operand
     * @param b offset of an operand
     * @param c offset of an operand
     */
    public abstract void minusSumTwice(long[] t, int r, int a, int b, int c);

    /**
     * Looks the affine points of all lanes up in a table that they share: every entry is read, whichever is wanted.
     *
     * @param t      arena
     * @param r      offset of x; y follows at {@link #width()}
     * @param table  limb 0 of x of {@value #SHARED_ENTRIES} points, limb 1 and so on, then the limbs of y
     * @param at     where it begins
     * @param digits as {@link Recoding} makes them
     * @param digit  offset of the digits that are looked up, a long per lane
     */
    public abstract void lookUpShared(long[] t, int r, long[] table, int at, Recoding digits, int digit);

    /**
     * Looks each lane's affine point up in a table of that lane's own: every entry is read.
     *
     * @param t       arena
     * @param r       offset of x; y follows at {@link #width()}
     * @param table   entries of two elements, x then y
     * @param at      offset of the first entry
     * @param entries how many there are
     * @param digits  as {@link Recoding} makes them
     * @param digit   offset of the digits that are looked up, a long per lane
     */
    public abstract void lookUpAffine(long[] t, int r, long[] table, int at, int entries, Recoding digits, int digit);

    /**
     * r = a in lanes whose mask is all ones; where it is 0, r stays.
     *
     * @param t     arena
     * @param r     offset of the element that may be overwritten
     * @param a     offset of the element that may be copied
     * @param masks a mask per lane
     * @param mask  where they begin
     */
    public abstract void select(long[] t, int r, int a, long[] masks, int mask);

    /**
     * r = -r in lanes whose mask is all ones, limb by limb.
     *
     * @param t     arena
     * @param r     offset of the element
     * @param masks a mask per lane
     * @param mask  where they begin
     */
    public abstract void negateWhere(long[] t, int r, long[] masks, int mask);

    /**
     * r = a.
     *
     * @param t arena
     * @param r offset of the result
     * @param a offset of the operand
     */
    public final void copy(final long[] t, final int r, final int a)
    {
        System.arraycopy(t, a, t, r, LIMBS * lanes);
    }

    /**
     * Gives every lane of an element the same limbs.
     *
     * @param t     arena
     * @param r     offset of the element
     * @param limbs holds five limbs
     * @param at    where they begin
     */
    public final void broadcast(final long[] t, final int r, final long[] limbs, final int at)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            put(t, r, lane, limbs, at);
        }
    }

    /**
     * Writes one lane of an element.
     *
     * @param t     arena
     * @param r     offset of the element
     * @param lane  0 to {@link #lanes()} - 1
     * @param limbs holds five limbs
     * @param at    where they begin
     */
    public final void put(final long[] t, final int r, final int lane, final long[] limbs, final int at)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i * lanes + lane] = limbs[at + i];
        }
    }

    /**
     * Reads one lane of an element.
     *
     * @param t     arena
     * @param a     offset of the element
     * @param lane  0 to {@link #lanes()} - 1
     * @param limbs where five limbs go
     * @param at    where they begin
     */
    public final void get(final long[] t, final int a, final int lane, final long[] limbs, final int at)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            limbs[at + i] = t[a + i * lanes + lane];
        }
    }
}
