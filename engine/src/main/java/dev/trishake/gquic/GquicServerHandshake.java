// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.X25519KeyPairs;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.SignatureDer;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.RejectReason;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The server's side of the handshake, gQUIC 7: a CHLO that has all that keys need is answered with SHLO, any other one
 * with REJ, which has proof and certificates once the client has shown that it receives at its address.
 */
final class GquicServerHandshake extends MessageHandshake
{
    /** The proof is signed, or not. */
    private static final int SIGNED = GquicStep.FIRST;
    /** The shared secrets are there. */
    private static final int AGREED = GquicStep.FIRST + 1;
    /** The keys are there. */
    private static final int SCHEDULED = GquicStep.FIRST + 2;

    /** Such a client is given a nonce to bring back. */
    private static final int NONCE_REASONS =
        1 << RejectReason.SERVER_NONCE_REQUIRED | 1 << RejectReason.SERVER_NONCE_INVALID;

    /** What a packet and REJ have beside proof and certificates, about; Chromium's reserve. */
    private static final int REJECT_OVERHEAD = 166;
    private static final int AMPLIFICATION = 3;

    private final ServerSettings settings;
    private final SourceAddressToken token;
    private final RejectEncoder reject;
    private final MessageDecoder hello;
    private final FourTuple tuple = new FourTuple();
    private final OctetWriter out = new OctetWriter();
    private final UnsafeBuffer proof = new UnsafeBuffer(new byte[SignatureDer.MAX_LENGTH]);

    GquicServerHandshake(
        final ServerSettings settings, final GquicMemory memory, final GquicSession session,
        final CryptoStream stream, final CryptoQueue queue, final Entropy entropy, final X25519KeyPairs pairs,
        final SourceAddressToken token)
    {
        super(memory, session, stream, queue, entropy, pairs);
        this.settings = settings;
        this.token = token;
        reject = new RejectEncoder(settings, token);
        hello = new MessageDecoder(memory.config.cryptoInLength);
    }

    @Override
    int start(final long nowNs)
    {
        return GquicStep.READ; // the client begins
    }

    @Override
    int onNonce(final long nowNs)
    {
        return GquicStep.READ; // it is the server's own
    }

