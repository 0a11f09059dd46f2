// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

/**
 * Both ends of a stack that others wrote, in memory. Its randoms can't be repeated, so a recorded client would be no
 * client of its server's next handshake, and both ends have to be there. So that one side's calls can be measured
 * alone, handshakes go on side by side, and all connections' ends of one side have their turn, then those of the other.
 *
 * <p>A client's turn ends the handshakes that it can end, and replaces those that are done on both sides by as many new
 * ones. From the third turn on, each turn has all calls of {@link TlcpHandshakeBenchmark#SIDE_BY_SIDE} handshakes: the
 * first calls of some, the last of others.
 */
interface ForeignStack extends AutoCloseable
{
    /** {@return how many handshakes are done for their clients since their last turn} */
    int clientTurn();

    /** {@return how many handshakes are done for their servers since their last turn} */
    int serverTurn();

    @Override
    void close();
}
