// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.concurrent.status.AtomicCounter;

/** What an agent counts of its sessions; written on its thread, read by anybody. */
final class AgentCounters
{
    final AtomicCounter accepted;
    final AtomicCounter connected;
    final AtomicCounter established;
    final AtomicCounter closed;
    final AtomicCounter failed;
    final AtomicCounter active;
    final AtomicCounter bytesIn;
    final AtomicCounter bytesOut;
    final AtomicCounter inputBuffers;
    final AtomicCounter backPressured;
    final AtomicCounter handlerErrors;
    final AtomicCounter handshakeTimeouts;
    final AtomicCounter idleTimeouts;
    final AtomicCounter prefixLimited;
    final AtomicCounter commands;
    final AtomicCounter commandsStale;

    AgentCounters(final CounterAllocator counters)
    {
        accepted = counters.allocate("SessionsAccepted");
        connected = counters.allocate("SessionsConnected");
        established = counters.allocate("SessionsEstablished");
        closed = counters.allocate("SessionsClosed");
        failed = counters.allocate("SessionsFailed");
        active = counters.allocate("SessionsActive");
        bytesIn = counters.allocate("BytesIn");
        bytesOut = counters.allocate("BytesOut");
        inputBuffers = counters.allocate("InputBuffers");
        backPressured = counters.allocate("SendsCutShort");
        handlerErrors = counters.allocate("HandlerErrors");
        handshakeTimeouts = counters.allocate("HandshakeTimeouts");
        idleTimeouts = counters.allocate("IdleTimeouts");
        prefixLimited = counters.allocate("PrefixLimited");
        commands = counters.allocate("Commands");
        commandsStale = counters.allocate("CommandsStale");
    }
}
