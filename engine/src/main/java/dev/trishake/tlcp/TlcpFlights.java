// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

/**
 * The order of the messages, as data: for each kind of handshake one row. A session holds the kind as far as it is
 * known and a position in its row; a message that is not the one there is unexpected.
 *
 * <pre>
 * full:     ClientHello | ServerHello Certificate ServerKeyExchange [CertificateRequest] ServerHelloDone |
 *           [Certificate] ClientKeyExchange [CertificateVerify] CCS Finished | [NewSessionTicket] CCS Finished
 * resumed:  ClientHello | ServerHello [NewSessionTicket] CCS Finished | CCS Finished
 * </pre>
 *
 * <p>A kind is learnt step by step, always before the rows differ: {@link #RESUMED} and {@link #TICKET} from
 * ServerHello, {@link #CLIENT_AUTH} from CertificateRequest, {@link #CLIENT_CERTIFICATE} from a client's Certificate
 * that is not empty.
 */
public final class TlcpFlights
{
    /** Bit of a kind: the server has asked for the client's certificates. */
    public static final int CLIENT_AUTH = 1;

    /** Bit of a kind: the client has shown certificates, so that it proves to have their key. */
    public static final int CLIENT_CERTIFICATE = 2;

    /** Bit of a kind: the server has promised a ticket. */
    public static final int TICKET = 4;

    /** Bit of a kind: an earlier session goes on. */
    public static final int RESUMED = 8;

    /** What {@link #learn} says of a message that has no place. */
    public static final int UNEXPECTED = -1;

    private static final int KINDS = 16;
    private static final TlcpMessage[][] ORDER = new TlcpMessage[KINDS][];

    static
    {
        for (int kind = 0; kind < KINDS; kind++)
        {
            if (isPossible(kind))
            {
                ORDER[kind] = (kind & RESUMED) != 0 ? resumed(kind) : full(kind);
            }
        }
    }

    private TlcpFlights()
    {
    }

    /**
     * {@return whether there are handshakes of a kind}
     *
     * @param kind 0 to 15, bits
     */
    public static boolean isPossible(final int kind)
    {
        final int client = kind & (CLIENT_AUTH | CLIENT_CERTIFICATE);
        return (kind & RESUMED) != 0 ? client == 0 : client != CLIENT_CERTIFICATE;
    }

    /**
     * {@return how many messages a handshake has}
     *
     * @param kind that is possible
     */
    public static int length(final int kind)
    {
        return ORDER[kind].length;
    }

    /**
     * {@return the message at a place}
     *
     * @param kind  that is possible
     * @param index 0 to {@link #length} - 1
     */
    public static TlcpMessage at(final int kind, final int index)
    {
        return ORDER[kind][index];
    }

    /**
     * Says whether a message may come at a place, and what its coming tells of the kind.
     *
     * @param kind    as far as it is known, possible
     * @param index   the place, 0 to {@link #length} - 1
     * @param message what has come or is to be sent
     * @return the kind, with {@link #CLIENT_AUTH} when the message is CertificateRequest; or {@link #UNEXPECTED}
     */
    public static int learn(final int kind, final int index, final TlcpMessage message)
    {
        final int learnt = message == TlcpMessage.CERTIFICATE_REQUEST && (kind & RESUMED) == 0 ?
            kind | CLIENT_AUTH : kind;
        final TlcpMessage[] order = ORDER[learnt];
        return index < order.length && order[index] == message ? learnt : UNEXPECTED;
    }

    private static TlcpMessage[] full(final int kind)
    {
        final boolean request = (kind & CLIENT_AUTH) != 0;
        return without(
            TlcpMessage.CLIENT_HELLO,
            TlcpMessage.SERVER_HELLO,
            TlcpMessage.SERVER_CERTIFICATE,
            TlcpMessage.SERVER_KEY_EXCHANGE,
            request ? TlcpMessage.CERTIFICATE_REQUEST : null,
            TlcpMessage.SERVER_HELLO_DONE,
            request ? TlcpMessage.CLIENT_CERTIFICATE : null,
            TlcpMessage.CLIENT_KEY_EXCHANGE,
            (kind & CLIENT_CERTIFICATE) != 0 ? TlcpMessage.CERTIFICATE_VERIFY : null,
            TlcpMessage.CLIENT_CHANGE_CIPHER_SPEC,
            TlcpMessage.CLIENT_FINISHED,
            (kind & TICKET) != 0 ? TlcpMessage.NEW_SESSION_TICKET : null,
            TlcpMessage.SERVER_CHANGE_CIPHER_SPEC,
            TlcpMessage.SERVER_FINISHED);
    }

    private static TlcpMessage[] resumed(final int kind)
    {
        return without(
            TlcpMessage.CLIENT_HELLO,
            TlcpMessage.SERVER_HELLO,
            (kind & TICKET) != 0 ? TlcpMessage.NEW_SESSION_TICKET : null,
            TlcpMessage.SERVER_CHANGE_CIPHER_SPEC,
            TlcpMessage.SERVER_FINISHED,
            TlcpMessage.CLIENT_CHANGE_CIPHER_SPEC,
            TlcpMessage.CLIENT_FINISHED);
    }

    /** {@return the messages that there are, in their order} */
    private static TlcpMessage[] without(final TlcpMessage... gaps)
    {
        int count = 0;
        for (final TlcpMessage message : gaps)
        {
            count += message == null ? 0 : 1;
        }
        final TlcpMessage[] order = new TlcpMessage[count];
        int index = 0;
        for (final TlcpMessage message : gaps)
        {
            if (message != null)
            {
                order[index++] = message;
            }
        }
        return order;
    }
}
