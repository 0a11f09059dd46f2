// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.HmacSm3;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Encrypt;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm4Batch;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.tlcp.ChangeCipherSpec;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeEncoder;
import dev.trishake.wire.tlcp.RecordHeaderEncoder;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A server of TLCP that is given what it must refuse, in one of two ways that nobody may tell apart. The secret's one
 * octet says which: 0 for the first way, else the second. Both are answered by the same alert.
 */
final class TlcpSubject implements TimingSubject
{
    /** What is refused, and how its two ways differ. */
    enum Way
    {
        /** A record of CBC with the longest padding, all right; or one octet of it is wrong. Its MAC is wrong. */
        PADDING("TLCP-padding", true),

        /** A record with one octet of padding; or of any length, right in both ways. Its MAC is wrong. */
        PADDING_LENGTH("TLCP-padding-length", true),

        /** A record whose MAC is wrong in the last octet; or in all. */
        MAC("TLCP-MAC", true),

        /** A ciphertext that decrypts to a pre-master secret; or whose C3 is wrong. Finished is wrong. */
        MALFORMED("TLCP-pre-master", false),

        /** A ciphertext that decrypts to a pre-master secret; or to one of another version. Finished is wrong. */
        VERSION("TLCP-pre-master-version", false);

        private final String title;
        private final boolean isOfRecords;

        Way(final String title, final boolean isOfRecords)
        {
            this.title = title;
            this.isOfRecords = isOfRecords;
        }
    }

    private static final int SAMPLES = 32;
    private static final int TEXT_LENGTH = 320;
    private static final int IV_LENGTH = Sm4Batch.BLOCK_LENGTH;
    private static final int MAC_LENGTH = HmacSm3.MAC_LENGTH;
    private static final int KEY_AT = 2 * MAC_LENGTH;
    private static final int KEY_BLOCK_LENGTH = 96;
    private static final int MAX_PADDING = 255;
    private static final int HEADER = RecordHeaderFlyweight.LENGTH;

