// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicKeyLog;
import dev.trishake.gquic.GquicLevel;
import dev.trishake.tlcp.TlcpKeyLog;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/**
 * A key log: of TLCP as Tongsuo writes and reads it, {@code CLIENT_RANDOM <random> <master secret>}, a line for each
 * handshake; of gQUIC as {@code decode} reads it, a line for each connection and level, see {@link
 * dev.trishake.trace.GquicSecrets}. Lines are appended whole and at once, so that several threads and programs may
 * share a file and nothing is lost in a crash. Only its owner can read a file that is made here.
 */
final class KeyLogFile implements TlcpKeyLog, GquicKeyLog, AutoCloseable
{
    private static final String OWNER_ONLY = "rw-------";

    private final FileChannel file;

    private KeyLogFile(final FileChannel file)
    {
        this.file = file;
    }

    static KeyLogFile open(final Path path) throws IOException
    {
        final Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new KeyLogFile(Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix") ?
            FileChannel.open(
                path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))) :
            FileChannel.open(path, options));
    }

    @Override
    public void onMasterSecret(
        final DirectBuffer memory, final int clientRandomOffset, final int masterSecretOffset)
    {
        append("CLIENT_RANDOM " + hex(memory, clientRandomOffset, CLIENT_RANDOM_LENGTH) + " " +
            hex(memory, masterSecretOffset, MASTER_SECRET_LENGTH));
    }

    @Override
    public void onKeys(
        final long connectionId, final int level, final int aead, final int whose, final DirectBuffer memory,
        final int offset, final int keyLength)
    {
        final StringBuilder line = new StringBuilder(HexFormat.of().toHexDigits(connectionId))
            .append(level == GquicLevel.INITIAL ? " initial" : " forward")
            .append(aead == Tag.CC20 ? " CC20" : " AESG");
        final int ivs = offset + 2 * keyLength;
        append(line.append(known(whose & CLIENTS, memory, offset, keyLength))
            .append(known(whose & SERVERS, memory, offset + keyLength, keyLength))
            .append(known(whose & CLIENTS, memory, ivs, IV_LENGTH))
            .append(known(whose & SERVERS, memory, ivs + IV_LENGTH, IV_LENGTH)).toString());
    }

    private static String known(final int isKnown, final DirectBuffer memory, final int offset, final int length)
    {
        return isKnown == 0 ? " -" : " " + hex(memory, offset, length);
    }

    private void append(final String line)
    {
        try
        {
            file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
        catch (final IOException ex)
        {
            // a full disk must not end sessions; decode says whose secret is missing
        }
    }

    private static String hex(final DirectBuffer memory, final int offset, final int length)
    {
        final byte[] octets = new byte[length];
        memory.getBytes(offset, octets);
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public void close() throws IOException
    {
        file.close();
    }
}
