// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.spec.SM2KeyAgreementParamSpec;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2KeyExchange;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.agreement.SM2KeyExchange;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.SM2KeyExchangePrivateParameters;
import org.bouncycastle.crypto.params.SM2KeyExchangePublicParameters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import javax.crypto.KeyAgreement;

/**
 * What does the server's half of an SM2 key exchange cost, 48 octets of key? Ours makes the ephemeral key as well, from
 * a store of eight; Bouncy Castle's and Kona's do not, which spares them a quarter. OpenSSL has no such operation.
 */
public class Sm2KeyExchangeBenchmark extends KernelBench
{
    private static final int LENGTH = 48;
    private static final int PEER = 96;

    private final Entropy entropy = Entropy.seeded(1);
    private final Sm2KeyPairs vectorPairs = new Sm2KeyPairs(VECTOR, entropy);
    private final Sm2KeyPairs scalarPairs = new Sm2KeyPairs(SCALAR, entropy);
    private final Sm2KeyExchange vector = new Sm2KeyExchange(VECTOR, LENGTH);
    private final Sm2KeyExchange scalar = new Sm2KeyExchange(SCALAR, LENGTH);
    private final UnsafeBuffer pairs = new UnsafeBuffer(ByteBuffer.allocateDirect(4 * PEER));
    private final UnsafeBuffer ephemeral = new UnsafeBuffer(ByteBuffer.allocateDirect(PEER));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private Sm2PrivateKey key;
    private SM2KeyExchangePrivateParameters bouncyCastleOwn;
    private SM2KeyExchangePublicParameters bouncyCastlePeer;
    private KeyAgreement kona;
    private ECPrivateKey konaEphemeral;
    private ECPublicKey konaPeers;
    private SM2KeyAgreementParamSpec konaParameters;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        final Sm2Peers[] peers = new Sm2Peers[4];
        for (int i = 0; i < 4; i++)
        {
            scalarPairs.take(pairs, i * PEER, pairs, i * PEER + Sm2.NUMBER_LENGTH);
            peers[i] = new Sm2Peers(new UnsafeBuffer(pairs, i * PEER, PEER));
        }
        key = new Sm2PrivateKey(pairs, 0);
        bouncyCastleOwn = new SM2KeyExchangePrivateParameters(
            true, peers[0].bouncyCastlePrivate(), peers[1].bouncyCastlePrivate());
        bouncyCastlePeer =
            new SM2KeyExchangePublicParameters(peers[2].bouncyCastlePublic(), peers[3].bouncyCastlePublic());
        kona = KeyAgreement.getInstance("SM2", Sm2Peers.KONA);
        konaEphemeral = peers[1].konaPrivate();
        konaPeers = peers[3].konaPublic();
        konaParameters = new SM2KeyAgreementParamSpec(Sm2Peers.ID, peers[0].konaPrivate(), peers[0].konaPublic(),
            Sm2Peers.ID, peers[2].konaPublic(), true, LENGTH);
    }

    @Benchmark
    public int trishakeOne()
    {
        return exchange(vector, vectorPairs, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Sm2.LANES)
    public int trishakeBatch()
    {
        return exchange(vector, vectorPairs, Sm2.LANES);
    }

    @Benchmark
    public int trishakeScalar()
    {
        return exchange(scalar, scalarPairs, 1);
    }

    @Benchmark
    public byte[] bouncyCastle()
    {
        final SM2KeyExchange exchange = new SM2KeyExchange();
        exchange.init(new ParametersWithID(bouncyCastleOwn, Sm2Peers.ID));
        return exchange.calculateKey(LENGTH * Byte.SIZE, new ParametersWithID(bouncyCastlePeer, Sm2Peers.ID));
    }

    @Benchmark
    public byte[] kona() throws GeneralSecurityException
    {
        kona.init(konaEphemeral, konaParameters);
        kona.doPhase(konaPeers, true);
        return kona.generateSecret();
    }

    private int exchange(final Sm2KeyExchange exchange, final Sm2KeyPairs own, final int count)
    {
        // as an agent does between its cycles
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        for (int i = 0; i < count; i++)
        {
            own.take(ephemeral, 0, ephemeral, Sm2.NUMBER_LENGTH);
            exchange.add(true, key, ephemeral, 0, ephemeral, Sm2.NUMBER_LENGTH,
                pairs, 2 * PEER + Sm2.NUMBER_LENGTH, pairs, 3 * PEER + Sm2.NUMBER_LENGTH, pairs, 0);
        }
        exchange.run();
        int agreed = 0;
        for (int i = 0; i < count; i++)
        {
            exchange.result(i, out, 0);
            agreed += exchange.succeeded(i) ? 1 : 0;
        }
        exchange.clear();
        if (agreed != count)
        {
            throw new IllegalStateException("good keys were refused");
        }
        return agreed;
    }
}