    private final Way way;
    private final Kernels kernels;
    private final SplittableRandom random = new SplittableRandom(1);
    private final UnsafeBuffer[][] samples = new UnsafeBuffer[2][SAMPLES];
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[1024]);
    private TlcpRig rig;
    private int length;
    private int next;

    TlcpSubject(final Kernels kernels, final Way way)
    {
        this.kernels = kernels;
        this.way = way;
    }

    @Override
    public String name()
    {
        return way.title + (kernels.areVector() ? "/vector" : "/scalar");
    }

    @Override
    public int secretLength()
    {
        return 1;
    }

    /** Each time other bytes, so that nothing is learnt from them. */
    @Override
    public void load(final byte[] secret)
    {
        if (rig == null)
        {
            prepare();
        }
        next = (next + 1) % SAMPLES;
        final UnsafeBuffer sample = samples[secret[0] == 0 ? 0 : 1][next];
        bytes.putBytes(0, sample, 0, sample.capacity());
        length = sample.capacity();
    }

    @Override
    public void run()
    {
        rig.run(bytes, length);
    }

    private void prepare()
    {
        rig = new TlcpRig(kernels, way.isOfRecords ? CipherSuite.ECC_SM4_CBC_SM3 : CipherSuite.ECC_SM4_GCM_SM3);
        if (way.isOfRecords)
        {
            rig.establish();
        }
        for (int which = 0; which < 2; which++)
        {
            for (int i = 0; i < SAMPLES; i++)
            {
                samples[which][i] = way.isOfRecords ? record(which == 0) : keyExchange(which == 0);
            }
        }
        rig.mark();
        for (int i = 0; i < SAMPLES; i++)
        {
            rig.checkRefused(samples[0][i], samples[0][i].capacity());
            rig.checkRefused(samples[1][i], samples[1][i].capacity());
        }
    }

    /** {@return a record of application data, the client's second protected one} */
    private UnsafeBuffer record(final boolean isFirstWay)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[HEADER + IV_LENGTH + TEXT_LENGTH]);
        final byte[] noise = new byte[IV_LENGTH + TEXT_LENGTH];
        random.nextBytes(noise);
        record.putBytes(HEADER, noise);
        RecordHeaderEncoder.encode(record, 0, ContentType.APPLICATION_DATA, noise.length);
        final int padding = switch (way)
        {
            case PADDING -> MAX_PADDING;
            case PADDING_LENGTH -> isFirstWay ? 0 : random.nextInt(MAX_PADDING + 1);
            default -> 3;
        };
        final int text = HEADER + IV_LENGTH;
        final int end = text + TEXT_LENGTH;
        record.setMemory(end - padding - 1, padding + 1, (byte)padding);
        final UnsafeBuffer keys = rig.keyBlock(KEY_BLOCK_LENGTH);
        final int dataLength = TEXT_LENGTH - MAC_LENGTH - padding - 1;
        if (way == Way.MAC && isFirstWay)
        {
            putMac(record, text, dataLength, keys);
            flip(record, text + dataLength + MAC_LENGTH - 1);
        }
        if (way == Way.PADDING && !isFirstWay)
        {
            flip(record, end - 2 - random.nextInt(padding));
        }
        final Sm4Batch cbc = new Sm4Batch(Kernels.scalar());
        cbc.addCbcEncryption(keys, KEY_AT, record, HEADER, record, text, TEXT_LENGTH, record, text);
        cbc.run();
        return record;
    }

    private static void putMac(
        final UnsafeBuffer record, final int text, final int dataLength, final UnsafeBuffer keys)
    {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[Long.BYTES + HEADER + dataLength]);
        message.putLong(0, 1, ByteOrder.BIG_ENDIAN);
        RecordHeaderEncoder.encode(message, Long.BYTES, ContentType.APPLICATION_DATA, dataLength);
        message.putBytes(Long.BYTES + HEADER, record, text, dataLength);
        new HmacSm3(new Sm3()).mac(
            keys, 0, MAC_LENGTH, message, 0, message.capacity(), record, text + dataLength);
    }

    private static void flip(final UnsafeBuffer buffer, final int at)
    {
        buffer.putByte(at, (byte)(buffer.getByte(at) ^ 0x40));
    }

    /** {@return ClientKeyExchange, ChangeCipherSpec and a Finished that nobody has sealed} */
    private UnsafeBuffer keyExchange(final boolean isFirstWay)
    {
        final byte[] secret = new byte[Tlcp.PRE_MASTER_SECRET_LENGTH];
        random.nextBytes(secret);
        secret[0] = 1;
        secret[1] = (byte)(way == Way.VERSION && !isFirstWay ? 2 : 1);
        final UnsafeBuffer ciphertext = encrypt(new UnsafeBuffer(secret));
        if (way == Way.MALFORMED && !isFirstWay)
        {
            flip(ciphertext, Sm2.POINT_LENGTH + random.nextInt(Sm3.DIGEST_LENGTH));
        }
        final UnsafeBuffer flight = new UnsafeBuffer(new byte[512]);
        final OctetWriter out = new OctetWriter();
        HandshakeEncoder.eccClientKeyExchange(
            out.wrap(flight, HEADER, flight.capacity() - HEADER), ciphertext, 0);
        int at = HEADER + out.length();
        RecordHeaderEncoder.encode(flight, 0, ContentType.HANDSHAKE, out.length());
        RecordHeaderEncoder.encode(flight, at, ContentType.CHANGE_CIPHER_SPEC, ChangeCipherSpec.LENGTH);
        ChangeCipherSpec.encode(flight, at + HEADER);
        at += HEADER + ChangeCipherSpec.LENGTH;
        final byte[] noise = new byte[40];
        random.nextBytes(noise);
        RecordHeaderEncoder.encode(flight, at, ContentType.HANDSHAKE, noise.length);
        flight.putBytes(at + HEADER, noise);
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[at + HEADER + noise.length]);
        whole.putBytes(0, flight, 0, whole.capacity());
        return whole;
    }

    /** {@return x, y, C3, C2, no coordinate with its first bit set or octet 0: ciphertexts are equally long} */
    private UnsafeBuffer encrypt(final UnsafeBuffer secret)
    {
        final Sm2Encrypt encrypt =
            new Sm2Encrypt(Kernels.scalar(), Entropy.seeded(random.nextLong()), Tlcp.PRE_MASTER_SECRET_LENGTH);
        final UnsafeBuffer ciphertext = new UnsafeBuffer(
            new byte[Sm2.POINT_LENGTH + Sm3.DIGEST_LENGTH + Tlcp.PRE_MASTER_SECRET_LENGTH]);
        do
        {
            encrypt.add(rig.publicKeys(), Sm2.POINT_LENGTH, secret, 0, Tlcp.PRE_MASTER_SECRET_LENGTH);
            encrypt.run();
            encrypt.c1(0, ciphertext, 0);
            encrypt.c3(0, ciphertext, Sm2.POINT_LENGTH);
            encrypt.c2(0, ciphertext, Sm2.POINT_LENGTH + Sm3.DIGEST_LENGTH);
            encrypt.clear();
        }
        while (ciphertext.getByte(0) <= 0 || ciphertext.getByte(Sm2.NUMBER_LENGTH) <= 0);
        return ciphertext;
    }
}
