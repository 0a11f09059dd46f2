// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.crypto.hash.Fnv1a64;
import dev.trishake.wire.gquic.CertificateListDecoder;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Chains as the value of CRT has them, gQUIC 10: written by a server, read by a client. See
 * {@link CertificateListDecoder} for the picture.
 */
final class GquicChains
{
    private GquicChains()
    {
    }

    /** {@return the name of a certificate: FNV-1a-64 of its DER} */
    static long hash(final byte[] der)
    {
        return Fnv1a64.hash(new UnsafeBuffer(der), 0, der.length);
    }

    /**
     * {@return the value of CRT}
     *
     * @param chain DER of each certificate, leaf first
     * @param known hashes of those that the client has
     */
    static byte[] write(final List<byte[]> chain, final List<Long> known)
    {
        final ByteArrayOutputStream value = new ByteArrayOutputStream();
        final ByteArrayOutputStream others = new ByteArrayOutputStream();
        final List<byte[]> cached = new ArrayList<>();
        for (final byte[] der : chain)
        {
            final long hash = hash(der);
            if (known.contains(hash))
            {
                value.write(CertificateListDecoder.CACHED);
                putLittleEndian(value, hash, Long.BYTES);
                cached.add(der);
            }
            else
            {
                value.write(CertificateListDecoder.COMPRESSED);
                putLittleEndian(others, der.length, Integer.BYTES);
                others.writeBytes(der);
            }
        }
        value.write(0);
        if (others.size() > 0)
        {
            putLittleEndian(value, others.size(), Integer.BYTES);
            value.writeBytes(deflate(others.toByteArray(), GquicDictionary.of(cached)));
        }
        return value.toByteArray();
    }

    /**
     * Reads the value of CRT. What is inflated never grows beyond what it says, nor that beyond
     * {@link CertificateListDecoder#MAX_UNCOMPRESSED_LENGTH}.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of it
     * @param known  certificates that the peer was told we have
     * @return DER of each certificate, leaf first
     * @throws Refusal when it is no chain, or has a certificate that we don't have
     */
    static List<byte[]> read(
        final DirectBuffer buffer, final int offset, final int length, final List<byte[]> known) throws Refusal
    {
        final CertificateListDecoder list = new CertificateListDecoder();
        if (!list.wrap(buffer, offset, length))
        {
            throw new Refusal(GquicError.PROOF_INVALID, "the chain of certificates is damaged, or too long");
        }
        final List<byte[]> chain = new ArrayList<>();
        final List<byte[]> cached = new ArrayList<>();
        for (int i = 0; i < list.count(); i++)
        {
            switch (list.type(i))
            {
                case CertificateListDecoder.COMPRESSED -> chain.add(null);
                case CertificateListDecoder.CACHED ->
                {
                    final byte[] der = find(known, list.hash(i));
                    chain.add(der);
                    cached.add(der);
                }
                default -> throw new Refusal(
                    GquicError.PROOF_INVALID, "a certificate is named by a common set, though none was offered");
            }
        }
        if (list.uncompressedLength() > 0)
        {
            inflate(buffer, list, cached, chain);
        }
        return chain;
    }

    private static byte[] find(final List<byte[]> known, final long hash) throws Refusal
    {
        for (final byte[] der : known)
        {
            if (hash(der) == hash)
            {
                return der;
            }
        }
        throw new Refusal(
            GquicError.PROOF_INVALID, "a certificate is only named, and it is none of those that are known");
    }

    private static void inflate(
        final DirectBuffer buffer,
        final CertificateListDecoder list,
        final List<byte[]> cached,
        final List<byte[]> chain) throws Refusal
    {
        final byte[] stream = new byte[list.streamLength()];
        buffer.getBytes(list.streamOffset(), stream);
        final UnsafeBuffer plain = new UnsafeBuffer(
            inflate(stream, list.uncompressedLength(), GquicDictionary.of(cached)));
        int at = 0;
        for (int i = 0; i < chain.size(); i++)
        {
            if (list.type(i) == CertificateListDecoder.COMPRESSED)
            {
                final int left = plain.capacity() - at - Integer.BYTES;
                final int length = left < 0 ? -1 : plain.getInt(at, ByteOrder.LITTLE_ENDIAN);
                if (length <= 0 || length > left)
                {
                    throw new Refusal(GquicError.PROOF_INVALID, "the compressed certificates are cut off");
                }
                final byte[] der = new byte[length];
                plain.getBytes(at + Integer.BYTES, der);
                chain.set(i, der);
                at += Integer.BYTES + length;
            }
        }
        if (at != plain.capacity())
        {
            throw new Refusal(GquicError.PROOF_INVALID, "there is something behind the compressed certificates");
        }
    }

    private static byte[] inflate(final byte[] stream, final int length, final byte[] dictionary) throws Refusal
    {
        final byte[] plain = new byte[length];
        try (Inflater inflater = new Inflater())
        {
            inflater.setInput(stream);
            int at = 0;
            int more = -1;
            while (at < length && more != 0)
            {
                more = inflater.inflate(plain, at, length - at);
                at += more;
                if (more == 0 && inflater.needsDictionary())
                {
                    inflater.setDictionary(dictionary);
                    more = -1;
                }
            }
            if (at < length)
            {
                throw new Refusal(GquicError.PROOF_INVALID, "the compressed certificates end too early");
            }
            return plain;
        }
        catch (final DataFormatException | IllegalArgumentException ex)
        {
            throw new Refusal(GquicError.PROOF_INVALID, "the compressed certificates are damaged");
        }
    }

    private static byte[] deflate(final byte[] plain, final byte[] dictionary)
    {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION))
        {
            deflater.setDictionary(dictionary);
            deflater.setInput(plain);
            deflater.finish();
            final byte[] piece = new byte[plain.length];
            while (!deflater.finished())
            {
                stream.write(piece, 0, deflater.deflate(piece));
            }
        }
        return stream.toByteArray();
    }

    private static void putLittleEndian(final ByteArrayOutputStream out, final long number, final int octets)
    {
        for (int i = 0; i < octets; i++)
        {
            out.write((int)(number >>> (i * Byte.SIZE)));
        }
    }
}
