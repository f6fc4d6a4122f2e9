package io.keydb.server.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.Strings;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.structure.Record;
import io.keydb.server.support.Clock;
import io.keydb.server.support.TestClock;
import io.keydb.server.value.string.StringValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace of strings, addressed by Java strings. Every call takes and releases the key's lock.
 * Checks at the end that all memory was given back.
 */
final class TestKeyspace implements AutoCloseable {
    /** What a key holds: text and expiry, -1 for none. */
    record Content(String text, long expiry) {
        @Override
        public String toString() {
            String shown = text.length() <= 20 ? text : text.charAt(0) + "*" + text.length();
            return expiry < 0 ? shown : shown + "@" + expiry;
        }
    }

    final TestClock clock = new TestClock(1_700_000_000_000L);
    final Keyspace keyspace;

    TestKeyspace(int databases, int partitions, boolean stamped) {
        keyspace = new Keyspace(databases, partitions, stamped, true, clock);
    }

    /** A keyspace with a clock of its own. */
    TestKeyspace(int databases, int partitions, Clock ownClock) {
        keyspace = new Keyspace(databases, partitions, false, true, ownClock);
    }

    /** Runs something under the lock of a key. */
    <T> T on(int database, String name, BiFunction<Database, Key, T> body) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            Key key = kept.keep(name.getBytes(StandardCharsets.UTF_8));
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                return body.apply(keyspace.database(database), key);
            } finally {
                partition.unlock();
            }
        }
    }

    void set(int database, String name, String text, long expiry) {
        try (OffHeapBuffer value = new OffHeapBuffer(keyspace.pages())) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            value.append(bytes);
            on(
                    database,
                    name,
                    (db, key) -> {
                        long old = db.find(key);
                        Strings.set(db, key, old, value.address(), bytes.length, expiry);
                        return null;
                    });
        }
    }

    /** The text, or null when the key is absent or has expired. */
    @Nullable String get(int database, String name) {
        return on(
                database,
                name,
                (db, key) -> {
                    long record = db.find(key);
                    return record == 0 ? null : text(record);
                });
    }

    boolean delete(int database, String name) {
        return on(database, name, Database::delete);
    }

    static String text(long record) {
        if (StringValue.isInteger(record)) {
            return Long.toString(StringValue.integer(record));
        }
        byte[] bytes = Memory.bytes(StringValue.address(record), (int) StringValue.length(record));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String name(long record) {
        byte[] bytes = Memory.bytes(Record.keyAddress(record), Record.keyLength(record));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static Content content(long record) {
        return new Content(text(record), Record.hasExpiry(record) ? Record.expiry(record) : -1);
    }

    /** All keys that are stored, expired ones included. */
    Map<String, Content> stored(int database) {
        Map<String, Content> all = new HashMap<>();
        keyspace.traversal()
                .walk(
                        database,
                        record ->
                                assertThat(all.put(name(record), content(record)))
                                        .as("a key is there once")
                                        .isNull());
        return all;
    }

    void withAllLocks(Runnable body) {
        keyspace.lock(keyspace.allPartitions());
        try {
            body.run();
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    @Override
    public void close() {
        withAllLocks(
                () -> {
                    for (int i = 0; i < keyspace.databases(); i++) {
                        keyspace.clear(i);
                    }
                    keyspace.reclaim();
                    for (int i = 0; i < keyspace.partitions(); i++) {
                        keyspace.partition(i).allocator().checkCanaries();
                    }
                });
        assertThat(keyspace.allocatedBytes()).as("bytes still allocated").isZero();
        keyspace.close();
    }
}
