// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.Tag;

import java.nio.charset.StandardCharsets;

/**
 * What a client's handshakes need. Fluent; must not change once a core was made from it.
 */
public final class ClientSettings
{
    private static final int MAX_PREFERENCES = 2;

    final GquicPeerTrust trust;
    final UnixTime time;
    final String[] servers;
    int[] aeads = {Tag.AESG, Tag.CC20};
    int[] exchanges = {Tag.C255, Tag.P256};
    boolean resumption = true;

    /**
     * What there must be.
     *
     * @param trust   who knows servers' certificates
     * @param time    seconds of 1970
     * @param servers host names; connections are made to them by their index. An empty name is not sent
     * @throws IllegalArgumentException when a name is longer than 255 octets or not ASCII
     */
    public ClientSettings(final GquicPeerTrust trust, final UnixTime time, final String... servers)
    {
        this.trust = trust;
        this.time = time;
        this.servers = servers.clone();
        for (final String name : servers)
        {
            if (name.length() > ServerCache.MAX_NAME_LENGTH || !StandardCharsets.US_ASCII.newEncoder().canEncode(name))
            {
                throw new IllegalArgumentException("not a host name: " + name);
            }
        }
    }

    /**
     * Sets what packets are protected with.
     *
     * @param preferred {@link Tag#AESG}, {@link Tag#CC20}, the preferred one first
     * @return this
     */
    public ClientSettings aeads(final int... preferred)
    {
        aeads = checked(preferred, Tag.AESG, Tag.CC20);
        return this;
    }

    /**
     * Sets how keys are agreed on.
     *
     * @param preferred {@link Tag#C255}, {@link Tag#P256}, the preferred one first
     * @return this
     */
    public ClientSettings exchanges(final int... preferred)
    {
        exchanges = checked(preferred, Tag.C255, Tag.P256);
        return this;
    }

    /**
     * Sets whether a connection begins with what an earlier one has learnt.
     *
     * @param on true by default
     * @return this
     */
    public ClientSettings resumption(final boolean on)
    {
        resumption = on;
        return this;
    }

    private static int[] checked(final int[] tags, final int one, final int other)
    {
        if (tags.length < 1 || tags.length > MAX_PREFERENCES)
        {
            throw new IllegalArgumentException("there must be one or two");
        }
        for (final int tag : tags)
        {
            if (tag != one && tag != other)
            {
                throw new IllegalArgumentException("no such tag: " + Tag.nameOf(tag));
            }
        }
        return tags.clone();
    }
}
