package io.keydb.server.persistence;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import io.keydb.server.persistence.rdb.RdbWriter;
import io.keydb.server.structure.Record;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes all data to a file and reads them back, while nobody else can get at them: the proof that
 * what is written can be read. For tests of the server.
 *
 * <p>Threads: safe; takes all locks.
 */
public final class Reload {
    private static final String FILE = "reload.rdb";
    private static final int PIECE = 64 * 1024;

    private final Keyspace keyspace;
    private final Path file;

    /**
     * @param directory where the file is kept
     */
    public Reload(Keyspace keyspace, Path directory) {
        this.keyspace = keyspace;
        this.file = directory.resolve(FILE);
    }

    /**
     * Saves, empties the databases and loads.
     *
     * @param saves false: what was saved before is loaded
     * @param flushes false: what is loaded comes to what is there
     * @param merges whether keys that are there are replaced; otherwise they are an error
     */
    public void run(boolean saves, boolean flushes, boolean merges) throws IOException {
        keyspace.lock(keyspace.allPartitions());
        try {
            if (saves) {
                save();
            }
            if (flushes) {
                for (int i = 0; i < keyspace.databases(); i++) {
                    keyspace.clear(i);
                }
            }
            load(new KeyspaceLoader.Rules(keyspace.clock().millis(), merges));
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    private void save() throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), PIECE)) {
            RdbWriter writer = new RdbWriter(out::write, true);
            writer.begin();
            LiveWalk.walk(keyspace, new Sink(writer, keyspace.isStamped()));
            writer.end();
        }
    }

    private void load(KeyspaceLoader.Rules rules) throws IOException {
        KeyspaceLoader loader = new KeyspaceLoader(keyspace, rules);
        byte[] piece = new byte[PIECE];
        try (InputStream in = Files.newInputStream(file);
                RdbReader reader = new RdbReader(keyspace.pages(), loader, Integer.MAX_VALUE);
                OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                bytes.clear();
                bytes.append(piece, 0, length);
                reader.feed(bytes.address(), length);
            }
        } catch (RdbException damaged) {
            throw new IOException(damaged.getMessage(), damaged);
        }
        if (!loader.isComplete()) {
            throw new IOException("a file that ends too early");
        }
    }

    private record Sink(RdbWriter writer, boolean stamped) implements LiveWalk.Sink {
        @Override
        public void database(int index, long keys, long expiringKeys) throws IOException {
            writer.database(index, keys, expiringKeys);
        }

        @Override
        public void record(long record) throws IOException {
            if (stamped) {
                writer.auxiliary(AuxiliaryField.LOCAL_STAMP, Long.toString(Record.stamp(record)));
                writer.auxiliary(
                        AuxiliaryField.LOCAL_ORIGIN, Integer.toString(Record.origin(record)));
            }
            writer.entry(record);
        }

        @Override
        public void tombstone(long tombstone) {}

        @Override
        public void sliceEnded() {}
    }
}
