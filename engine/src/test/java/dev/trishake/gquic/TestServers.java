// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.hash.Fnv1a64;
import dev.trishake.wire.gquic.CertificateListDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.zip.Deflater;

/** Servers' identities of the recordings, as both sides of a handshake want them. */
final class TestServers
{
    static final Transcripts.Server ECDSA = Transcripts.servers().get("q044-ecdsa");
    static final Transcripts.Server RSA = Transcripts.servers().get("q043-rsa-chain");

    private TestServers()
    {
    }

    /** {@return credentials whose lists of certificates know what clients may have} */
    static GquicCredentials credentials(final Transcripts.Server server)
    {
        final UnsafeBuffer[] chain = server.chain().stream().map(UnsafeBuffer::new).toArray(UnsafeBuffer[]::new);
        final UnsafeBuffer[] lists = new UnsafeBuffer[1 << chain.length];
        for (int mask = 0; mask < lists.length; mask++)
        {
            lists[mask] = new UnsafeBuffer(certificateList(server.chain(), mask));
        }
        if (!server.isEcdsa())
        {
            return GquicCredentials.signedBy(chain, lists, new RsaSource(server));
        }
        final UnsafeBuffer key = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
        Transcripts.put(key, 0, ((ECPrivateKey)server.privateKey()).getS());
        return GquicCredentials.ecdsa(chain, lists, key, 0);
    }

    /** A value of CRT; its stream has no preset dictionary here, the handshake does not look inside. */
    private static byte[] certificateList(final List<byte[]> chain, final int cached)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        for (int i = 0; i < chain.size(); i++)
        {
            final byte[] der = chain.get(i);
            if ((cached & 1 << i) != 0)
            {
                out.write(CertificateListDecoder.CACHED);
                writeLong(out, Fnv1a64.hash(new UnsafeBuffer(der), 0, der.length));
                continue;
            }
            out.write(CertificateListDecoder.COMPRESSED);
            writeInt(compressed, der.length);
            compressed.writeBytes(der);
        }
        out.write(0);
        if (compressed.size() > 0)
        {
            writeInt(out, compressed.size());
            final byte[] deflated = new byte[compressed.size() + 100];
            final Deflater deflater = new Deflater();
            deflater.setInput(compressed.toByteArray());
            deflater.finish();
            out.write(deflated, 0, deflater.deflate(deflated));
        }
        return out.toByteArray();
    }

    private static void writeInt(final ByteArrayOutputStream out, final int value)
    {
        for (int i = 0; i < Integer.BYTES; i++)
        {
            out.write(value >>> (Byte.SIZE * i));
        }
    }

    private static void writeLong(final ByteArrayOutputStream out, final long value)
    {
        writeInt(out, (int)value);
        writeInt(out, (int)(value >>> Integer.SIZE));
    }

    /** {@return settings of a server with a config that is good for a day} */
    static ServerSettings settings(final Transcripts.Server server)
    {
        return new ServerSettings(credentials(server), new ServerConfigs(
            ServerConfig.create(Entropy.seeded(77), HandshakeRig.NOW_SECONDS + 86_400)), tokenKeys(), new UnixTime());
    }

    static TokenKeys tokenKeys()
    {
        return new RotatingTokenKeys(new UnsafeBuffer(new byte[32]), 0, RotatingTokenKeys.DEFAULT_EPOCH_SECONDS);
    }

    /** Signs as a server with an RSA key does, and counts. */
    static final class RsaSource implements ProofSource
    {
        int signatures;
        private final Transcripts.Server server;

        RsaSource(final Transcripts.Server server)
        {
            this.server = server;
        }

        @Override
        public int sign(
            final DirectBuffer input, final int offset, final int length, final MutableDirectBuffer signature,
            final int signatureAt)
        {
            try
            {
                final byte[] bytes = new byte[length];
                input.getBytes(offset, bytes);
                final Signature rsa = pss();
                rsa.initSign(server.privateKey());
                rsa.update(bytes);
                final byte[] made = rsa.sign();
                signature.putBytes(signatureAt, made);
                signatures++;
                return made.length;
            }
            catch (final GeneralSecurityException ex)
            {
                throw new IllegalStateException(ex);
            }
        }
    }

    static Signature pss() throws GeneralSecurityException
    {
        final Signature rsa = Signature.getInstance("RSASSA-PSS");
        rsa.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        return rsa;
    }

    /** {@return whether a proof is the server's, over an input; asks the JDK} */
    static boolean verifies(final Transcripts.Server server, final byte[] input, final byte[] proof)
    {
        try
        {
            final Signature signature = server.isEcdsa() ? Signature.getInstance("SHA256withECDSA") : pss();
            signature.initVerify(server.publicKey());
            signature.update(input);
            return signature.verify(proof);
        }
        catch (final GeneralSecurityException ex)
        {
            return false;
        }
    }

    /** Trusts one server; may be told to know nobody yet, or to refuse. */
    static final class Trust implements GquicPeerTrust
    {
        boolean isKnown = true;
        int error = TRUSTED;
        int asked;
        final UnsafeBuffer fingerprint = new UnsafeBuffer(new byte[FINGERPRINT_LENGTH]);
        final UnsafeBuffer certificates = new UnsafeBuffer(new byte[1 << 14]);
        int certificatesLength;
        private final Transcripts.Server server;
        private UnsafeBuffer point;
        private final UnsafeBuffer leaf;
        private final long[] hashes;

        Trust(final Transcripts.Server server)
        {
            this.server = server;
            if (server.isEcdsa())
            {
                point = Transcripts.point((ECPublicKey)server.publicKey());
            }
            leaf = new UnsafeBuffer(server.leaf());
            hashes = server.chain().stream().mapToLong(
                der -> Fnv1a64.hash(new UnsafeBuffer(der), 0, der.length)).toArray();
        }

        @Override
        public int find(
            final DirectBuffer names, final int nameOffset, final int nameLength, final DirectBuffer list,
            final int offset, final int length, final DirectBuffer wanted, final int fingerprintOffset,
            final long nowNs)
        {
            asked++;
            certificatesLength = length;
            certificates.putBytes(0, list, offset, length);
            fingerprint.putBytes(0, wanted, fingerprintOffset, FINGERPRINT_LENGTH);
            return isKnown ? 0 : UNKNOWN;
        }

        @Override
        public int error(final int entry)
        {
            return error;
        }

        @Override
        public int leafLength(final int entry)
        {
            return leaf.capacity();
        }

        @Override
        public void copyLeaf(final int entry, final MutableDirectBuffer destination, final int offset)
        {
            destination.putBytes(offset, leaf, 0, leaf.capacity());
        }

        @Override
        public int chainLength(final int entry)
        {
            return hashes.length;
        }

        @Override
        public long hash(final int entry, final int index)
        {
            return hashes[index];
        }

        @Override
        public boolean isEcdsa(final int entry)
        {
            return point != null;
        }

        @Override
        public void copyKey(final int entry, final MutableDirectBuffer destination, final int offset)
        {
            destination.putBytes(offset, point, 0, KEY_LENGTH);
        }

        @Override
        public boolean verify(
            final int entry, final DirectBuffer input, final int inputOffset, final int inputLength,
            final DirectBuffer signature, final int signatureOffset, final int signatureLength)
        {
            final byte[] signed = new byte[inputLength];
            final byte[] proof = new byte[signatureLength];
            input.getBytes(inputOffset, signed);
            signature.getBytes(signatureOffset, proof);
            return verifies(server, signed, proof);
        }
    }
}
