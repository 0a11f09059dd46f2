// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What gQUIC's handshakes cost.
 */
package dev.trishake.bench.gquic;
