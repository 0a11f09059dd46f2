// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A proxy as a handler above an engine: it ends TLCP, or plain TCP, and passes bytes on to a back end. Uses nothing of
 * the tools, so who embeds the engine can embed it too; allocates nothing after its start.
 */
package dev.trishake.soak.forward;
