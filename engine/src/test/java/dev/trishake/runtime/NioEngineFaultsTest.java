// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

/** Over java.nio. */
class NioEngineFaultsTest extends KernelEngineFaultsContract
{
    @Override
    StreamLinkFactory link()
    {
        return Links.nio(CONNECTIONS);
    }
}
