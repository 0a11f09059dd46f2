// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.tlcp.TlcpKeyLog;
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
 * A key log as Tongsuo writes and reads it: {@code CLIENT_RANDOM <random> <master secret>}, a line for each handshake.
 * Lines are appended whole and at once, so that several programs may share a file and nothing is lost in a crash. Only
 * its owner can read a file that is made here.
 */
final class KeyLogFile implements TlcpKeyLog, AutoCloseable
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
        final String line = "CLIENT_RANDOM " + hex(memory, clientRandomOffset, CLIENT_RANDOM_LENGTH) + " " +
            hex(memory, masterSecretOffset, MASTER_SECRET_LENGTH) + "\n";
        try
        {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
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
