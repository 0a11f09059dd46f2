// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;

/** The operations of handshakes, by their kinds; a core has those of its side, the others are never asked for. */
final class HandshakeOperations
{
    /** Kind: agreement by X25519. */
    static final int X25519 = GquicCore.FIRST_HANDSHAKE_KIND;
    /** Kind: pairs and agreement on P-256. */
    static final int P256 = X25519 + 1;
    /** Kind: keys from secrets. */
    static final int KEYS = X25519 + 2;
    /** Kind: a server's proof by ECDSA. */
    static final int SIGN = X25519 + 3;
    /** Kind: a server's proof by another key. */
    static final int FOREIGN_SIGN = X25519 + 4;
    /** Kind: verifying a server's proof. */
    static final int VERIFY = X25519 + 5;

    /** Their names, for counters. */
    static final String[] NAMES = {"X25519", "P256Agree", "Keys", "Sign", "RsaSign", "Verify"};

    /** How many kinds there are. */
    static final int COUNT = NAMES.length;

    private HandshakeOperations()
    {
    }

    static CryptoOperation[] ofServer(
        final GquicMemory memory, final ServerSettings settings, final Protection protection,
        final Kernels kernels, final Entropy entropy)
    {
        return new CryptoOperation[] {
            new X25519Operation(memory, settings.configs, kernels),
            new P256Operation(memory, settings.configs, kernels, entropy),
            new KeysOperation(memory, protection, kernels, settings.configs, settings.credentials.leaf(), null),
            settings.credentials.isEcdsa() ? new SignOperation(memory, settings, kernels, entropy) : Never.INSTANCE,
            settings.credentials.isEcdsa() ? Never.INSTANCE : new ForeignSignOperation(memory, settings),
            Never.INSTANCE};
    }

    static CryptoOperation[] ofClient(
        final GquicMemory memory, final PeerTrustQuery query, final ServerCache cache, final Protection protection,
        final Kernels kernels, final Entropy entropy)
    {
        return new CryptoOperation[] {
            new X25519Operation(memory, null, kernels),
            new P256Operation(memory, null, kernels, entropy),
            new KeysOperation(memory, protection, kernels, null, null, cache),
            Never.INSTANCE,
            Never.INSTANCE,
            new VerifyOperation(memory, query, kernels)};
    }

    /** The place of an operation that the other side has. */
    private static final class Never implements CryptoOperation
    {
        private static final Never INSTANCE = new Never();

        @Override
        public int lanes()
        {
            return 1;
        }

        @Override
        public void execute(final int[] slots, final int count, final long nowNs)
        {
            assert false : "nobody posts it";
        }
    }
}
