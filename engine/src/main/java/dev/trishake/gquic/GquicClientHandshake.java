// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.X25519KeyPairs;
import dev.trishake.wire.SignatureDer;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.ServerConfigDecoder;
import dev.trishake.wire.gquic.Tag;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The client's side of the handshake, gQUIC 7: it asks for the server's config until that is proven to be of a server
 * that is trusted, then it sends a full CHLO and has keys. A config that is remembered makes the full CHLO the first.
 */
final class GquicClientHandshake extends MessageHandshake
{
    /** CHLOs that are sent before a server has rejected too often. */
    static final int MAX_HELLOS = 3;

    /** The verdict on the server's certificates is asked for. */
    private static final int FIND_TRUST = GquicStep.FIRST;
    /** The proof was verified, or not. */
    private static final int VERIFIED = GquicStep.FIRST + 1;
    /** The initial secret is there. */
    private static final int INITIAL_AGREED = GquicStep.FIRST + 2;
    /** Our initial keys are there. */
    private static final int INITIAL_SCHEDULED = GquicStep.FIRST + 3;
    /** The server's initial keys are there. */
    private static final int DIVERSIFIED = GquicStep.FIRST + 4;
    /** The forward-secure secret is there. */
    private static final int FORWARD_AGREED = GquicStep.FIRST + 5;
    /** The forward-secure keys are there. */
    private static final int FORWARD_SCHEDULED = GquicStep.FIRST + 6;

    private static final long MAX_LIFETIME_SECONDS = 7L * 24 * 3600;

    private final ClientSettings settings;
    private final ServerCache cache;
    private final PeerTrustQuery query;
    private final ClientHelloEncoder hello;
    private final ServerConfigDecoder serverConfig = new ServerConfigDecoder(ServerCache.MAX_CONFIG_LENGTH);
    private final SignatureDer signature = SignatureDer.ofP256();

    GquicClientHandshake(
        final ClientSettings settings, final GquicMemory memory, final GquicSession session,
        final CryptoStream stream, final CryptoQueue queue, final Entropy entropy, final X25519KeyPairs pairs,
        final ServerCache cache, final PeerTrustQuery query)
    {
        super(memory, session, stream, queue, entropy, pairs);
        this.settings = settings;
        this.cache = cache;
        this.query = query;
        hello = new ClientHelloEncoder(memory, session, stream, cache);
    }

    // ---- CHLO

    @Override
    int start(final long nowNs)
    {
        final int server = session.get(GquicSession.SERVER_INDEX);
        final int version = cache.current(server, settings.time.seconds(nowNs));
        if (!settings.resumption || version == ServerCache.NONE || cache.tokenLength(server) == 0)
        {
            return sendInchoate();
        }
        session.set(HandshakeFields.CACHED_VERSION, cache.number(version));
        return beginFull(version, nowNs);
    }

    private int sendInchoate()
    {
        final int at = stream.messageOffset();
        final int length = hello.writeInchoate();
        if (length == MessageEncoder.FAILED)
        {
            return fail(GquicError.HANDSHAKE_FAILED);
        }
        keepHello(at, length);
        session.transition(GquicState.CLIENT_SENT_INCHOATE_CHLO);
        return sent();
    }

