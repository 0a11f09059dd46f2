// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SSL_CTX for TLCP, which Tongsuo calls NTLS: what its connections have in common. */
public final class TongsuoContext implements AutoCloseable
{
    /** Asks for no certificate. */
    public static final int VERIFY_NONE = 0;
    /** Asks for the peer's certificates, and judges those that come. */
    public static final int VERIFY_PEER = 1;
    /** Ends a handshake in which the client has none. */
    public static final int VERIFY_FAIL_IF_NO_PEER_CERT = 2;

    private static final int PEM = 1;
    private static final int CTRL_EXTRA_CHAIN_CERT = 14;
    private static final int CTRL_SET_MAX_SEND_FRAGMENT = 52;
    private static final int CTRL_SET_SERVERNAME_CB = 53;
    private static final long OP_NO_TICKET = 0x4000;
    private static final long OP_CIPHER_SERVER_PREFERENCE = 0x0040_0000;
    private static final int TLSEXT_ERR_OK = 0;
    private static final int TLSEXT_ERR_ALERT_WARNING = 1;
    private static final int TLSEXT_ERR_ALERT_FATAL = 2;
    private static final int CB_ALERT = 0x4000;
    private static final int CB_READ = 4;

    final LibSsl lib;
    final MemorySegment context;
    final boolean isServer;
    private final Arena arena = Arena.ofShared();
    private final List<String> keyLog = new CopyOnWriteArrayList<>();
    private final List<String> alerts = new CopyOnWriteArrayList<>();
    private byte[] wanted;
    private TongsuoContext named;

