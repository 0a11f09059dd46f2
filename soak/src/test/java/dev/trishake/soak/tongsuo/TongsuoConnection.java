// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * An SSL over a socket. The library sees two memory BIOs: what it writes there goes out at once, and the socket is read
 * when it wants more. Methods wait, and throw what the library says of a failure; one thread at a time.
 */
public final class TongsuoConnection implements AutoCloseable
{
    private static final int CTRL_SET_TLSEXT_HOSTNAME = 55;
    private static final int CTRL_SET_TLSEXT_STATUS_REQ_TYPE = 65;
    private static final long STATUS_TYPE_OCSP = 1;
    private static final int MAX_FRAGMENT_512 = 1;
    private static final int ERROR_WANT_READ = 2;
    private static final int ERROR_ZERO_RETURN = 6;
    private static final int BUFFER_LENGTH = 1 << 15;
    private static final int PATIENCE_MS = 10_000;

    private final LibSsl lib;
    private final Socket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment connection;
    private final MemorySegment in;
    private final MemorySegment out;
    private final MemorySegment buffer = arena.allocate(BUFFER_LENGTH); // of data
    private final MemorySegment wire = arena.allocate(BUFFER_LENGTH);
    private final byte[] octets = new byte[BUFFER_LENGTH];

    TongsuoConnection(final TongsuoContext context, final Socket socket) throws IOException
    {
        this.lib = context.lib;
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        connection = lib.pointer("SSL_new", context.context);
        in = lib.pointer("BIO_new", lib.pointer("BIO_s_mem"));
        out = lib.pointer("BIO_new", lib.pointer("BIO_s_mem"));
        lib.run("SSL_set_bio", connection, in, out);
        lib.run(context.isServer ? "SSL_set_accept_state" : "SSL_set_connect_state", connection);
    }

    // ---- before the handshake

    /** {@return this, asking for a name} */
    public TongsuoConnection serverName(final String name)
    {
        try (Arena scratch = Arena.ofConfined())
        {
            lib.longNumber("SSL_ctrl", connection, CTRL_SET_TLSEXT_HOSTNAME, 0L, scratch.allocateFrom(name));
        }
        return this;
    }

    /** {@return this, asking for a response of OCSP and for fragments of at most 512 octets} */
    public TongsuoConnection askingForMore()
    {
        lib.longNumber(
            "SSL_ctrl", connection, CTRL_SET_TLSEXT_STATUS_REQ_TYPE, STATUS_TYPE_OCSP, MemorySegment.NULL);
        lib.must("SSL_set_tlsext_max_fragment_length", connection, MAX_FRAGMENT_512);
        return this;
    }

    /** {@return this, insisting on a name in the server's certificate} */
    public TongsuoConnection peerName(final String name)
    {
        lib.must("SSL_set1_host", connection, name);
        return this;
    }

    /** {@return this, offering to go on from a session} */
    public TongsuoConnection resume(final MemorySegment session)
    {
        lib.must("SSL_set_session", connection, session);
        return this;
    }

    // ---- the handshake and what it agreed on

    /** {@return this, once the handshake is done} */
    public TongsuoConnection handshake() throws IOException
    {
        drive(() -> lib.number("SSL_do_handshake", connection));
        return this;
    }

    /** {@return what was agreed on: suite, and what else there is to say} */
    public String agreed()
    {
        return lib.string("SSL_CIPHER_get_name", lib.pointer("SSL_get_current_cipher", connection)) +
            (lib.number("SSL_session_reused", connection) == 1 ? " resumed" : "") +
            (peerSubject() == null ? "" : " peer " + peerSubject()) + (protocol() == null ? "" : " " + protocol());
    }

    /** {@return the common name of the peer's signing certificate; null where it has shown none} */
    private String peerSubject()
    {
        final MemorySegment certificate = lib.pointer("SSL_get_peer_certificate", connection);
        if (certificate.equals(MemorySegment.NULL))
        {
            return null;
        }
        final String line = lib.string("X509_NAME_oneline",
            lib.pointer("X509_get_subject_name", certificate), buffer, BUFFER_LENGTH);
        lib.run("X509_free", certificate);
        return line.replaceAll(".*CN=", "");
    }

