// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

/**
 * What two sides agreed on, as {@link TlcpCore#parameters} and a session of the runtime hold it.
 *
 * <pre>
 *  63        40       32        24    18  17     16      15     0
 * +------------+--------+---------+------+------+--------+-------+
 * |            | creden-| ALPN    |      | cert | resumed| suite |
 * |            | tials  | index+1 |      |      |        |       |
 * +------------+--------+---------+------+------+--------+-------+
 * </pre>
 */
public final class TlcpParameters
{
    /** What {@link #protocol} answers where no application protocol was agreed on. */
    public static final int NO_PROTOCOL = -1;

    private static final int SUITE_MASK = 0xffff;
    private static final int RESUMED = 1 << 16;
    private static final int CLIENT_AUTHENTICATED = 1 << 17;
    private static final int PROTOCOL_SHIFT = 24;
    private static final int CREDENTIALS_SHIFT = 32;
    private static final int OCTET = 0xff;

    private TlcpParameters()
    {
    }

    /**
     * {@return the suite's number}
     *
     * @param parameters of an established session
     */
    public static int suite(final long parameters)
    {
        return (int)parameters & SUITE_MASK;
    }

    /**
     * {@return whether an earlier session went on}
     *
     * @param parameters of an established session
     */
    public static boolean isResumed(final long parameters)
    {
        return (parameters & RESUMED) != 0;
    }

    /**
     * {@return whether the client has shown certificates, in this handshake or in the session that goes on}
     *
     * @param parameters of an established session
     */
    public static boolean isClientAuthenticated(final long parameters)
    {
        return (parameters & CLIENT_AUTHENTICATED) != 0;
    }

    /**
     * {@return which application protocol was agreed on (ALPN): its place among {@link TlcpConfig#protocols}, from 0,
     * or {@link #NO_PROTOCOL}}
     *
     * @param parameters of an established session
     */
    public static int protocol(final long parameters)
    {
        return (int)(parameters >> PROTOCOL_SHIFT & OCTET) - 1;
    }

    /**
     * {@return which of a server's credentials the client's server_name chose: 0 for the default, then in the order in
     * which names were given}
     *
     * @param parameters of an established session
     */
    public static int credentials(final long parameters)
    {
        return (int)(parameters >> CREDENTIALS_SHIFT & OCTET);
    }

    static long of(
        final int suite, final boolean isResumed, final boolean isClientAuthenticated, final int protocol,
        final int credentials)
    {
        return suite | (isResumed ? RESUMED : 0) | (isClientAuthenticated ? CLIENT_AUTHENTICATED : 0) |
            (long)(protocol + 1) << PROTOCOL_SHIFT | (long)credentials << CREDENTIALS_SHIFT;
    }
}
