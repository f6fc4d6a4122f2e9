package io.keydb.server.persistence;

import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import io.keydb.server.persistence.rdb.RdbWriter;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes all data to a file and reads them back, while nobody else can get at them: the proof that
 * what is written can be read. For tests of the server.
 *
 * <p>Threads: safe; takes all locks.
 */
public final class Reload {
    private static final long PID = ProcessHandle.current().pid();

    private final Keyspace keyspace;
    private final Supplier<Path> file;
    private final FunctionStore functions;

    /**
     * @param file where the dump file is at the time
     */
    public Reload(Keyspace keyspace, Supplier<Path> file, FunctionStore functions) {
        this.functions = functions;
        this.keyspace = keyspace;
        this.file = file;
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
                clear();
            }
            load(new KeyspaceLoader.Rules(keyspace.clock().millis(), merges));
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    /** Removes all data and functions; the locks of all partitions are held. */
    public void clear() {
        functions.replace(List.of());
        keyspace.allChanging();
        for (int i = 0; i < keyspace.databases(); i++) {
            keyspace.clear(i);
        }
    }

    private void save() throws IOException {
        Path target = file.get();
        try (FileSink out =
                FileSink.create(target.resolveSibling("temp-reload-" + PID + ".rdb"), false)) {
            RdbWriter writer = new RdbWriter(out, true);
            writer.accesses(keyspace.accesses());
            writer.begin();
            for (byte[] code : functions.codes()) {
                writer.function(code);
            }
            LiveWalk.walk(keyspace, new Sink(writer, keyspace.isStamped()));
            writer.end();
            out.publish(target);
        }
    }

    private void load(KeyspaceLoader.Rules rules) throws IOException {
        KeyspaceLoader loader = new KeyspaceLoader(keyspace, rules, functions);
        try (InputStream in = Files.newInputStream(file.get());
                RdbReader reader = new RdbReader(keyspace.pages(), loader, Integer.MAX_VALUE)) {
            DumpFile.feed(in, reader, keyspace.pages(), length -> {});
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
