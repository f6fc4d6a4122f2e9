package io.keydb.server.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.keyspace.TestKeyspace.Content;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Databases hold what a map of maps holds after the same operations; a snapshot put together from
 * the old versions an observer was shown equals the data at its beginning; and whoever watches a
 * key hears of every change of it.
 */
class DatabaseModelTest {
    private static final int DATABASES = 3;
    private static final int KEYS = 60;

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 64, false", "3, 4, false", "4, 1, true", "5, 64, true"})
    void equalsAMapUnderRandomOperations(long seed, int partitions, boolean stamped) {
        try (Run run = new Run(seed, partitions, stamped)) {
            for (int i = 0; i < 12_000; i++) {
                run.step();
                if (i % 40 == 0) {
                    run.compare(i);
                }
            }
        }
    }

    private static final class Run implements AutoCloseable {
        private final long seed;
        private final Random random;
        private final TestKeyspace server;
        private final Keyspace keyspace;
        private final ActiveExpiry activeExpiry;
        private final List<Map<String, Content>> model = new ArrayList<>();
        private final Set<String> watchedKeys = new HashSet<>();
        private final Set<String> heard = new HashSet<>();
        private Snapshot snapshot;
        private long stamp = 1;

        Run(long seed, int partitions, boolean stamped) {
            this.seed = seed;
            random = new Random(seed);
            server = new TestKeyspace(DATABASES, partitions, stamped);
            keyspace = server.keyspace;
            activeExpiry = new ActiveExpiry(keyspace);
            for (int i = 0; i < DATABASES; i++) {
                model.add(new HashMap<>());
            }
            snapshot = new Snapshot(keyspace, model);
            snapshot.begin();
        }

        void step() {
            int database = random.nextInt(DATABASES);
            String name = "key:" + random.nextInt(KEYS);
            Map<String, Content> expected = model.get(database);
            Map<String, Content> before = new HashMap<>(expected);
            watch(database, name);
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> set(database, name);
                case 5, 6 -> delete(database, name);
                case 7 -> setExpiry(database, name);
                case 8 -> persist(database, name);
                case 9, 10 -> find(database, name);
                case 11 -> move(database, name, random.nextInt(DATABASES));
                case 12 -> server.clock.advanceMillis(random.nextInt(200));
                case 13 -> expire();
                case 14 -> randomKey(database);
                default -> seldom(database);
            }
            if (watchedKeys.contains(database + ":" + name)
                    && !equal(before.get(name), expected.get(name))) {
                assertThat(heard).as("seed %d", seed).contains(database + ":" + name);
            }
        }

        private static boolean equal(@Nullable Content a, @Nullable Content b) {
            return a == null ? b == null : a.equals(b);
        }

        private void watch(int database, String name) {
            String label = database + ":" + name;
            heard.clear();
            if (watchedKeys.add(label)) {
                server.on(
                        database,
                        name,
                        (db, key) -> {
                            db.watch(key, () -> heard.add(label));
                            return null;
                        });
            }
        }

        private long now() {
            return server.clock.millis();
        }

        private boolean isExpired(Content content) {
            return content.expiry() >= 0 && content.expiry() < now();
        }

        /** What a look-up does to the model: an expired key goes. */
        private @Nullable Content look(int database, String name) {
            Content content = model.get(database).get(name);
            if (content != null && isExpired(content)) {
                model.get(database).remove(name);
                return null;
            }
            return content;
        }

        private void set(int database, String name) {
            String text =
                    switch (random.nextInt(4)) {
                        case 0 -> Integer.toString(random.nextInt());
                        case 1 -> "v".repeat(random.nextInt(60));
                        case 2 -> "w".repeat(200 + random.nextInt(200));
                        default -> "x".repeat(4000 + random.nextInt(300));
                    };
            long expiry = random.nextInt(3) == 0 ? now() + random.nextInt(1000) : -1;
            look(database, name);
            server.set(database, name, text, expiry);
            model.get(database).put(name, new Content(text, expiry));
            stamp(database, name);
        }

        private void delete(int database, String name) {
            boolean there = look(database, name) != null;
            assertThat(server.delete(database, name)).as("seed %d", seed).isEqualTo(there);
            model.get(database).remove(name);
            if (there) {
                stamp(database, name);
            }
        }

        /** Active nodes stamp what was changed; a deleted key leaves a tombstone. */
        private void stamp(int database, String name) {
            if (!keyspace.isStamped()) {
                return;
            }
            long next = ++stamp;
            server.on(
                    database,
                    name,
                    (db, key) -> {
                        db.stamp(key, next, 7);
                        boolean there = db.stored(key) != 0;
                        assertThat(db.tombstone(key) != 0).isEqualTo(!there);
                        long bearer = there ? db.stored(key) : db.tombstone(key);
                        assertThat(Record.stamp(bearer)).isEqualTo(next);
                        assertThat(Record.origin(bearer)).isEqualTo(7);
                        return null;
                    });
        }

        private void setExpiry(int database, String name) {
            Content content = look(database, name);
            long expiry = now() + random.nextInt(500);
            server.on(
                    database,
                    name,
                    (db, key) -> {
                        long record = db.find(key);
                        return record == 0 ? 0 : db.setExpiry(key, record, expiry);
                    });
            if (content != null) {
                model.get(database).put(name, new Content(content.text(), expiry));
            }
        }

        private void persist(int database, String name) {
            Content content = look(database, name);
            server.on(
                    database,
                    name,
                    (db, key) -> {
                        long record = db.find(key);
                        return record == 0 ? 0 : db.persist(key, record);
                    });
            if (content != null) {
                model.get(database).put(name, new Content(content.text(), -1));
            }
        }

