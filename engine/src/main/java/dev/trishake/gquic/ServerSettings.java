// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import java.nio.charset.StandardCharsets;

/**
 * What a server's handshakes need. Fluent; must not change once a core was made from it. Agents of a server share it,
 * but for {@link #strikeRegister}.
 */
public final class ServerSettings
{
    /** How many RSA signatures a core makes in a second by default. */
    public static final int DEFAULT_FOREIGN_PROOFS = 500;

    /** How many CHLOs a session may send by default: one more than any client does. */
    public static final int DEFAULT_HELLOS = 5;

    final GquicCredentials credentials;
    final ServerConfigs configs;
    final TokenKeys tokenKeys;
    final UnixTime time;
    byte[] serverId = "trishake".getBytes(StandardCharsets.US_ASCII);
    boolean rejectReasons = true;
    boolean lifetimes = true;
    boolean tokenInServerHello = true;
    boolean proofWithoutToken;
    boolean serverNonces;
    StrikeRegister strikeRegister;
    int strikeShard;
    int foreignProofsPerSecond = DEFAULT_FOREIGN_PROOFS;
    int hellos = DEFAULT_HELLOS;

    /**
     * What there must be.
     *
     * @param credentials certificates and who signs with their key
     * @param configs     server configs
     * @param tokenKeys   keys of source-address tokens
     * @param time        seconds of 1970
     */
    public ServerSettings(
        final GquicCredentials credentials, final ServerConfigs configs, final TokenKeys tokenKeys,
        final UnixTime time)
    {
        this.credentials = credentials;
        this.configs = configs;
        this.tokenKeys = tokenKeys;
        this.time = time;
    }

    /**
     * Sets what REJ says in SVID.
     *
     * @param name null for no SVID; "trishake" by default
     * @return this
     */
    public ServerSettings serverId(final String name)
    {
        serverId = name == null ? null : name.getBytes(StandardCharsets.US_ASCII);
        return this;
    }

    /**
     * Sets whether REJ says why, in RREJ.
     *
     * @param on true by default
     * @return this
     */
    public ServerSettings rejectReasons(final boolean on)
    {
        rejectReasons = on;
        return this;
    }

    /**
     * Makes REJ and SHLO say what quic-go's do and no more: SVID is "quic-go", and there is no RREJ, no STTL, no token
     * in SHLO.
     *
     * @return this
     */
    public ServerSettings asQuicGo()
    {
        lifetimes = false;
        tokenInServerHello = false;
        return serverId("quic-go").rejectReasons(false);
    }

    /**
     * Sets whether a client without a token is shown the certificates at once, where they take no more than three times
     * what it sent: its handshake is a round trip shorter. <b>Each spoofed hello then takes a session and a
     * signature</b>; not for servers that the whole world reaches.
     *
     * @param on false by default
     * @return this
     */
    public ServerSettings proofWithoutToken(final boolean on)
    {
        proofWithoutToken = on;
        return this;
    }

    /**
     * Sets whether each client must bring a server nonce back: no CHLO can be replayed, and no connection takes a
     * single round trip.
     *
     * @param required false by default
     * @return this
     */
    public ServerSettings serverNonces(final boolean required)
    {
        serverNonces = required;
        return this;
    }

    /**
     * Sets what remembers clients' nonces, so that no full CHLO is taken twice.
     *
     * @param register null, the default, for none: quic-go's and Chromium's way
     * @param shard    this agent's own
     * @return this
     */
    public ServerSettings strikeRegister(final StrikeRegister register, final int shard)
    {
        strikeRegister = register;
        strikeShard = shard;
        return this;
    }

    /**
     * Sets how many proofs a core has its {@link ProofSource} sign in a second; who comes beyond it is rejected without
     * one, and asks again.
     *
     * @param perSecond at least 1
     * @return this
     */
    public ServerSettings foreignProofsPerSecond(final int perSecond)
    {
        foreignProofsPerSecond = Math.max(1, perSecond);
        return this;
    }
}