    @Override
    int onMessage(final MessageDecoder message, final int level, final long nowNs)
    {
        if (message.tag() != Tag.CHLO)
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_TYPE);
        }
        if (session.is(GquicSession.ESTABLISHED))
        {
            return fail(GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE);
        }
        if (level != GquicLevel.NULL)
        {
            return fail(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT);
        }
        keepHello(message.offset(), message.length());
        session.transition(GquicState.SERVER_READ_CHLO);
        if (session.get(GquicSession.HELLOS) > settings.hellos)
        {
            return fail(GquicError.CRYPTO_TOO_MANY_REJECTS);
        }
        final int versionError = checkVersion(message);
        final int error = versionError != 0 ? versionError : TransportParameters.read(session, message);
        if (error != 0)
        {
            return fail(error);
        }
        takeOptions(message);
        return judge(message, nowNs);
    }

    /** gQUIC 15: who wanted another version that is spoken here was led to this one by somebody else. */
    private int checkVersion(final MessageDecoder message)
    {
        if (!message.has(Tag.VER, GquicVersion.LABEL_LENGTH))
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        }
        final int preferred = messages().getInt(message.valueOffset(message.find(Tag.VER)), BIG_ENDIAN);
        if (preferred != session.get(GquicSession.VERSION))
        {
            for (final int version : config.versions)
            {
                if (version == preferred)
                {
                    return GquicError.VERSION_NEGOTIATION_MISMATCH;
                }
            }
        }
        return 0;
    }

    private void takeOptions(final MessageDecoder message)
    {
        if (message.positionInList(Tag.COPT, Tag.NSTP) != MessageDecoder.NOT_FOUND)
        {
            session.raise(GquicSession.NO_STOP_WAITING);
        }
        if (message.u32(Tag.TCID, 1) == 0)
        {
            session.raise(GquicSession.OMIT_CID);
        }
    }

    // ---- judging a CHLO

    private int judge(final MessageDecoder message, final long nowNs)
    {
        final long nowSeconds = settings.time.seconds(nowNs);
        final int tokenReason = judgeToken(message, nowSeconds);
        final int scid = message.find(Tag.SCID);
        final ServerConfig chosen = scid == MessageDecoder.NOT_FOUND ? null :
            settings.configs.find(messages(), message.valueOffset(scid), message.valueLength(scid), nowSeconds);
        int reasons = tokenReason == 0 ? 0 : 1 << tokenReason;
        if (message.find(Tag.PUBS) == MessageDecoder.NOT_FOUND || scid == MessageDecoder.NOT_FOUND)
        {
            reasons |= 1 << RejectReason.INCHOATE;
        }
        else if (chosen == null)
        {
            reasons |= 1 << RejectReason.UNKNOWN_CONFIG;
        }
        else
        {
            reasons |= judgeLeaf(message) | judgeNonce(message, chosen);
        }
        if (reasons == 0)
        {
            final int error = takeKeyExchange(message, chosen);
            if (error != 0)
            {
                return fail(error);
            }
            reasons = judgeUniqueness(message, nowSeconds);
        }
        return reasons == 0 ? accept(message) : reject(message, reasons, tokenReason == 0, nowNs);
    }

    private int judgeToken(final MessageDecoder message, final long nowSeconds)
    {
        final int index = message.find(Tag.STK);
        tuple.load(session.memory(), session.at(GquicSession.TUPLE));
        return index == MessageDecoder.NOT_FOUND ? RejectReason.TOKEN_INVALID : token.open(messages(),
            message.valueOffset(index), message.valueLength(index), tuple.remoteHigh(), tuple.remoteLow(), nowSeconds);
    }

    private int judgeLeaf(final MessageDecoder message)
    {
        final int index = message.find(Tag.XLCT);
        return lengthOf(message, index) == Long.BYTES &&
            messages().getLong(message.valueOffset(index), LITTLE_ENDIAN) == settings.credentials.leafHash() ?
            0 : 1 << RejectReason.CERTIFICATE_MISMATCH;
    }

    private int judgeNonce(final MessageDecoder message, final ServerConfig chosen)
    {
        final int index = message.find(Tag.NONC);
        if (lengthOf(message, index) != ClientNonce.LENGTH)
        {
            return 1 << RejectReason.CLIENT_NONCE_INVALID;
        }
        return chosen.hasOrbit(messages(), message.valueOffset(index) + ClientNonce.ORBIT_OFFSET) ?
            0 : 1 << RejectReason.CLIENT_NONCE_INVALID_ORBIT;
    }

    /** The AEAD, the key exchange and its public value: one of each, from the config. */
    private int takeKeyExchange(final MessageDecoder message, final ServerConfig chosen)
    {
        if (message.find(Tag.AEAD) == MessageDecoder.NOT_FOUND || message.find(Tag.KEXS) == MessageDecoder.NOT_FOUND)
        {
            return GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND;
        }
        final int aead = message.u32(Tag.AEAD, 0);
        final int exchange = message.u32(Tag.KEXS, 0);
        if (!chosen.hasAead(aead) || !chosen.hasExchange(exchange))
        {
            return GquicError.CRYPTO_NO_SUPPORT;
        }
        final int index = message.find(Tag.PUBS);
        if (!takePublic(exchange, messages(), message.valueOffset(index), message.valueLength(index)))
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        }
        session.set(GquicSession.AEAD, aead);
        session.set(GquicSession.KEXS, exchange);
        session.set(HandshakeFields.CONFIG_NUMBER, chosen.number);
        return 0;
    }

    /**
     * A nonce that this session has just given out can't have been used before. Without one it is the client's nonce
     * that must be new, where that is remembered.
     */
    private int judgeUniqueness(final MessageDecoder message, final long nowSeconds)
    {
        final int index = message.find(Tag.SNO);
        if (lengthOf(message, index) > 0)
        {
            return session.get(HandshakeFields.NONCE_ISSUED) != 0 &&
                message.valueLength(index) == HandshakeFields.SERVER_NONCE_LENGTH &&
                ConstantTime.equal(messages(), message.valueOffset(index), session.memory(),
                    session.at(HandshakeFields.SERVER_NONCE), HandshakeFields.SERVER_NONCE_LENGTH) ?
                0 : 1 << RejectReason.SERVER_NONCE_INVALID;
        }
        if (settings.serverNonces)
        {
            return 1 << RejectReason.SERVER_NONCE_REQUIRED;
        }
        final int reason = settings.strikeRegister == null ? 0 : settings.strikeRegister.take(
            settings.strikeShard, messages(), message.valueOffset(message.find(Tag.NONC)), nowSeconds);
        return reason == 0 ? 0 : 1 << reason | 1 << RejectReason.SERVER_NONCE_REQUIRED;
    }

    // ---- REJ

    private int reject(final MessageDecoder message, final int reasons, final boolean hasToken, final long nowNs)
    {
        session.set(HandshakeFields.REASONS, reasons);
        session.set(HandshakeFields.CONFIG_NUMBER, settings.configs.current().number);
        if ((reasons & NONCE_REASONS) != 0 && session.get(HandshakeFields.NONCE_ISSUED) == 0)
        {
            drawServerNonce();
            session.set(HandshakeFields.NONCE_ISSUED, 1);
        }
        if (hasToken || (settings.proofWithoutToken && isAmplified(message)))
        {
            return post(settings.credentials.isEcdsa() ? HandshakeOperations.SIGN : HandshakeOperations.FOREIGN_SIGN,
                0, SIGNED);
        }
        return writeReject(false, nowNs);
    }

    private boolean isAmplified(final MessageDecoder message)
    {
        return settings.credentials.certificateList(message).capacity() + ProofSource.MAX_SIGNATURE_LENGTH +
            ServerConfig.MAX_LENGTH + REJECT_OVERHEAD <= AMPLIFICATION * message.length();
    }

    private void drawServerNonce()
    {
        entropy.nextBytes(session.memory(), session.at(HandshakeFields.SERVER_NONCE),
            HandshakeFields.SERVER_NONCE_LENGTH);
    }

    @Override
    int onStep(final int step, final long nowNs)
    {
        return switch (step)
        {
            case SIGNED -> writeReject(isGood(), nowNs);
            case AGREED -> onAgreed();
            case SCHEDULED -> onScheduled(nowNs);
            default -> fail(GquicError.INTERNAL_ERROR);
        };
    }

    private int writeReject(final boolean hasProof, final long nowNs)
    {
        final ServerConfig numbered = settings.configs.numbered(session.get(HandshakeFields.CONFIG_NUMBER));
        final ServerConfig shown = numbered == null ? settings.configs.current() : numbered;
        final boolean isProven = hasProof && numbered != null;
        final boolean hasNonce = session.get(HandshakeFields.NONCE_ISSUED) != 0;
        final int reasons = session.get(HandshakeFields.REASONS);
        final long nowSeconds = settings.time.seconds(nowNs);
        hello.wrap(
            messages(), session.get(HandshakeFields.HELLO_OFFSET), session.get(HandshakeFields.HELLO_LENGTH));
        final MessageEncoder message = stream.beginMessage(Tag.REJ, reject.count(reasons, hasNonce, isProven));
        writeToken(message, nowSeconds);
        if (hasNonce)
        {
            writeServerNonce(message);
        }
        reject.writeServerId(message);
        if (isProven)
        {
            writeProof(message);
        }
        RejectEncoder.writeConfig(message, shown);
        reject.writeReasons(message, messages(), reasons);
        reject.writeLifetime(message, shown, nowSeconds);
        if (isProven)
        {
            final DirectBuffer certificates = settings.credentials.certificateList(hello);
            message.value(Tag.CRT, certificates, 0, certificates.capacity());
        }
        if (stream.endMessage(GquicLevel.NULL) == MessageEncoder.FAILED)
        {
            return fail(GquicError.HANDSHAKE_FAILED);
        }
        session.transition(GquicState.SERVER_SENT_REJ);
        return sent();
    }

    /** A token for later: this session is there, so the token need not say how to go on without it. */
    private void writeToken(final MessageEncoder message, final long nowSeconds)
    {
        final int at = message.value(Tag.STK, token.length());
        if (at >= 0)
        {
            tuple.load(session.memory(), session.at(GquicSession.TUPLE));
            token.seal(messages(), at, tuple.remoteHigh(), tuple.remoteLow(), nowSeconds,
                session.get(GquicSession.VERSION), session.get(GquicSession.CID), 0, 0);
        }
    }

    private void writeServerNonce(final MessageEncoder message)
    {
        message.value(Tag.SNO, session.memory(), session.at(HandshakeFields.SERVER_NONCE),
            HandshakeFields.SERVER_NONCE_LENGTH);
    }

    private void writeProof(final MessageEncoder message)
    {
        if (settings.credentials.isEcdsa())
        {
            out.wrap(proof, 0, proof.capacity());
            SignatureDer.encode(out, session.memory(), session.at(HandshakeFields.SIGNATURE));
            message.value(Tag.PROF, proof, 0, out.length());
            return;
        }
        message.value(Tag.PROF, messages(), ForeignSignOperation.proofOffset(memory, session),
            session.get(HandshakeFields.PROOF_LENGTH));
    }

    // ---- SHLO

    private int accept(final MessageDecoder message)
    {
        final int salt = session.at(HandshakeFields.SALT);
        final int serverNonce = message.find(Tag.SNO);
        final int serverNonceLength = lengthOf(message, serverNonce);
        session.memory().putBytes(
            salt, messages(), message.valueOffset(message.find(Tag.NONC)), ClientNonce.LENGTH);
        if (serverNonceLength > 0)
        {
            session.memory().putBytes(
                salt + ClientNonce.LENGTH, messages(), message.valueOffset(serverNonce), serverNonceLength);
        }
        session.set(HandshakeFields.SALT_LENGTH, ClientNonce.LENGTH + serverNonceLength);
        entropy.nextBytes(
            session.memory(), session.at(GquicSession.DIVERSIFICATION), PacketHeaderDecoder.NONCE_LENGTH);
        return agree(
            session.get(GquicSession.KEXS), HandshakeFields.INITIAL | HandshakeFields.FORWARD, AGREED);
    }

    private int onAgreed()
    {
        if (!isGood())
        {
            return fail(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER);
        }
        drawServerNonce();
        session.set(HandshakeFields.NONCE_ISSUED, 0);
        return post(HandshakeOperations.KEYS, HandshakeFields.INITIAL | HandshakeFields.FORWARD, SCHEDULED);
    }

    private int onScheduled(final long nowNs)
    {
        HandshakeFields.wipeSecrets(session);
        if (!isGood())
        {
            return fail(GquicError.CRYPTO_SYMMETRIC_KEY_SETUP_FAILED);
        }
        final boolean hasToken = settings.tokenInServerHello;
        final MessageEncoder message =
            stream.beginMessage(Tag.SHLO, (hasToken ? 4 : 3) + TransportParameters.COUNT);
        if (hasToken)
        {
            writeToken(message, settings.time.seconds(nowNs));
        }
        writeServerNonce(message);
        writeVersions(message);
        TransportParameters.writeIdle(message, config);
        message.value(Tag.PUBS, session.memory(), session.at(HandshakeFields.PUBLIC),
            ServerConfig.publicLength(session.get(GquicSession.KEXS)));
        TransportParameters.writeStreams(message, config);
        TransportParameters.writeWindows(message, config);
        if (stream.endMessage(GquicLevel.INITIAL) == MessageEncoder.FAILED)
        {
            return fail(GquicError.HANDSHAKE_FAILED);
        }
        if (session.get(GquicSession.HELLOS) == 1 && session.get(GquicSession.CRYPTO_IN_BASE) == 0)
        {
            session.raise(GquicSession.RESUMED);
        }
        session.raise(GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE | GquicSession.HAS_FORWARD |
            GquicSession.ESTABLISHED);
        session.transition(GquicState.SERVER_SENT_SHLO);
        return sent();
    }

    private void writeVersions(final MessageEncoder message)
    {
        int at = message.value(Tag.VER, config.versions.length * GquicVersion.LABEL_LENGTH);
        for (int i = 0; i < config.versions.length && at >= 0; i++)
        {
            messages().putInt(at, config.versions[i], BIG_ENDIAN);
            at += GquicVersion.LABEL_LENGTH;
        }
    }
}
