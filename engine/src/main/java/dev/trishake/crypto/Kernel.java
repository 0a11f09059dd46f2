// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

/**
 * One kernel in its two implementations: the arithmetic that an operation over many sessions is built on. A kernel
 * joins by its name in a {@link KernelSet}; {@link Kernels} chooses between its implementations and warms it up:
 * <pre>
 * final class SquareKernel implements Kernel&lt;SquareLanes&gt;
 * {
 *     public String name()                       { return "Square"; }
 *     public SquareLanes vector()                { return new SquareVectors(); }   // of crypto.lanes
 *     public SquareLanes scalar()                { return new SquareScalars(); }
 *     public void warmUp(SquareLanes lanes)      { lanes.square(1); lanes.square(LANES); }
 * }
 * </pre>
 *
 * @param <T> what both implementations are: an interface, so that the vector class is loaded only where it is chosen
 */
public interface Kernel<T>
{
    /**
     * {@return the name that tables and messages show}
     */
    String name();

    /**
     * {@return a new instance over the vector API; called only where {@link Kernels#areVector()}}
     */
    T vector();

    /**
     * {@return a new instance that any JVM runs well}
     */
    T scalar();

    /**
     * Does a little of everything the kernel can do, full and almost empty batches alike, in much less than 1 ms once
     * compiled. Called again and again until the compiler is done with it; no input is secret.
     *
     * @param lanes an instance of this kernel's
     */
    void warmUp(T lanes);
}
