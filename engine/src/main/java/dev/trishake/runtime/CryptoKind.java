// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;

/**
 * One kind of a core's heavy operations.
 *
 * @param name      for counters, like {@code Sm2Sign}
 * @param operation that does it
 */
public record CryptoKind(String name, CryptoOperation operation)
{
}
