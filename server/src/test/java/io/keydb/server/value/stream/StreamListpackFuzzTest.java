package io.keydb.server.value.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.EncodingLimits;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listpacks from outside are refused, or become streams that can be read, changed and written. */
class StreamListpackFuzzTest {
    private final Pages pages = new Pages();
    private final Allocator allocator = new Allocator(pages, true);
    private final EncodingLimits limits = new EncodingLimits();
    private final StreamCursor cursor = new StreamCursor();

    @AfterEach
    void close() {
        allocator.checkCanaries();
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
        pages.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedListpacks(long seed) {
        Random random = new Random(seed);
        StreamId id = new StreamId();
        byte[] good = listpack(random, id);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(8));
            }
            accepted += use(bytes, id) ? 1 : 0;
        }
        assertThat(accepted).as("accepted with seed %d", seed).isPositive();
    }

    @Test
    void longerThanNeeded() {
        long lp = NativeHeap.allocate(200);
        Listpack.initialise(lp);
        for (int value : new int[] {1, 0, 1}) {
            Listpack.append(lp, value);
        }
        text(lp, "field");
        for (int value : new int[] {0, 2, 0, 0}) {
            Listpack.append(lp, value);
        }
        text(lp, "123x");
        Listpack.append(lp, 4);
        byte[] bytes = Memory.bytes(lp, Listpack.bytes(lp));
        NativeHeap.free(lp, 200);
        for (int i = 0; i < bytes.length - 4; i++) {
            if (bytes[i] == '1' && bytes[i + 3] == 'x') {
                bytes[i + 3] = '4'; // an integer as text, as no listpack has it
            }
        }
        assertThat(use(bytes, new StreamId().set(5, 5))).isTrue();
    }

    private static void text(long lp, String text) {
        try (TestFields fields = new TestFields(text)) {
            Listpack.append(lp, fields.address(0), fields.length(0));
        }
    }

    private byte[] listpack(Random random, StreamId nodeId) {
        long root = Stream.create(allocator);
        StreamId id = new StreamId().set(1000, 1);
        for (int i = 0; i < 12; i++) {
            String name = random.nextInt(4) == 0 ? "other" : "field";
            String value = "value" + random.nextInt(100);
            try (TestFields fields =
                    new TestFields(name, value, "n", Integer.toString(random.nextInt(5000)))) {
                Stream.append(allocator, limits, root, id, fields);
            }
            id.set(id.millis() + random.nextInt(3), id.sequence() + 1);
        }
        TreePath path = new TreePath();
        long node = Stream.firstNode(root, path);
        Stream.nodeId(path, nodeId);
        byte[] bytes = write(node, nodeId);
        Stream.free(allocator, root);
        return bytes;
    }

    private static byte[] write(long node, StreamId id) {
        int length = StreamListpack.bytes(node);
        long lp = NativeHeap.allocate(length);
        StreamListpack.write(node, id, lp);
        assertThat(Listpack.isValid(lp, length)).isTrue();
        byte[] bytes = Memory.bytes(lp, length);
        NativeHeap.free(lp, length);
        return bytes;
    }

    /** Loads it and, if that succeeds, does all that can be done with a stream. */
    private boolean use(byte[] bytes, StreamId id) {
        long lp = NativeHeap.allocate(bytes.length);
        Memory.copyIn(bytes, 0, lp, bytes.length);
        long root = Stream.create(allocator);
        boolean added = StreamListpack.add(allocator, root, id, lp, bytes.length);
        NativeHeap.free(lp, bytes.length);
        if (added) {
            TreePath path = new TreePath();
            byte[] written = write(Stream.firstNode(root, path), id);
            assertThat(written.length).isLessThanOrEqualTo(bytes.length);
            Stream.loaded(root, 0, cursor);
            long length = Stream.length(root);
            StreamId greatest = new StreamId().set(-1, -1);
            long forward = count(cursor.all(root));
            long backward = count(cursor.backward(root, new StreamId(), greatest));
            assertThat(forward).isEqualTo(length).isEqualTo(backward);
            StreamRemoval.trim(allocator, root, new Trim().toLength(length / 2), cursor);
            assertThat(count(cursor.all(root))).isEqualTo(length / 2);
        }
        Stream.free(allocator, root);
        return added;
    }

    private static long count(StreamCursor cursor) {
        long entries = 0;
        while (cursor.next()) {
            entries++;
            while (cursor.nextField()) {
                int length = cursor.field().length() + cursor.value().length();
                assertThat(length).isNotNegative();
            }
        }
        return entries;
    }
}
