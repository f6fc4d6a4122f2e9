package io.keydb.server.value.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.ValueDirectives;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream holds what a map from ids to texts holds after the same operations. */
class StreamModelTest {
    private final Pages pages = new Pages();
    private final EncodingLimits limits = new EncodingLimits();
    private final StreamCursor cursor = new StreamCursor();
    private final NavigableMap<Id, List<String>> model = new TreeMap<>();
    private Allocator allocator;
    private long root;
    private Id last = new Id(0, 0);
    private long added;

    private record Id(long millis, long sequence) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            return StreamId.compare(millis, sequence, other.millis, other.sequence);
        }

        StreamId id() {
            return new StreamId().set(millis, sequence);
        }
    }

    @BeforeEach
    void create() {
        allocator = new Allocator(pages, true);
        root = Stream.create(allocator);
    }

    @AfterEach
    void destroy() {
        int slices = 0;
        while (Stream.free(allocator, root, 10) <= 0) {
            slices++;
        }
        assertThat(slices).isLessThan(10_000);
        allocator.checkCanaries();
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
        pages.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void equalsTheModel(long seed) {
        Random random = new Random(seed);
        Configuration configuration = new Configuration(Directives.of(ValueDirectives.ALL));
        configuration.put(ValueDirectives.STREAM_NODE_MAX_ENTRIES, seed % 3 == 0 ? 2L : 100L);
        limits.follow(configuration);
        for (int step = 0; step < 4000; step++) {
            int dice = random.nextInt(100);
            if (dice < 75) {
                append(random);
            } else if (dice < 92) {
                delete(random);
            } else if (dice < 93) {
                trimToLength(random);
            } else if (dice < 94) {
                trimToId(random);
            } else {
                compareRange(random);
            }
            assertThat(Stream.length(root))
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(model.size());
            Id first = model.isEmpty() ? new Id(0, 0) : model.firstKey();
            StreamId firstId = Stream.firstId(root, new StreamId());
            assertThat(firstId.compareTo(first.id())).isZero();
            if (step % 100 == 0) {
                compareAll();
                assertThat(Stream.bytes(root)).isEqualTo(allocator.allocatedBytes());
                compareCopy();
                evacuate();
                compareListpacks();
                CountedTree.checkInvariants(Stream.tree(root));
            }
        }
        compareAll();
        compareListpacks();
    }

    private void append(Random random) {
        Id id =
                switch (random.nextInt(5)) {
                    case 0 -> new Id(last.millis, last.sequence + 1 + random.nextInt(300));
                    case 1 -> new Id(last.millis + 1 + random.nextInt(100_000), 0);
                    case 2 -> new Id(last.millis + 1 + random.nextInt(10), random.nextInt());
                    default -> new Id(last.millis, last.sequence + 1);
                };
        if (id.compareTo(last) <= 0) {
            return;
        }
        List<String> texts = new ArrayList<>();
        int pairs = random.nextInt(10) == 0 ? 1 + random.nextInt(200) : 2;
        for (int i = 0; i < pairs; i++) {
            texts.add(random.nextInt(20) == 0 ? text(random) : "field" + i);
            texts.add(text(random));
        }
        try (TestFields fields = new TestFields(texts.toArray(String[]::new))) {
            Stream.append(allocator, limits, root, id.id(), fields);
        }
        model.put(id, texts);
        last = id;
        assertThat(Stream.added(root)).isEqualTo(++added);
    }

    private static String text(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> Integer.toString(random.nextInt(200) - 50);
            case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 3 -> "x".repeat(random.nextInt(300));
            case 4 -> "value:" + random.nextInt(1000) + "\0\u00ff";
            case 5 -> "-0";
            case 6 -> "-9223372036854775808";
            case 7 -> random.nextInt(50) == 0 ? "y".repeat(5000 + random.nextInt(20_000)) : "z";
            default -> "value:%08d".formatted(random.nextInt(1_000_000));
        };
    }

    private void delete(Random random) {
        if (model.isEmpty()) {
            return;
        }
        Id id = anyId(random);
        boolean present = model.remove(id) != null;
        assertThat(StreamRemoval.delete(allocator, root, cursor, id.id())).isEqualTo(present);
        StreamRemoval.noteDeleted(root, cursor, id.id());
    }

    private Id anyId(Random random) {
        List<Id> ids = List.copyOf(model.keySet());
        Id id = ids.get(random.nextInt(ids.size()));
        return random.nextInt(4) == 0 ? new Id(id.millis, id.sequence + 1) : id;
    }

    private void trimToLength(Random random) {
        long length = Math.max(0, model.size() - random.nextInt(300));
        Trim trim = new Trim().toLength(length).approximate(false, 0);
        long deleted = StreamRemoval.trim(allocator, root, trim, cursor);
        assertThat(deleted).isEqualTo(model.size() - length);
        while (model.size() > length) {
            model.pollFirstEntry();
        }
    }

    private void trimToId(Random random) {
        if (model.isEmpty()) {
            return;
        }
        Id id = anyId(random);
        boolean approximate = random.nextBoolean();
        Trim trim = new Trim().toLeast(id.id()).approximate(approximate, 0);
        long deleted = StreamRemoval.trim(allocator, root, trim, cursor);
        int before = model.headMap(id, false).size();
        if (approximate) {
            assertThat(deleted).isLessThanOrEqualTo(before);
        } else {
            assertThat(deleted).isEqualTo(before);
        }
        for (long i = 0; i < deleted; i++) {
            model.pollFirstEntry();
        }
    }

    private void compareRange(Random random) {
        if (model.isEmpty()) {
            return;
        }
        Id a = anyId(random);
        Id b = anyId(random);
        NavigableMap<Id, List<String>> range =
                a.compareTo(b) <= 0 ? model.subMap(a, true, b, true) : new TreeMap<>();
        compare(cursor.forward(root, a.id(), b.id()), range);
        compare(cursor.backward(root, a.id(), b.id()), range.descendingMap());
    }

    private void compareAll() {
        compare(cursor.all(root), model);
        StreamId greatest = new StreamId().set(-1, -1);
        compare(cursor.backward(root, new StreamId(), greatest), model.descendingMap());
    }

    private static void compare(StreamCursor cursor, NavigableMap<Id, List<String>> expected) {
        for (Map.Entry<Id, List<String>> entry : expected.entrySet()) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.millis()).isEqualTo(entry.getKey().millis);
            assertThat(cursor.sequence()).isEqualTo(entry.getKey().sequence);
            assertThat(cursor.isDeleted()).isFalse();
            List<String> texts = new ArrayList<>();
            while (cursor.nextField()) {
                texts.add(string(cursor.field()));
                texts.add(string(cursor.value()));
            }
            assertThat(texts).isEqualTo(entry.getValue());
        }
        assertThat(cursor.next()).isFalse();
    }

    private static String string(StreamText text) {
        long address = NativeHeap.allocate(text.length() + 1L);
        assertThat(text.copyTo(address)).isEqualTo(address + text.length());
        byte[] bytes = Memory.bytes(address, text.length());
        NativeHeap.free(address, text.length() + 1L);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void compareCopy() {
        long copy = Stream.copy(allocator, root);
        compare(cursor.all(copy), model);
        assertThat(Stream.nodes(copy)).isEqualTo(Stream.nodes(root));
        Stream.free(allocator, copy);
    }

    private void evacuate() {
        allocator.beginEvacuation();
        root = Stream.evacuateRoot(allocator, root);
        long position = 0;
        do {
            position = Stream.evacuateNode(allocator, root, position);
        } while (position != 0);
        allocator.endEvacuation();
        compareAll();
        assertThat(Stream.bytes(root)).isEqualTo(allocator.allocatedBytes());
    }

    private void compareListpacks() {
        long loaded = Stream.create(allocator);
        TreePath path = new TreePath();
        StreamId id = new StreamId();
        for (long node = Stream.firstNode(root, path); node != 0; node = Stream.nextNode(path)) {
            int bytes = StreamListpack.bytes(node);
            long lp = NativeHeap.allocate(bytes);
            Stream.nodeId(path, id);
            StreamListpack.write(node, id, lp);
            assertThat(StreamListpack.add(allocator, loaded, id, lp, bytes)).isTrue();
            NativeHeap.free(lp, bytes);
        }
        assertThat(Stream.loaded(loaded, model.size(), cursor)).isTrue();
        compare(cursor.all(loaded), model);
        assertThat(Stream.nodes(loaded)).isEqualTo(Stream.nodes(root));
        Stream.free(allocator, loaded);
    }
}
