// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.wire.tlcp.CipherSuite;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.Arrays;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Tongsuo's libssl in this process, the peer that is written in C and assembler: the two SSLs of a connection are the
 * ends of a pair of BIOs, and a turn is a call of {@code SSL_connect} or {@code SSL_accept} for each that is not done.
 * Making and freeing an SSL is its own side's.
 */
final class Tongsuo implements ForeignStack
{
    private static final MethodHandle SSL_NEW = LibSsl.link("SSL_new", ADDRESS, ADDRESS);
    private static final MethodHandle SSL_FREE = LibSsl.link("SSL_free", null, ADDRESS);
    private static final MethodHandle SSL_SET_BIO = LibSsl.link("SSL_set_bio", null, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SSL_SET_SESSION = LibSsl.link("SSL_set_session", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SSL_SET_SHUTDOWN = LibSsl.link("SSL_set_shutdown", null, ADDRESS, JAVA_INT);
    private static final MethodHandle SSL_SESSION_REUSED = LibSsl.link("SSL_session_reused", JAVA_INT, ADDRESS);
    private static final MethodHandle SSL_CONNECT = LibSsl.link("SSL_connect", JAVA_INT, ADDRESS);
    private static final MethodHandle SSL_ACCEPT = LibSsl.link("SSL_accept", JAVA_INT, ADDRESS);
    private static final MethodHandle BIO_NEW_BIO_PAIR =
        LibSsl.link("BIO_new_bio_pair", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);

    /** A full handshake is under way twice: when its server has the ClientHello, and when that has the rest. */
    private static final int GENERATIONS = 2;
    private static final long BIO_LENGTH = 1 << 13;
    private static final int PEM = 1;
    private static final int CTRL_EXTRA_CHAIN_CERT = 14;
    private static final int CTRL_SET_SESS_CACHE_MODE = 44;
    private static final long SESS_CACHE_OFF = 0;
    private static final long OP_NO_TICKET = 0x4000;
    private static final int VERIFY_NONE = 0;
    private static final int VERIFY_PEER = 1;
    private static final int VERIFY_FAIL_IF_NO_PEER_CERT = 2;
    private static final int SENT_AND_RECEIVED_SHUTDOWN = 3;
    private static final String CONTEXT_ID = "bench";

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment clientBio = arena.allocate(ADDRESS);
    private final MemorySegment serverBio = arena.allocate(ADDRESS);
    private final MemorySegment clients;
    private final MemorySegment servers;
    private final Pair[] pairs;
    private MemorySegment session = NULL;
    private int generation;

    /** The two ends of one connection. */
    private static final class Pair
    {
        private MemorySegment client = NULL;
        private boolean clientIsDone;
        private MemorySegment server = NULL;
        private boolean serverIsDone;
        /** What the server of the next connection will have; NULL once it has it. */
        private MemorySegment nextServerBio = NULL;
    }

    /**
     * Loads the library.
     *
     * @param pki             a folder as {@code TestPki} writes it
     * @param suite           its code
     * @param count           handshakes side by side
     * @param isAuthenticated whether clients are
     * @param isResumed       whether all handshakes go on from one session
     */
    Tongsuo(final Path pki, final int suite, final int count, final boolean isAuthenticated, final boolean isResumed)
    {
        // ECC_SM4_CBC_SM3 is ECC-SM2-SM4-CBC-SM3
        final String name = CipherSuite.name(suite).replace("_SM4", "_SM2_SM4").replace('_', '-');
        clients = context("NTLS_client_method", pki, "client", name, VERIFY_PEER);
        servers = context("NTLS_server_method", pki, "server", name,
            isAuthenticated ? VERIFY_PEER | VERIFY_FAIL_IF_NO_PEER_CERT : VERIFY_NONE);
        LibSsl.must("SSL_CTX_set_session_id_context", servers, CONTEXT_ID, CONTEXT_ID.length());
        pairs = new Pair[GENERATIONS * count];
        Arrays.setAll(pairs, i -> new Pair());
        if (isResumed)
        {
            rememberASession();
        }
        else
        {
            LibSsl.number("SSL_CTX_ctrl", servers, CTRL_SET_SESS_CACHE_MODE, SESS_CACHE_OFF, NULL);
        }
    }

    private static MemorySegment context(
        final String method, final Path pki, final String own, final String suite, final int mode)
    {
        final MemorySegment context = LibSsl.pointer("SSL_CTX_new", LibSsl.pointer(method));
        LibSsl.run("SSL_CTX_enable_ntls", context);
        LibSsl.number("SSL_CTX_set_options", context, OP_NO_TICKET);
        LibSsl.must("SSL_CTX_set_cipher_list", context, suite);
        LibSsl.must("SSL_CTX_use_sign_certificate_file", context, pki.resolve(own + "_sign.crt").toString(), PEM);
        LibSsl.must("SSL_CTX_use_sign_PrivateKey_file", context, pki.resolve(own + "_sign.key").toString(), PEM);
        LibSsl.must("SSL_CTX_use_enc_certificate_file", context, pki.resolve(own + "_enc.crt").toString(), PEM);
        LibSsl.must("SSL_CTX_use_enc_PrivateKey_file", context, pki.resolve(own + "_enc.key").toString(), PEM);
        final MemorySegment file = LibSsl.pointer("BIO_new_file", pki.resolve("subca.crt").toString(), "r");
        LibSsl.number("SSL_CTX_ctrl", context, CTRL_EXTRA_CHAIN_CERT, 0L,
            LibSsl.pointer("PEM_read_bio_X509", file, NULL, NULL, NULL));
        LibSsl.run("BIO_free", file);
        LibSsl.run("SSL_CTX_set_verify", context, mode, NULL);
        LibSsl.run("SSL_CTX_set_cert_verify_callback", context, trusting(), NULL);
        return context;
    }

    /** Knows whoever comes: certificates that were validated before. */
    private static MemorySegment trusting()
    {
        return LibSsl.callback(MethodHandles.dropArguments(
            MethodHandles.constant(int.class, 1), 0, MemorySegment.class, MemorySegment.class),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    private void rememberASession()
    {
        final Pair pair = pairs[0];
        begin(pair);
        while (!pair.clientIsDone || !pair.serverIsDone)
        {
            serve(pair);
            dial(pair);
        }
        session = LibSsl.pointer("SSL_get1_session", pair.client);
    }

    // ---- turns

    @Override
    public int clientTurn()
    {
        final int count = pairs.length / GENERATIONS;
        int done = 0;
        for (final Pair pair : pairs)
        {
            done += dial(pair);
        }
        for (int i = generation * count; i < (generation + 1) * count; i++)
        {
            begin(pairs[i]);
        }
        generation = (generation + 1) % GENERATIONS;
        return done;
    }

    @Override
    public int serverTurn()
    {
        int done = 0;
        for (final Pair pair : pairs)
        {
            done += serve(pair);
        }
        return done;
    }

    /** A new connection, and its ClientHello. */
    private void begin(final Pair pair)
    {
        try
        {
            free(pair.client);
            check((int)BIO_NEW_BIO_PAIR.invokeExact(clientBio, BIO_LENGTH, serverBio, BIO_LENGTH) == 1);
            pair.client = make(clients, clientBio.get(ADDRESS, 0));
            pair.clientIsDone = false;
            pair.nextServerBio = serverBio.get(ADDRESS, 0);
            check(session.equals(NULL) || (int)SSL_SET_SESSION.invokeExact(pair.client, session) == 1);
        }
        catch (final Throwable ex)
        {
            throw LibSsl.failed("begin", ex);
        }
        dial(pair);
    }

    private static MemorySegment make(final MemorySegment context, final MemorySegment bio) throws Throwable
    {
        final MemorySegment ssl = (MemorySegment)SSL_NEW.invokeExact(context);
        SSL_SET_BIO.invokeExact(ssl, bio, bio);
        return ssl;
    }

    private static void free(final MemorySegment ssl) throws Throwable
    {
        if (!ssl.equals(NULL))
        {
            // without close_notify it would forget the session, too
            SSL_SET_SHUTDOWN.invokeExact(ssl, SENT_AND_RECEIVED_SHUTDOWN);
            SSL_FREE.invokeExact(ssl);
        }
    }

    private static void check(final boolean isRight)
    {
        if (!isRight)
        {
            throw new IllegalStateException("Tongsuo did not shake hands as it was asked to");
        }
    }

    private static int dial(final Pair pair)
    {
        if (pair.client.equals(NULL) || pair.clientIsDone)
        {
            return 0;
        }
        try
        {
            pair.clientIsDone = (int)SSL_CONNECT.invokeExact(pair.client) == 1;
        }
        catch (final Throwable ex)
        {
            throw LibSsl.failed("SSL_connect", ex);
        }
        return pair.clientIsDone ? 1 : 0;
    }

    private int serve(final Pair pair)
    {
        try
        {
            if (!pair.nextServerBio.equals(NULL))
            {
                free(pair.server);
                pair.server = make(servers, pair.nextServerBio);
                pair.serverIsDone = false;
                pair.nextServerBio = NULL;
            }
            if (pair.server.equals(NULL) || pair.serverIsDone)
            {
                return 0;
            }
            pair.serverIsDone = (int)SSL_ACCEPT.invokeExact(pair.server) == 1;
            check(!pair.serverIsDone ||
                (int)SSL_SESSION_REUSED.invokeExact(pair.server) == (session.equals(NULL) ? 0 : 1));
        }
        catch (final Throwable ex)
        {
            throw LibSsl.failed("SSL_accept", ex);
        }
        return pair.serverIsDone ? 1 : 0;
    }

    @Override
    public void close()
    {
        try
        {
            for (final Pair pair : pairs)
            {
                free(pair.client);
                free(pair.server);
            }
        }
        catch (final Throwable ex)
        {
            throw LibSsl.failed("SSL_free", ex);
        }
        LibSsl.run("SSL_CTX_free", clients);
        LibSsl.run("SSL_CTX_free", servers);
        arena.close();
    }
}
