// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Storms of handshakes: clients that keep so many under way or begin so many a second, the server that they meet, and
 * what came of it. Clients run on an engine's agents; a server is another process, so that each side's CPU is its own.
 */
package dev.trishake.soak.storm;