        private void find(int database, String name) {
            Content content = look(database, name);
            assertThat(server.get(database, name))
                    .as("seed %d", seed)
                    .isEqualTo(content == null ? null : content.text());
        }

        private void move(int from, String name, int to) {
            if (from == to) {
                return;
            }
            Content content = look(from, name);
            Content occupant = look(to, name);
            server.on(
                    from,
                    name,
                    (db, key) -> {
                        Database target = keyspace.database(to);
                        long record = db.find(key);
                        if (target.find(key) == 0 && record != 0) {
                            target.insertCopy(key, record);
                            db.remove(key, record);
                        }
                        return null;
                    });
            if (content != null && occupant == null) {
                model.get(to).put(name, content);
                model.get(from).remove(name);
                stamp(from, name);
                stamp(to, name);
            }
        }

        private void expire() {
            activeExpiry.cycle(1_000_000_000);
            model.forEach(database -> database.values().removeIf(this::isExpired));
        }

        private void randomKey(int database) {
            byte[] key = keyspace.traversal().randomKey(database, random);
            Map<String, Content> stored = server.stored(database);
            // Which expired keys were met and removed is up to chance.
            model.get(database)
                    .entrySet()
                    .removeIf(e -> isExpired(e.getValue()) && !stored.containsKey(e.getKey()));
            if (key == null) {
                assertThat(stored).isEmpty();
            } else {
                Content drawn = stored.get(new String(key, StandardCharsets.UTF_8));
                assertThat(drawn != null && !isExpired(drawn)).isTrue();
            }
        }

        private void seldom(int database) {
            int other = random.nextInt(DATABASES);
            switch (random.nextInt(30)) {
                case 0 -> {
                    server.withAllLocks(() -> keyspace.clear(database));
                    model.get(database).clear();
                }
                case 1 -> {
                    if (!keyspace.isStamped()) {
                        if (database != other) {
                            lookAtWatchedKeys(database, other);
                        }
                        server.withAllLocks(() -> keyspace.swap(database, other));
                        Map<String, Content> kept = model.get(database);
                        model.set(database, model.get(other));
                        model.set(other, kept);
                    }
                }
                case 2, 3, 4 -> {
                    snapshot.check(seed);
                    snapshot = new Snapshot(keyspace, model);
                    snapshot.begin();
                }
                default -> {}
            }
        }

        /** Exchanging databases looks at the keys watched in either, in both. */
        private void lookAtWatchedKeys(int first, int second) {
            for (String label : watchedKeys) {
                int database = Character.digit(label.charAt(0), 10);
                if (database == first || database == second) {
                    String name = label.substring(2);
                    look(first, name);
                    look(second, name);
                }
            }
        }

        void compare(int step) {
            for (int i = 0; i < DATABASES; i++) {
                assertThat(server.stored(i))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(model.get(i));
                assertThat(keyspace.database(i).size()).isEqualTo(model.get(i).size());
                assertThat(keyspace.database(i).expiringSize())
                        .isEqualTo(
                                model.get(i).values().stream()
                                        .filter(c -> c.expiry() >= 0)
                                        .count());
            }
        }

        @Override
        public void close() {
            snapshot.check(seed);
            server.close();
        }
    }

    /** What a snapshot does: it saves the old version of what changes after its beginning. */
    private static final class Snapshot implements ChangeObserver {
        private static final Content ABSENT = new Content("absent", -1);

        private final Keyspace keyspace;
        private final List<Map<String, Content>> atBegin = new ArrayList<>();
        private final Map<String, Content> saved = new HashMap<>();

        Snapshot(Keyspace keyspace, List<Map<String, Content>> model) {
            this.keyspace = keyspace;
            model.forEach(database -> atBegin.add(new HashMap<>(database)));
        }

        void begin() {
            for (int i = 0; i < keyspace.partitions(); i++) {
                keyspace.partition(i).observer(this);
            }
        }

        @Override
        public void beforeChange(int database, Key key, long record) {
            String label = database + ":" + new String(key.bytes(), StandardCharsets.UTF_8);
            saved.putIfAbsent(label, record == 0 ? ABSENT : TestKeyspace.content(record));
        }

        @Override
        public void beforeClear(int database) {
            for (int i = 0; i < keyspace.partitions(); i++) {
                long cursor = 0;
                do {
                    cursor =
                            RecordTable.walk(
                                    keyspace.partition(i).records(database),
                                    cursor,
                                    record ->
                                            saved.putIfAbsent(
                                                    database + ":" + TestKeyspace.name(record),
                                                    TestKeyspace.content(record)));
                } while (cursor != 0);
            }
            // What is absent now and comes later was absent at the beginning, unless saved.
            for (int i = 0; i < KEYS; i++) {
                saved.putIfAbsent(database + ":key:" + i, ABSENT);
            }
        }

        void check(long seed) {
            for (int i = 0; i < atBegin.size(); i++) {
                Map<String, Content> rebuilt = new HashMap<>();
                int database = i;
                keyspace.traversal()
                        .walk(
                                i,
                                record -> {
                                    String name = TestKeyspace.name(record);
                                    if (!saved.containsKey(database + ":" + name)) {
                                        rebuilt.put(name, TestKeyspace.content(record));
                                    }
                                });
                saved.forEach(
                        (label, content) -> {
                            if (label.startsWith(database + ":") && content != ABSENT) {
                                rebuilt.put(label.substring(2), content);
                            }
                        });
                assertThat(rebuilt).as("seed %d", seed).isEqualTo(atBegin.get(i));
            }
        }
    }
}
