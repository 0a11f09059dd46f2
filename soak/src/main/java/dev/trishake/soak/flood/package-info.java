// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A SYN flood of our own making, the honest clients beside it, and what both are told: for {@code soak.jar syn-flood}.
 * Everything happens in network namespaces of its own. May import the engine's {@code wire}, {@code session} and
 * {@code transport}, nothing of the other tools. Flooder, clients and listener have a thread each.
 */
package dev.trishake.soak.flood;
