// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.aead.Aes128Gcm;
import dev.trishake.crypto.aead.ChaCha20Poly1305;
import dev.trishake.crypto.aead.GhashLanes;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Agreement;
import dev.trishake.crypto.curve.P256Sign;
import dev.trishake.crypto.curve.X25519Agreement;
import dev.trishake.crypto.curve.X25519PublicKeys;
import dev.trishake.crypto.sm.HmacSm3;
import dev.trishake.crypto.sm.PrfSm3Batch;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import dev.trishake.crypto.sm.Sm4Lanes;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All operations on secrets that {@code soak.jar timing} knows. */
public final class TimingSubjects
{
    private TimingSubjects()
    {
    }

    /**
     * {@return every subject in both implementations}
     */
    public static List<TimingSubject> all()
    {
        final List<TimingSubject> all = new ArrayList<>();
        if (Kernels.moduleIsThere())
        {
            addAll(all, Kernels.vector());
        }
        addAll(all, Kernels.scalar());
        all.add(hmacCompare("HMAC-SM3-compare"));
        return all;
    }

    private static void addAll(final List<TimingSubject> all, final Kernels kernels)
    {
        final String suffix = kernels.areVector() ? "/vector" : "/scalar";
        all.add(sm4(kernels, "SM4" + suffix));
        all.add(sm4GcmTag(kernels, "SM4-GCM-open" + suffix));
        all.add(ghash(kernels, "GHASH" + suffix));
        all.add(prf(kernels, "PRF-SM3" + suffix));
        all.add(x25519(kernels, "X25519" + suffix));
        all.add(x25519PublicKey(kernels, "X25519-public-key" + suffix));
        all.add(new Sm2Subject(kernels, "SM2-sign" + suffix, true));
        all.add(new Sm2Subject(kernels, "SM2-decrypt" + suffix, false));
        all.add(p256Sign(kernels, "P-256-sign" + suffix));
        all.add(p256Agree(kernels, "P-256-agree" + suffix));
        all.add(aead(new Aes128Gcm(kernels, Aead.TAG_LENGTH), "AES-128-GCM" + suffix));
        all.add(aead(new ChaCha20Poly1305(kernels, Aead.TAG_LENGTH), "ChaCha20-Poly1305" + suffix));
        for (final TlcpSubject.Way way : TlcpSubject.Way.values())
        {
            all.add(new TlcpSubject(kernels, way));
        }
    }

    /**
     * {@return a subject}
     *
     * @param name         what it is called
     * @param secretLength how many octets its secret has
     * @param secret       where a loaded secret is copied to
     * @param operation    does the operation once
     */
    public static TimingSubject of(
        final String name, final int secretLength, final UnsafeBuffer secret, final Runnable operation)
    {
        return new TimingSubject()
        {
            @Override
            public String name()
            {
                return name;
            }

            @Override
            public int secretLength()
            {
                return secretLength;
            }

            @Override
            public void load(final byte[] octets)
            {
                secret.putBytes(0, octets);
            }

            @Override
            public void run()
            {
                operation.run();
            }
        };
    }

