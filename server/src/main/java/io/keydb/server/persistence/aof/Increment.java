package io.keydb.server.persistence.aof;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.FileSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that is appended to. What could not be written as a whole is taken back, so that the
 * file ends with a complete command.
 *
 * <p>Threads: confined to one thread, except for {@link #size}.
 */
final class Increment implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private volatile long size;
    private boolean hasTail;

    private Increment(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        channel.position(size);
    }

    /** An empty file; its name is on the disk. */
    static Increment create(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        Increment created = new Increment(path, channel);
        FileSink.syncFolder(path);
        return created;
    }

    /** Goes on behind what the file has. */
    static Increment open(Path path) throws IOException {
        return new Increment(
                path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    Path path() {
        return path;
    }

    /** Bytes that are complete. Any thread. */
    long size() {
        return size;
    }

    /**
     * Writes all of these bytes, or in effect none.
     *
     * @throws IOException when it cannot; to be tried again
     */
    void write(OffHeapBuffer bytes) throws IOException {
        if (hasTail) {
            channel.truncate(size);
            channel.position(size);
            hasTail = false;
        }
        ByteBuffer buffer =
                MemorySegment.ofAddress(bytes.address()).reinterpret(bytes.length()).asByteBuffer();
        hasTail = true;
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        hasTail = false;
        size += bytes.length();
    }

    /** Brings what was written to the disk. */
    void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