    private TongsuoContext(final LibSsl lib, final boolean isServer, final String method)
    {
        this.lib = lib;
        this.isServer = isServer;
        context = lib.pointer("SSL_CTX_new", lib.pointer(method));
        lib.run("SSL_CTX_set_info_callback", context, callback("onInfo",
            MethodType.methodType(void.class, MemorySegment.class, int.class, int.class)));
        lib.run("SSL_CTX_set_keylog_callback", context, callback("onKeyLog",
            MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class)));
    }

    private MemorySegment callback(final String method, final MethodType type)
    {
        return LibSsl.callback(MethodHandles.lookup(), this, method, type, arena);
    }

    /** {@return a server's} */
    public static TongsuoContext server(final LibSsl lib)
    {
        final TongsuoContext made = new TongsuoContext(lib, true, "NTLS_server_method");
        lib.run("SSL_CTX_enable_ntls", made.context);
        lib.must("SSL_CTX_set_session_id_context", made.context, "test", 4);
        return made;
    }

    /** {@return a client's} */
    public static TongsuoContext client(final LibSsl lib)
    {
        final TongsuoContext made = new TongsuoContext(lib, false, "NTLS_client_method");
        lib.run("SSL_CTX_enable_ntls", made.context);
        return made;
    }

    /** {@return one of a client of TLS, which knows no TLCP} */
    public static TongsuoContext clientOfTls(final LibSsl lib)
    {
        return new TongsuoContext(lib, false, "TLS_client_method");
    }

    /** {@return this, with suites in its own names, separated by colons} */
    public TongsuoContext suites(final String names)
    {
        lib.must("SSL_CTX_set_cipher_list", context, names);
        return this;
    }

    /** {@return this, with the two leaves, their keys and the sub-authority of a PKI, as {@code soak.jar pki} makes} */
    public TongsuoContext identity(final Path pki, final String name)
    {
        lib.run("SSL_CTX_set_default_passwd_cb_userdata", context, arena.allocateFrom(TongsuoPki.PASSWORD));
        lib.must("SSL_CTX_use_sign_certificate_file", context, pki.resolve(name + "_sign.crt").toString(), PEM);
        lib.must("SSL_CTX_use_sign_PrivateKey_file", context, pki.resolve(name + "_sign.key").toString(), PEM);
        lib.must("SSL_CTX_use_enc_certificate_file", context, pki.resolve(name + "_enc.crt").toString(), PEM);
        lib.must("SSL_CTX_use_enc_PrivateKey_file", context, pki.resolve(name + "_enc.key").toString(), PEM);
        final MemorySegment file = lib.pointer("BIO_new_file", pki.resolve("subca.crt").toString(), "r");
        final MemorySegment certificate =
            lib.pointer("PEM_read_bio_X509", file, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        lib.number("BIO_free", file);
        control(CTRL_EXTRA_CHAIN_CERT, 0, certificate);
        return this;
    }

    private void control(final int command, final long number, final MemorySegment argument)
    {
        if (lib.longNumber("SSL_CTX_ctrl", context, command, number, argument) != 1)
        {
            throw new IllegalStateException("SSL_CTX_ctrl " + command + ": " + lib.errors());
        }
    }

    /** {@return this, trusting who is certified by an authority} */
    public TongsuoContext verify(final int mode, final Path authority)
    {
        lib.must("SSL_CTX_load_verify_locations", context, authority.toString(), MemorySegment.NULL);
        lib.run("SSL_CTX_set_verify", context, mode, MemorySegment.NULL);
        if (isServer)
        {
            lib.run("SSL_CTX_set_client_CA_list", context,
                lib.pointer("SSL_load_client_CA_file", authority.toString()));
        }
        return this;
    }

    /** {@return this, without tickets, so that sessions have IDs} */
    public TongsuoContext withoutTickets()
    {
        lib.longNumber("SSL_CTX_set_options", context, OP_NO_TICKET);
        return this;
    }

    /** {@return this, choosing the first of its own suites instead of the first of the client's} */
    public TongsuoContext preferringItsOwn()
    {
        lib.longNumber("SSL_CTX_set_options", context, OP_CIPHER_SERVER_PREFERENCE);
        return this;
    }

    /** {@return this, sending no longer fragments, so that most messages of the handshake come in pieces} */
    public TongsuoContext fragmentLength(final int length)
    {
        control(CTRL_SET_MAX_SEND_FRAGMENT, length, MemorySegment.NULL);
        return this;
    }

    /** {@return this, offering a protocol as a client, or insisting on one as a server} */
    public TongsuoContext protocol(final String name)
    {
        wanted = name.getBytes(StandardCharsets.US_ASCII);
        if (isServer)
        {
            lib.run("SSL_CTX_set_alpn_select_cb", context, callback("onProtocols",
                MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class, MemorySegment.class,
                    MemorySegment.class, int.class, MemorySegment.class)), MemorySegment.NULL);
        }
        else if (lib.number("SSL_CTX_set_alpn_protos", context, (char)wanted.length + name, wanted.length + 1) != 0)
        {
            throw new IllegalStateException("SSL_CTX_set_alpn_protos: " + lib.errors());
        }
        return this;
    }

    /** {@return this, with other certificates for other.example, and a warning for who asks for a strange name} */
    public TongsuoContext named(final TongsuoContext other)
    {
        named = other;
        lib.longNumber("SSL_CTX_callback_ctrl", context, CTRL_SET_SERVERNAME_CB, callback("onServerName",
            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class, MemorySegment.class)));
        return this;
    }

    /** {@return a connection over a socket, whose handshake has not begun} */
    public TongsuoConnection connection(final Socket socket) throws IOException
    {
        return new TongsuoConnection(this, socket);
    }

    /** {@return the lines that its connections have had for a key log} */
    public List<String> keyLog()
    {
        return keyLog;
    }

    /** {@return the alerts of all its connections, as {@code read fatal 42} or {@code write warning 0}} */
    public List<String> alerts()
    {
        return alerts;
    }

    // ---- called by the library, by their names

    void onInfo(final MemorySegment connection, final int where, final int value)
    {
        if ((where & CB_ALERT) != 0)
        {
            alerts.add(((where & CB_READ) != 0 ? "read " : "write ") +
                (value >>> 8 == 2 ? "fatal " : "warning ") + (value & 0xff));
        }
    }

    void onKeyLog(final MemorySegment connection, final MemorySegment line)
    {
        keyLog.add(LibSsl.string(line));
    }

    int onProtocols(
        final MemorySegment connection, final MemorySegment chosen, final MemorySegment chosenLength,
        final MemorySegment offered, final int offeredLength, final MemorySegment none)
    {
        final MemorySegment list = LibSsl.memory(offered, offeredLength);
        for (long at = 0; at < offeredLength; at += 1 + list.get(ValueLayout.JAVA_BYTE, at))
        {
            final int length = list.get(ValueLayout.JAVA_BYTE, at);
            if (MemorySegment.ofArray(wanted).mismatch(list.asSlice(at + 1, length)) < 0)
            {
                LibSsl.memory(chosen, ValueLayout.ADDRESS.byteSize())
                    .set(ValueLayout.ADDRESS, 0, list.asSlice(at + 1, length));
                LibSsl.memory(chosenLength, 1).set(ValueLayout.JAVA_BYTE, 0, (byte)length);
                return TLSEXT_ERR_OK;
            }
        }
        return TLSEXT_ERR_ALERT_FATAL;
    }

    int onServerName(final MemorySegment connection, final MemorySegment alert, final MemorySegment none)
    {
        final String name = lib.string("SSL_get_servername", connection, 0);
        if ("other.example".equals(name))
        {
            lib.pointer("SSL_set_SSL_CTX", connection, named.context);
            return TLSEXT_ERR_OK;
        }
        return "localhost".equals(name) ? TLSEXT_ERR_OK : TLSEXT_ERR_ALERT_WARNING;
    }

    @Override
    public void close()
    {
        lib.run("SSL_CTX_free", context);
        arena.close();
    }
}
