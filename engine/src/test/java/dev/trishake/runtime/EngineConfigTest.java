// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EngineConfigTest
{
    private static final SessionHandler DEAF = (session, buffer, offset, length) -> 0;

    private static void assertWrong(final String sentence, final EngineConfig config)
    {
        assertEquals(sentence,
            assertThrows(IllegalArgumentException.class, () -> Engine.launch(config, DEAF)).getMessage());
    }

    @Test
    void shouldCheckEachValueWhereItIsSet()
    {
        final EngineConfig config = new EngineConfig();
        assertThrows(IllegalArgumentException.class, () -> config.agents(0));
        assertThrows(IllegalArgumentException.class, () -> config.ringLength(5000));
        assertThrows(IllegalArgumentException.class, () -> config.idleTimeoutNs(0));
        assertThrows(IllegalArgumentException.class, () -> config.cryptoBatchesPerCycle(0));
        assertThrows(IllegalArgumentException.class, () -> config.protocol(Protocol.TCP, null));
        assertEquals("listen needs a link before it: call link(...) first", assertThrows(
            IllegalArgumentException.class, () -> config.listen(new InetSocketAddress(0))).getMessage());
        assertEquals("idleStrategy must be spin, yield, backoff, sleep-ns, sleep-ms or noop: lazy", assertThrows(
            IllegalArgumentException.class, () -> config.idleStrategy("lazy")).getMessage());
        for (final String name : new String[] {"spin", "yield", "backoff", "sleep-ns", "sleep-ms", "NOOP"})
        {
            config.idleStrategy(name);
        }
    }

    @Test
    void shouldCheckAllTogetherAtLaunch()
    {
        assertWrong("an engine needs a link: call link(...)", new EngineConfig());
        assertWrong("cpus must name one for each agent: 1, not 2",
            new EngineConfig().link(Links.nio(8)).agents(2).cpus(0));
        assertWrong("nobody speaks TLCP: call protocol(...) before launch", new EngineConfig().link(Links.nio(8))
            .listen(new InetSocketAddress(0), Protocol.TLCP, 5));
        assertWrong("inputBuffers x inputBufferLength must be less than 2 GiB",
            new EngineConfig().link(Links.nio(8)).inputBuffers(1 << 20));
        assertWrong("inputBufferLength must be less than an eighth of ringLength: 16384",
            new EngineConfig().link(Links.nio(8)).ringLength(1 << 17));
    }

    @Test
    void shouldPrintAllOfItself()
    {
        final String text = new EngineConfig().link(Links.nio(8))
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7))
            .agents(2).cpus(0, 1).idleTimeoutNs(77_000_000).toString();
        for (final String part : new String[] {"agents                 2", "cpus                   [0, 1]",
            "TCP /127.0.0.1:7 on link 0, backlog 4096", "idleTimeoutNs          77000000",
            "1024 x 16384 = 16777216 bytes", "any number"})
        {
            assertTrue(text.contains(part), () -> part + " is missing in " + text);
        }
    }
}