    /** The secret is a key; it is expanded and a block is encrypted, in every lane. */
    private static TimingSubject sm4(final Kernels kernels, final String name)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[Sm4Lanes.LANES * Sm4Lanes.BLOCK_LENGTH]);
        final byte[] blocks = new byte[Sm4Lanes.LANES * Sm4Lanes.BLOCK_LENGTH];
        return of(name, keys.capacity(), keys, () ->
        {
            Arrays.fill(blocks, (byte)0);
            lanes.expandKeys(keys.byteArray(), 0);
            lanes.crypt(blocks);
        });
    }

    /** The secret is a tag that is expected: all tags but one in 2^128 are wrong, and at another place each. */
    private static TimingSubject sm4GcmTag(final Kernels kernels, final String name)
    {
        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        final UnsafeBuffer sealed = new UnsafeBuffer(new byte[Sm4GcmBatch.TAG_LENGTH]);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[64]);
        return of(name, sealed.capacity(), sealed, () ->
        {
            batch.add(memory, 0, memory, 0, memory, 0, 13);
            batch.open(sealed, 0, sealed.capacity(), memory, 0);
            batch.run();
            batch.clear();
        });
    }

    private static TimingSubject ghash(final Kernels kernels, final String name)
    {
        final GhashLanes lanes = kernels.create(GhashLanes.KERNEL);
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[GhashLanes.LANES * GhashLanes.BLOCK_LENGTH]);
        final byte[] blocks = new byte[keys.capacity()];
        Arrays.fill(blocks, (byte)0x5a);
        return of(name, keys.capacity(), keys, () ->
        {
            lanes.init(keys.byteArray());
            lanes.update(blocks, 0xffff);
            lanes.update(blocks, 0xffff);
        });
    }

    private static TimingSubject prf(final Kernels kernels, final String name)
    {
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, 1);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[48]);
        final UnsafeBuffer seed = new UnsafeBuffer(new byte[77]);
        return of(name, secret.capacity(), secret, () ->
        {
            batch.add(secret, 0, secret.capacity(), secret.capacity());
            batch.append(seed, 0, seed.capacity());
            batch.run();
            batch.clear();
        });
    }

    /** The secret is a MAC that came with a record: what is computed is compared with it. */
    private static TimingSubject hmacCompare(final String name)
    {
        final HmacSm3 hmac = new HmacSm3(new Sm3());
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[64]);
        final UnsafeBuffer computed = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
        final UnsafeBuffer received = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
        return of(name, HmacSm3.MAC_LENGTH, received, () ->
        {
            hmac.mac(memory, 0, 32, memory, 0, 20, computed, 0);
            memory.putByte(63, (byte)(ConstantTime.equal(computed, 0, received, 0, HmacSm3.MAC_LENGTH) ? 1 : 0));
        });
    }

    private static TimingSubject x25519(final Kernels kernels, final String name)
    {
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[X25519Agreement.LENGTH]);
        final UnsafeBuffer point = new UnsafeBuffer(new byte[X25519Agreement.LENGTH]);
        point.putByte(0, (byte)9);
        return of(name, secret.capacity(), secret, () ->
        {
            agreement.add(secret, 0, point, 0);
            agreement.run();
            agreement.clear();
        });
    }

    private static TimingSubject x25519PublicKey(final Kernels kernels, final String name)
    {
        final X25519PublicKeys publicKeys = new X25519PublicKeys(kernels);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[X25519PublicKeys.LENGTH]);
        return of(name, secret.capacity(), secret, () ->
        {
            publicKeys.add(secret, 0);
            publicKeys.run();
            publicKeys.clear();
        });
    }

    /** The secret is the key. Its first octet is cleared: from n upwards it would be refused, as all may see. */
    private static TimingSubject p256Sign(final Kernels kernels, final String name)
    {
        final P256Sign sign = new P256Sign(kernels, Entropy.seeded(1));
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
        return of(name, secret.capacity(), secret, () ->
        {
            admit(secret);
            sign.add(secret, 0, digest, 0);
            sign.run();
            sign.clear();
        });
    }

    private static TimingSubject p256Agree(final Kernels kernels, final String name)
    {
        final P256Agreement agreement = new P256Agreement(kernels);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
        final UnsafeBuffer point = new UnsafeBuffer(new byte[P256.POINT_LENGTH]);
        final UnsafeBuffer one = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
        one.putByte(P256.NUMBER_LENGTH - 1, (byte)1);
        agreement.add(one, 0, point, 0);
        agreement.runPublicKeys();
        agreement.publicKey(0, point, 0);
        agreement.clear();
        return of(name, secret.capacity(), secret, () ->
        {
            admit(secret);
            agreement.add(secret, 0, point, 0);
            agreement.run();
            agreement.clear();
        });
    }

    /** Makes a number of 256 bits one of 1 to n - 1. */
    private static void admit(final UnsafeBuffer number)
    {
        number.putByte(0, (byte)0);
        number.putByte(1, (byte)(number.getByte(1) | 1));
    }

    /** The secret is a key; it is expanded and seals 100 octets. */
    private static TimingSubject aead(final Aead aead, final String name)
    {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[aead.keyLength()]);
        final UnsafeBuffer schedule = new UnsafeBuffer(new byte[aead.scheduleLength()]);
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[100 + Aead.TAG_LENGTH]);
        return of(name, key.capacity(), key, () ->
        {
            aead.expandKey(key, 0, schedule, 0);
            aead.seal(schedule, 0, 1, 2, packet, 0, 20, packet, 0, 100, packet, 0);
            aead.clear();
        });
    }
}
