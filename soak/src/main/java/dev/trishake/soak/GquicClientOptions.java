// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.ClientSettings;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.wire.gquic.Tag;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How clients of gQUIC shake hands: what they speak, and what they remember. */
final class GquicClientOptions
{
    private static final int STREAM_WINDOWS = 16;

    @Option(
        names = {"--version", "--versions"},
        split = ",",
        paramLabel = "VERSION",
        defaultValue = "Q044,Q043,Q039",
        converter = GquicServerOptions.VersionConverter.class,
        description = "what we speak; the first is tried first (default: ${DEFAULT-VALUE})")
    private int[] versions;

    @Option(names = "--aead", paramLabel = "AESG|CC20", description = "the cipher (default: the server's choice)")
    private Aead aead;

    @Option(names = "--exchange", paramLabel = "C255|P256",
        description = "the key exchange (default: the server's choice)")
    private Exchange exchange;

    @Option(names = "--resume", description = "begin with what connections before have learnt: one CHLO")
    private boolean resume;

    @Mixin
    private KernelOptions kernelOptions;

    /** Ciphers, by their tags. */
    private enum Aead
    {
        AESG(Tag.AESG), CC20(Tag.CC20);

        private final int tag;

        Aead(final int tag)
        {
            this.tag = tag;
        }
    }

    /** Key exchanges, by their tags. */
    private enum Exchange
    {
        C255(Tag.C255), P256(Tag.P256);

        private final int tag;

        Exchange(final int tag)
        {
            this.tag = tag;
        }
    }

    boolean resumes()
    {
        return resume;
    }

    boolean isScalar()
    {
        return kernelOptions.isScalar();
    }

    Kernels kernels(final boolean many)
    {
        return kernelOptions.kernels(many, KernelSet.GQUIC);
    }

    /** {@return a client's settings, with what was asked for} */
    ClientSettings settings(final ClientSettings settings, final boolean resumes)
    {
        settings.resumption(resumes);
        if (aead != null)
        {
            settings.aeads(aead.tag);
        }
        return exchange == null ? settings : settings.exchanges(exchange.tag);
    }

    /** {@return a configuration of so many connections at once, any of which may shake hands} */
    GquicConfig config(final int sessions)
    {
        return new GquicConfig().versions(versions).sessions(sessions).handshakes(sessions)
            .streams(sessions, STREAM_WINDOWS);
    }
}