    private String protocol()
    {
        try (Arena scratch = Arena.ofConfined())
        {
            final MemorySegment name = scratch.allocate(ValueLayout.ADDRESS);
            final MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
            lib.run("SSL_get0_alpn_selected", connection, name, length);
            final int octetsOfName = length.get(ValueLayout.JAVA_INT, 0);
            return octetsOfName == 0 ? null :
                new String(LibSsl.memory(name.get(ValueLayout.ADDRESS, 0), octetsOfName)
                    .toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
        }
    }

    /** {@return the session, to go on from: a reference that is never given back, a few hundred octets} */
    public MemorySegment session()
    {
        return lib.pointer("SSL_get1_session", connection);
    }

    /** {@return whether its session goes on by a ticket} */
    public boolean hasTicket()
    {
        return lib.number("SSL_SESSION_has_ticket", lib.pointer("SSL_get_session", connection)) == 1;
    }

    // ---- data

    /** Sends all. */
    public void write(final byte[] data) throws IOException
    {
        for (int done = 0; done < data.length;)
        {
            final int length = Math.min(data.length - done, BUFFER_LENGTH);
            MemorySegment.copy(data, done, buffer, ValueLayout.JAVA_BYTE, 0, length);
            done += drive(() -> lib.number("SSL_write", connection, buffer, length));
        }
    }

    /** {@return what has come, at most a record of it; empty once the peer has sent close_notify} */
    public byte[] read() throws IOException
    {
        final int length = drive(() -> lib.number("SSL_read", connection, buffer, BUFFER_LENGTH));
        return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** {@return so many octets, or what there was until the peer's close_notify} */
    public byte[] read(final int length) throws IOException
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream(length);
        while (all.size() < length)
        {
            final byte[] some = read();
            if (some.length == 0)
            {
                break;
            }
            all.write(some, 0, some.length);
        }
        return all.toByteArray();
    }

    /** {@return whether the peer's close_notify has come too} Sends ours. */
    public boolean shutdown() throws IOException
    {
        final int result = lib.number("SSL_shutdown", connection);
        flush();
        return result == 1;
    }

    /** Asks for a new handshake; data may still be read before it begins. */
    public void renegotiate() throws IOException
    {
        lib.must("SSL_renegotiate", connection);
        lib.number("SSL_do_handshake", connection);
        flush();
    }

    // ---- below

    /** {@return what a call answers, once it does not want more of the peer; 0 after the peer's close_notify} */
    private int drive(final IntSupplier call) throws IOException
    {
        while (true)
        {
            lib.run("ERR_clear_error");
            final int result = call.getAsInt();
            final int error = result > 0 ? 0 : lib.number("SSL_get_error", connection, result);
            final String errors = lib.errors();
            flush();
            if (result > 0)
            {
                return result;
            }
            if (error == ERROR_ZERO_RETURN)
            {
                return 0;
            }
            if (error != ERROR_WANT_READ)
            {
                throw new IOException(errors);
            }
            fill();
        }
    }

    private void flush() throws IOException
    {
        for (int length = pending(); length > 0; length = pending())
        {
            lib.number("BIO_read", out, wire, length);
            MemorySegment.copy(wire, ValueLayout.JAVA_BYTE, 0, octets, 0, length);
            socket.getOutputStream().write(octets, 0, length);
        }
    }

    private int pending()
    {
        return (int)Math.min(lib.longNumber("BIO_ctrl_pending", out), BUFFER_LENGTH);
    }

    private void fill() throws IOException
    {
        final int length = socket.getInputStream().read(octets);
        if (length < 0)
        {
            throw new EOFException("the stream has ended without close_notify");
        }
        MemorySegment.copy(octets, 0, wire, ValueLayout.JAVA_BYTE, 0, length);
        lib.number("BIO_write", in, wire, length);
    }

    /** {@return the socket below} */
    public Socket socket()
    {
        return socket;
    }

    @Override
    public void close() throws IOException
    {
        lib.run("SSL_free", connection); // and its BIOs
        arena.close();
        socket.close();
    }
}
