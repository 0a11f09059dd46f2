// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.ServerConfigDecoder;
import org.agrona.DirectBuffer;

/**
 * The server configs of a server: the current one, which is given out, and those before, which clients still have.
 * {@link #rotate} makes another the current one; the last {@value #KEPT} are good until they expire.
 *
 * <p>Rotated by any one thread, read by agents without a lock. Sessions know a config by its number, so that it may go
 * while they wait: who then finds nothing fails.
 */
public final class ServerConfigs
{
    /** How many configs are known at once. */
    public static final int KEPT = 4;

    /** The newest one first; never changed, only replaced. */
    private volatile ServerConfig[] configs;
    private ServerConfig retired;
    private int rotations;

    /**
     * Begins with one config.
     *
     * @param first the current one
     */
    public ServerConfigs(final ServerConfig first)
    {
        first.number = ++rotations;
        configs = new ServerConfig[] {first};
    }

    /**
     * Makes a config the current one. The one that is no longer known is wiped at the next rotation, when nobody uses
     * it any more: so rotate no more often than a handshake may take.
     *
     * @param next not in use yet
     */
    public void rotate(final ServerConfig next)
    {
        next.number = ++rotations;
        final ServerConfig[] old = configs;
        final ServerConfig[] renewed = new ServerConfig[Math.min(old.length + 1, KEPT)];
        renewed[0] = next;
        System.arraycopy(old, 0, renewed, 1, renewed.length - 1);
        configs = renewed;
        if (retired != null)
        {
            retired.close();
        }
        retired = old.length == KEPT ? old[KEPT - 1] : null;
    }

    /**
     * {@return the config that is given out}
     */
    public ServerConfig current()
    {
        return configs[0];
    }

    /**
     * {@return the config with an ID, unless it has expired; null when there is none}
     *
     * @param scid       holds the ID
     * @param offset     where it begins
     * @param length     of it
     * @param nowSeconds of 1970
     */
    ServerConfig find(final DirectBuffer scid, final int offset, final int length, final long nowSeconds)
    {
        if (length != ServerConfigDecoder.SCID_LENGTH)
        {
            return null;
        }
        for (final ServerConfig config : configs)
        {
            if (config.hasId(scid, offset))
            {
                // unsigned: quic-go's 2^64 - 1 means never
                return Long.compareUnsigned(config.expirySeconds(), nowSeconds) > 0 ? config : null;
            }
        }
        return null;
    }

    /** {@return the config with a number; null when it is gone} */
    ServerConfig numbered(final int number)
    {
        for (final ServerConfig config : configs)
        {
            if (config.number == number)
            {
                return config;
            }
        }
        return null;
    }
}