    /** Chooses how keys are agreed on, and agrees on the initial secret. */
    private int beginFull(final int version, final long nowNs)
    {
        final int error = serverConfig.wrap(cache.memory(), cache.configOffset(version), cache.configLength(version));
        if (error != 0)
        {
            return fail(error);
        }
        final int aead = chooseAead();
        final int exchange = chooseExchange();
        if (aead == 0 || exchange == 0)
        {
            return fail(GquicError.CRYPTO_NO_SUPPORT);
        }
        if (!takePublic(exchange, cache.memory(), serverConfig.publicOffset(), serverConfig.publicLength()))
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
        }
        session.set(GquicSession.AEAD, aead);
        session.set(GquicSession.KEXS, exchange);
        drawNonce(nowNs);
        return agree(exchange, HandshakeFields.INITIAL, INITIAL_AGREED);
    }

    private int chooseAead()
    {
        for (final int aead : settings.aeads)
        {
            if (serverConfig.hasAead(aead))
            {
                return aead;
            }
        }
        return 0;
    }

    private int chooseExchange()
    {
        for (final int exchange : settings.exchanges)
        {
            if (serverConfig.findPublicValue(exchange))
            {
                return exchange;
            }
        }
        return 0;
    }

    /** The salt of the initial keys: a new NONC, and the SNO that REJ has brought. */
    private void drawNonce(final long nowNs)
    {
        final int salt = session.at(HandshakeFields.SALT);
        ClientNonce.write(session.memory(), salt, settings.time.seconds(nowNs), cache.memory(),
            serverConfig.orbitOffset(), entropy);
        takeServerNonce(
            session.get(HandshakeFields.NONCE_OFFSET), session.get(HandshakeFields.NONCE_LENGTH));
    }

    private void takeServerNonce(final int offset, final int length)
    {
        session.memory().putBytes(session.at(HandshakeFields.SALT + ClientNonce.LENGTH), messages(), offset, length);
        session.set(HandshakeFields.SALT_LENGTH, ClientNonce.LENGTH + length);
    }

    private int sendFull()
    {
        final int version = cachedVersion();
        if (!isGood() || version == ServerCache.NONE)
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
        }
        serverConfig.wrap(cache.memory(), cache.configOffset(version), cache.configLength(version));
        final int at = stream.messageOffset();
        final int length = hello.writeFull(serverConfig, version);
        if (length == MessageEncoder.FAILED)
        {
            return fail(GquicError.HANDSHAKE_FAILED);
        }
        keepHello(at, length);
        return post(HandshakeOperations.KEYS, HandshakeFields.INITIAL, INITIAL_SCHEDULED);
    }

    private int cachedVersion()
    {
        return cache.find(session.get(GquicSession.SERVER_INDEX), session.get(HandshakeFields.CACHED_VERSION));
    }

    private int onInitialScheduled()
    {
        if (!isGood())
        {
            return fail(GquicError.CRYPTO_SYMMETRIC_KEY_SETUP_FAILED);
        }
        session.raise(GquicSession.HAS_INITIAL_WRITE);
        if (session.get(GquicSession.HELLOS) == 1)
        {
            session.raise(GquicSession.RESUMED);
        }
        session.transition(GquicState.CLIENT_SENT_FULL_CHLO);
        return sent();
    }

    @Override
    int onNonce(final long nowNs)
    {
        return post(HandshakeOperations.KEYS, HandshakeFields.DIVERSIFY, DIVERSIFIED);
    }

    @Override
    int onStep(final int step, final long nowNs)
    {
        return switch (step)
        {
            case FIND_TRUST -> findTrust(nowNs);
            case VERIFIED -> onVerified(nowNs);
            case INITIAL_AGREED -> sendFull();
            case INITIAL_SCHEDULED -> onInitialScheduled();
            case DIVERSIFIED -> onDiversified();
            case FORWARD_AGREED -> onForwardAgreed();
            case FORWARD_SCHEDULED -> onForwardScheduled();
            default -> fail(GquicError.INTERNAL_ERROR);
        };
    }

    private int onDiversified()
    {
        session.raise(GquicSession.HAS_INITIAL_READ);
        return sent();
    }

    @Override
    int onMessage(final MessageDecoder message, final int level, final long nowNs)
    {
        if (session.is(GquicSession.ESTABLISHED))
        {
            // a config update is for the next connection, and nothing that must be taken
            return message.tag() == Tag.SCUP ? sent() :
                fail(GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE);
        }
        return switch (message.tag())
        {
            case Tag.REJ -> level == GquicLevel.NULL ? onReject(message, nowNs) :
                fail(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT);
            case Tag.SHLO -> level == GquicLevel.NULL ? fail(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT) :
                onServerHello(message);
            default -> fail(GquicError.INVALID_CRYPTO_MESSAGE_TYPE);
        };
    }

    // ---- REJ

    private int onReject(final MessageDecoder message, final long nowNs)
    {
        session.transition(GquicState.CLIENT_READ_REJ);
        forgetInitialKeys();
        if (session.get(GquicSession.HELLOS) >= MAX_HELLOS)
        {
            return fail(GquicError.CRYPTO_TOO_MANY_REJECTS);
        }
        final int error = takeReject(message, nowNs);
        if (error != 0)
        {
            return fail(error);
        }
        if (message.find(Tag.PROF) != MessageDecoder.NOT_FOUND)
        {
            query.takeFingerprint(session);
            return findTrust(nowNs);
        }
        final int version = cachedVersion();
        return version == ServerCache.NONE ? sendInchoate() : beginFull(version, nowNs);
    }

    /** The next CHLO has other keys, and what was sent under these is lost. */
    private void forgetInitialKeys()
    {
        session.clear(GquicSession.HAS_INITIAL_WRITE | GquicSession.HAS_INITIAL_READ | GquicSession.NONCE_DUE |
            GquicSession.RESUMED);
        session.wipe(GquicSession.KEYS_INITIAL_READ, Protection.KEYS_LENGTH);
        session.wipe(GquicSession.KEYS_INITIAL_WRITE, Protection.KEYS_LENGTH);
        HandshakeFields.wipeSecrets(session);
    }

    /** Takes where the values are that are needed later; answers the error that the message deserves, or 0. */
    private int takeReject(final MessageDecoder message, final long nowNs)
    {
        final int nonce = message.find(Tag.SNO);
        final int proof = message.find(Tag.PROF);
        final int certificates = message.find(Tag.CRT);
        if (lengthOf(message, nonce) > HandshakeFields.MAX_SERVER_NONCE_LENGTH ||
            (proof == MessageDecoder.NOT_FOUND) != (certificates == MessageDecoder.NOT_FOUND))
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        }
        take(message, nonce, HandshakeFields.NONCE_OFFSET, HandshakeFields.NONCE_LENGTH);
        take(message, proof, HandshakeFields.PROOF_OFFSET, HandshakeFields.PROOF_LENGTH);
        take(message, certificates, HandshakeFields.CERTIFICATES_OFFSET, HandshakeFields.CERTIFICATES_LENGTH);
        final int token = message.find(Tag.STK);
        if (lengthOf(message, token) > ServerCache.MAX_TOKEN_LENGTH)
        {
            return GquicError.CRYPTO_INVALID_VALUE_LENGTH;
        }
        if (token != MessageDecoder.NOT_FOUND)
        {
            take(message, token, HandshakeFields.TOKEN_OFFSET, HandshakeFields.TOKEN_LENGTH);
        }
        return takeConfig(message, message.find(Tag.SCFG), proof != MessageDecoder.NOT_FOUND, nowNs);
    }

    private int takeConfig(
        final MessageDecoder message, final int index, final boolean isProven, final long nowNs)
    {
        if (index == MessageDecoder.NOT_FOUND)
        {
            // what was sent before is still good, but a proof is for a config beside it
            return isProven || (session.get(HandshakeFields.CONFIG_LENGTH) == 0 &&
                cachedVersion() == ServerCache.NONE) ? GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND : 0;
        }
        final int offset = message.valueOffset(index);
        final int length = message.valueLength(index);
        final int error = serverConfig.wrap(messages(), offset, length);
        if (error != 0)
        {
            return error;
        }
        final long nowSeconds = settings.time.seconds(nowNs);
        if (Long.compareUnsigned(serverConfig.expirySeconds(), nowSeconds) <= 0)
        {
            return GquicError.CRYPTO_SERVER_CONFIG_EXPIRED;
        }
        take(message, index, HandshakeFields.CONFIG_OFFSET, HandshakeFields.CONFIG_LENGTH);
        final long lifetime = message.u64(Tag.STTL, MAX_LIFETIME_SECONDS);
        session.set(HandshakeFields.CONFIG_LIFETIME,
            (int)(Long.compareUnsigned(lifetime, MAX_LIFETIME_SECONDS) > 0 ? MAX_LIFETIME_SECONDS : lifetime));
        final int version = cachedVersion();
        if (version != ServerCache.NONE && !isProven && !cache.hasConfig(version, messages(), offset, length))
        {
            // the proof was for another config
            session.set(HandshakeFields.CACHED_VERSION, 0);
            return session.get(HandshakeFields.PROVEN_NOW) != 0 ? GquicError.PROOF_INVALID : 0;
        }
        return 0;
    }

    private void take(final MessageDecoder message, final int index, final int offset, final int length)
    {
        session.set(offset, index == MessageDecoder.NOT_FOUND ? 0 : message.valueOffset(index));
        session.set(length, lengthOf(message, index));
    }

    private int findTrust(final long nowNs)
    {
        final int entry = query.find(session, nowNs);
        if (entry == GquicPeerTrust.UNKNOWN)
        {
            session.set(GquicSession.STEP, FIND_TRUST);
            return GquicStep.AWAIT_CERTIFICATE;
        }
        final int error = settings.trust.error(entry);
        if (error != GquicPeerTrust.TRUSTED)
        {
            return fail(error);
        }
        if (!settings.trust.isEcdsa(entry))
        {
            return post(HandshakeOperations.VERIFY, VerifyOperation.FOREIGN, VERIFIED);
        }
        settings.trust.copyKey(entry, session.memory(), session.at(HandshakeFields.LEAF_KEY));
        return signature.decode(messages(), session.get(HandshakeFields.PROOF_OFFSET),
            session.get(HandshakeFields.PROOF_LENGTH), session.memory(), session.at(HandshakeFields.SIGNATURE)) ?
            post(HandshakeOperations.VERIFY, 0, VERIFIED) : fail(GquicError.PROOF_INVALID);
    }

    private int onVerified(final long nowNs)
    {
        if (!isGood())
        {
            return fail(GquicError.PROOF_INVALID);
        }
        final int entry = query.find(session, nowNs);
        if (entry == GquicPeerTrust.UNKNOWN)
        {
            session.set(GquicSession.STEP, FIND_TRUST); // it was forgotten meanwhile
            return GquicStep.AWAIT_CERTIFICATE;
        }
        final int server = session.get(GquicSession.SERVER_INDEX);
        final int config = session.get(HandshakeFields.CONFIG_OFFSET);
        final int length = session.get(HandshakeFields.CONFIG_LENGTH);
        final int number = cache.store(
            server, messages(), config, length, expirySeconds(config, length, nowNs), settings.trust, entry);
        if (number == 0)
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
        }
        if (session.get(HandshakeFields.TOKEN_LENGTH) != 0)
        {
            cache.storeToken(server, messages(), session.get(HandshakeFields.TOKEN_OFFSET),
                session.get(HandshakeFields.TOKEN_LENGTH));
        }
        session.set(HandshakeFields.CACHED_VERSION, number);
        session.set(HandshakeFields.PROVEN_NOW, 1);
        return beginFull(cachedVersion(), nowNs);
    }

    /** {@return until when the config is remembered: what it says itself, what REJ says, a week at most} */
    private long expirySeconds(final int config, final int length, final long nowNs)
    {
        final long told = settings.time.seconds(nowNs) + session.get(HandshakeFields.CONFIG_LIFETIME);
        serverConfig.wrap(messages(), config, length);
        return Long.compareUnsigned(serverConfig.expirySeconds(), told) < 0 ? serverConfig.expirySeconds() : told;
    }

    // ---- SHLO

    private int onServerHello(final MessageDecoder message)
    {
        if (session.state() != GquicState.CLIENT_SENT_FULL_CHLO)
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_TYPE);
        }
        final int versionError = checkVersions(message);
        final int error = versionError != 0 ? versionError : TransportParameters.read(session, message);
        if (error != 0)
        {
            return fail(error);
        }
        final int publicValue = message.find(Tag.PUBS);
        final int nonce = message.find(Tag.SNO);
        if (publicValue == MessageDecoder.NOT_FOUND || nonce == MessageDecoder.NOT_FOUND)
        {
            return fail(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND);
        }
        if (message.valueLength(nonce) > HandshakeFields.MAX_SERVER_NONCE_LENGTH ||
            !takePublic(session.get(GquicSession.KEXS), messages(), message.valueOffset(publicValue),
                message.valueLength(publicValue)))
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
        }
        takeServerNonce(message.valueOffset(nonce), message.valueLength(nonce));
        final int token = message.find(Tag.STK);
        if (lengthOf(message, token) != 0)
        {
            cache.storeToken(session.get(GquicSession.SERVER_INDEX), messages(), message.valueOffset(token),
                message.valueLength(token));
        }
        return post(AgreeOperation.kind(session.get(GquicSession.KEXS)), HandshakeFields.FORWARD, FORWARD_AGREED);
    }

    /** gQUIC 15: who was told of versions without protection compares with what the server says under it. */
    private int checkVersions(final MessageDecoder message)
    {
        final int index = message.find(Tag.VER);
        final int length = lengthOf(message, index);
        if (length == 0 || length % GquicVersion.LABEL_LENGTH != 0)
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        }
        if (!session.is(GquicSession.NEGOTIATED))
        {
            return 0;
        }
        int matched = 0;
        final int count = session.get(GquicSession.LABEL_COUNT);
        for (int i = 0; i < length; i += GquicVersion.LABEL_LENGTH)
        {
            final int label = messages().getInt(message.valueOffset(index) + i, BIG_ENDIAN);
            if (!GquicVersion.isReserved(label))
            {
                if (matched == count ||
                    label != session.get(GquicSession.LABELS + matched * GquicVersion.LABEL_LENGTH))
                {
                    return GquicError.VERSION_NEGOTIATION_MISMATCH;
                }
                matched++;
            }
        }
        return matched == count ? 0 : GquicError.VERSION_NEGOTIATION_MISMATCH;
    }

    private int onForwardAgreed()
    {
        return isGood() ? post(HandshakeOperations.KEYS, HandshakeFields.FORWARD, FORWARD_SCHEDULED) :
            fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
    }

    private int onForwardScheduled()
    {
        HandshakeFields.wipeSecrets(session);
        if (!isGood())
        {
            return fail(GquicError.CRYPTO_SYMMETRIC_KEY_SETUP_FAILED);
        }
        session.raise(GquicSession.HAS_FORWARD | GquicSession.ESTABLISHED);
        session.transition(GquicState.CLIENT_READ_SHLO);
        return sent();
    }
}
