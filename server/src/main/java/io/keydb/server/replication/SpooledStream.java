package io.keydb.server.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A full sync on its way through a temporary file: for receivers that must know its length first,
 * and for a replica that goes on with its data until all has come. The file is gone when this is
 * closed, or when the process ends however it may.
 *
 * <p>Threads: confined to one thread.
 */
final class SpooledStream implements SyncStream, AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final FileChannel file;

    private SpooledStream(FileChannel file) {
        this.file = file;
    }

    static SpooledStream in(Path directory) throws IOException {
        Path path = Files.createTempFile(directory, "temp-sync-", ".rdb");
        try {
            return new SpooledStream(
                    FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } finally {
            Files.delete(path); // whoever has it open has it; so a crash leaves nothing
        }
    }

    @Override
    public void send(byte[] piece) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    long length() throws IOException {
        return file.size();
    }

    /** Reading begins at the start. */
    void rewind() throws IOException {
        file.position(0);
    }

    /**
     * Reads on.
     *
     * @return number of bytes, -1 at the end
     */
    int read(byte[] into) throws IOException {
        return file.read(ByteBuffer.wrap(into));
    }

    /** Passes everything on. */
    void copyTo(SyncStream stream) throws IOException {
        rewind();
        ByteBuffer buffer = ByteBuffer.allocate(PIECE);
        while (file.read(buffer) >= 0) {
            buffer.flip();
            byte[] piece = new byte[buffer.remaining()];
            buffer.get(piece);
            stream.send(piece);
            buffer.clear();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
