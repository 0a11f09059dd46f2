// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.IoUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorConsumer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An engine's counters and error log in a mapped file, which other processes read while the engine runs.
 *
 * <pre>
 *  0         4         8              16             24        28       32       64
 * +---------+---------+--------------+--------------+---------+--------+--------+----------+--------+--------+
 * | version |    0    |  process ID  | start, ms of | metadata| values | errors | metadata | values | errors |
 * |         |         |              |   the epoch  |  length | length | length |          |        |        |
 * +---------+---------+--------------+--------------+---------+--------+--------+----------+--------+--------+
 * </pre>
 *
 * <p>In the machine's byte order; metadata and values as Agrona's {@link CountersReader}, errors as its {@link
 * ErrorLogReader} has them. The version is written last: a file without it is not ready.
 */
public final class CountersFile implements AutoCloseable
{
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 0;
    private static final int PID_OFFSET = 8;
    private static final int START_OFFSET = 16;
    private static final int METADATA_LENGTH_OFFSET = 24;
    private static final int VALUES_LENGTH_OFFSET = 28;
    private static final int ERRORS_LENGTH_OFFSET = 32;
    private static final int HEADER_LENGTH = 64;
    private static final int ERRORS_LENGTH = 1 << 16;

    private final Path path;
    private final boolean isOwner;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer header;
    private final AtomicBuffer metadata;
    private final AtomicBuffer values;
    private final AtomicBuffer errors;

    private CountersFile(
        final Path path, final boolean isOwner, final MappedByteBuffer mapped, final int metadataLength,
        final int valuesLength, final int errorsLength)
    {
        this.path = path;
        this.isOwner = isOwner;
        this.mapped = mapped;
        header = new UnsafeBuffer(mapped, 0, HEADER_LENGTH);
        metadata = new UnsafeBuffer(mapped, HEADER_LENGTH, metadataLength);
        values = new UnsafeBuffer(mapped, HEADER_LENGTH + metadataLength, valuesLength);
        errors = new UnsafeBuffer(mapped, HEADER_LENGTH + metadataLength + valuesLength, errorsLength);
    }

    /**
     * {@return where an engine's counters are unless its configuration says otherwise}
     *
     * @param pid process ID
     */
    public static Path defaultPath(final long pid)
    {
        final Path shared = Path.of("/dev/shm");
        final Path folder = Files.isWritable(shared) ? shared : Path.of(IoUtil.tmpDirName());
        return folder.resolve("trishake-" + pid + ".counters");
    }

    static CountersFile create(final Path path, final int counters)
    {
        final int metadataLength = counters * CountersReader.METADATA_LENGTH;
        final int valuesLength = counters * CountersReader.COUNTER_LENGTH;
        try
        {
            Files.deleteIfExists(path);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        final MappedByteBuffer mapped = IoUtil.mapNewFile(
            path.toFile(), HEADER_LENGTH + metadataLength + valuesLength + ERRORS_LENGTH);
        final CountersFile file = new CountersFile(path, true, mapped, metadataLength, valuesLength, ERRORS_LENGTH);
        file.header.putLong(PID_OFFSET, ProcessHandle.current().pid());
        file.header.putLong(START_OFFSET, System.currentTimeMillis());
        file.header.putInt(METADATA_LENGTH_OFFSET, metadataLength);
        file.header.putInt(VALUES_LENGTH_OFFSET, valuesLength);
        file.header.putInt(ERRORS_LENGTH_OFFSET, ERRORS_LENGTH);
        file.header.putIntRelease(VERSION_OFFSET, VERSION);
        return file;
    }

    /**
     * Opens the file of an engine to read it.
     *
     * @param path of the file
     * @return it; to be closed
     * @throws IllegalStateException when it is no such file, or none yet
     */
    public static CountersFile open(final Path path)
    {
        final MappedByteBuffer mapped = IoUtil.mapExistingFile(path.toFile(), "counters file");
        final UnsafeBuffer header = new UnsafeBuffer(mapped);
        if (header.capacity() < HEADER_LENGTH || header.getIntVolatile(VERSION_OFFSET) != VERSION)
        {
            IoUtil.unmap(mapped);
            throw new IllegalStateException(path + " is no counters file of this version");
        }
        return new CountersFile(path, false, mapped, header.getInt(METADATA_LENGTH_OFFSET),
            header.getInt(VALUES_LENGTH_OFFSET), header.getInt(ERRORS_LENGTH_OFFSET));
    }

    /**
     * {@return the process that writes it}
     */
    public long pid()
    {
        return header.getLong(PID_OFFSET);
    }

    /**
     * {@return when the engine was launched, in milliseconds of the epoch}
     */
    public long startMs()
    {
        return header.getLong(START_OFFSET);
    }

    /**
     * {@return the counters}
     */
    public CountersReader counters()
    {
        return new CountersReader(metadata, values);
    }

    /**
     * Reads each distinct error with its count.
     *
     * @param consumer takes them
     * @return how many
     */
    public int errors(final ErrorConsumer consumer)
    {
        return ErrorLogReader.read(errors, consumer);
    }

    CountersManager manager()
    {
        return new CountersManager(metadata, values);
    }

    DistinctErrorLog errorLog()
    {
        return new DistinctErrorLog(errors, SystemEpochClock.INSTANCE);
    }

    /** Unmaps it; the engine that made it deletes it too. */
    @Override
    public void close()
    {
        IoUtil.unmap(mapped);
        if (isOwner)
        {
            IoUtil.deleteIfExists(path.toFile());
        }
    }
}
