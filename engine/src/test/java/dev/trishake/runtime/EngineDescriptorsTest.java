// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.linux.Libc;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** An engine without descriptors: accepting pauses, who is there is served, and it recovers. */
class EngineDescriptorsTest
{
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldOutliveTheLossOfItsDescriptors(final String link) throws Exception
    {
        assumeTrue(Libc.SUPPORTED, "Linux is needed");
        EngineDescriptorLimit.run(link);
    }
}
