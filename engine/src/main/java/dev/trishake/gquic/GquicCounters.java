// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/** What a core has counted since it was made; written and read on the agent's thread. */
public final class GquicCounters
{
    long packetsReceived;
    long packetsSent;
    long packetsMalformed;
    long packetsUnknown;
    long packetsUnverified;
    long packetsDuplicate;
    long packetsEarly;
    long packetsRefused;
    long hellosSplit;
    long hellosDropped;
    long rejectsStateless;
    long versionNegotiations;
    long publicResets;
    long answersLimited;
    long sessionsOpened;
    long sessionsRefused;
    long sessionsEstablished;
    long sessionsFailed;
    long packetsLost;
    long timeouts;
    long addressChanges;
    long streamsRefused;

    GquicCounters()
    {
    }

    /**
     * {@return datagrams that came}
     */
    public long packetsReceived()
    {
        return packetsReceived;
    }

    /**
     * {@return datagrams that were sent}
     */
    public long packetsSent()
    {
        return packetsSent;
    }

    /**
     * {@return datagrams that are no packets of gQUIC, or too long}
     */
    public long packetsMalformed()
    {
        return packetsMalformed;
    }

    /**
     * {@return packets that belong to no connection, and open none}
     */
    public long packetsUnknown()
    {
        return packetsUnknown;
    }

    /**
     * {@return packets that no key of their connection opens and whose hash is wrong}
     */
    public long packetsUnverified()
    {
        return packetsUnverified;
    }

    /**
     * {@return packets that had come before, or are too old to tell}
     */
    public long packetsDuplicate()
    {
        return packetsDuplicate;
    }

    /**
     * {@return packets that came before their keys and were kept}
     */
    public long packetsEarly()
    {
        return packetsEarly;
    }

    /**
     * {@return sound packets that were not taken, because there was no room or the level is not good enough}
     */
    public long packetsRefused()
    {
        return packetsRefused;
    }

    /**
     * {@return hellos without a connection that were not whole in one packet, or in a packet too short}
     */
    public long hellosSplit()
    {
        return hellosSplit;
    }

    /**
     * {@return hellos without a connection that deserved no answer}
     */
    public long hellosDropped()
    {
        return hellosDropped;
    }

    /**
     * {@return hellos that were rejected without a connection}
     */
    public long rejectsStateless()
    {
        return rejectsStateless;
    }

    /**
     * {@return version negotiation packets that were sent}
     */
    public long versionNegotiations()
    {
        return versionNegotiations;
    }

    /**
     * {@return public resets that were sent}
     */
    public long publicResets()
    {
        return publicResets;
    }

    /**
     * {@return version negotiation packets and public resets that were not sent, as there were too many}
     */
    public long answersLimited()
    {
        return answersLimited;
    }

    /**
     * {@return connections that there were}
     */
    public long sessionsOpened()
    {
        return sessionsOpened;
    }

    /**
     * {@return connections for which there was no room}
     */
    public long sessionsRefused()
    {
        return sessionsRefused;
    }

    /**
     * {@return connections whose handshake was done}
     */
    public long sessionsEstablished()
    {
        return sessionsEstablished;
    }

    /**
     * {@return connections that ended before their handshake was done}
     */
    public long sessionsFailed()
    {
        return sessionsFailed;
    }

    /**
     * {@return packets that were sent again}
     */
    public long packetsLost()
    {
        return packetsLost;
    }

    /**
     * {@return how often nothing was acknowledged in time}
     */
    public long timeouts()
    {
        return timeouts;
    }

    /**
     * {@return how often a client's address has changed}
     */
    public long addressChanges()
    {
        return addressChanges;
    }

    /**
     * {@return streams of peers for which there was no room}
     */
    public long streamsRefused()
    {
        return streamsRefused;
    }
}
