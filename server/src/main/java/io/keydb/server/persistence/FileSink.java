package io.keydb.server.persistence;

import io.keydb.server.persistence.rdb.RdbSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is there as a whole or not at all: it is written under another name, brought to the
 * disk, and then takes the place of its predecessor in one step.
 *
 * <p>Threads: confined to one thread.
 */
public final class FileSink implements RdbSink, AutoCloseable {
    private static final long FSYNC_STEP = 4L << 20;

    private final Path temporary;
    private final FileChannel channel;
    private final boolean isSyncedInSteps;
    private long written;
    private long synced;
    private boolean isPublished;

    private FileSink(Path temporary, boolean isSyncedInSteps) throws IOException {
        this.temporary = temporary;
        this.isSyncedInSteps = isSyncedInSteps;
        this.channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
    }

    /**
     * Begins a file with a temporary name.
     *
     * @param isSyncedInSteps whether it goes to the disk while it is written, so that the end does
     *     not take long
     */
    public static FileSink create(Path temporary, boolean isSyncedInSteps) throws IOException {
        return new FileSink(temporary, isSyncedInSteps);
    }

    /** Bytes so far. */
    public long written() {
        return written;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            written += channel.write(buffer);
        }
        if (isSyncedInSteps && written - synced >= FSYNC_STEP) {
            synced = written;
            channel.force(false);
        }
    }

    /** Ends the file and gives it its name. */
    public void publish(Path file) throws IOException {
        channel.force(true);
        channel.close();
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        isPublished = true;
        syncFolder(file);
    }

    /** Brings the names in a file's folder to the disk. */
    public static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** Removes the file unless it was published. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!isPublished) {
            Files.deleteIfExists(temporary);
        }
    }
}
