// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import java.net.InetSocketAddress;

/** One listener of the configuration. */
record Listen(int link, InetSocketAddress address, int backlog, Protocol protocol)
{
    @Override
    public String toString()
    {
        return protocol + " " + address + " on link " + link + ", backlog " + backlog;
    }
}
