// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Master secrets of a key log in the form that Tongsuo, OpenSSL and browsers write: lines {@code CLIENT_RANDOM <client
 * random> <master secret>}, in hexadecimal digits. Other lines say nothing here; of two for one random the later one
 * counts.
 */
public final class TlcpSecrets
{
    /** Nobody's. */
    public static final TlcpSecrets NONE = new TlcpSecrets(Map.of());

    private static final Pattern LINE =
        Pattern.compile("\\s*CLIENT_RANDOM\\s+([0-9a-fA-F]{64})\\s+([0-9a-fA-F]{96})\\s*");

    private final Map<String, byte[]> byClientRandom;

    private TlcpSecrets(final Map<String, byte[]> byClientRandom)
    {
        this.byClientRandom = byClientRandom;
    }

    /**
     * {@return the secrets in a key log}
     *
     * @param file what is in it
     */
    public static TlcpSecrets of(final byte[] file)
    {
        final Map<String, byte[]> secrets = new HashMap<>();
        new String(file, StandardCharsets.ISO_8859_1).lines().forEach(line ->
        {
            final Matcher matcher = LINE.matcher(line);
            if (matcher.matches())
            {
                secrets.put(matcher.group(1).toLowerCase(Locale.ROOT), HexFormat.of().parseHex(matcher.group(2)));
            }
        });
        return new TlcpSecrets(secrets);
    }

    /**
     * {@return how many there are}
     */
    public int size()
    {
        return byClientRandom.size();
    }

    /** {@return the master secret of a handshake, or null where it is not known} */
    byte[] masterSecret(final byte[] clientRandom)
    {
        final byte[] secret = byClientRandom.get(HexFormat.of().formatHex(clientRandom));
        return secret == null ? null : Arrays.copyOf(secret, secret.length);
    }
}
