package io.keydb.server.value.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.memory.Pages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups, consumers and pending entries are what maps are after the same operations. */
class PendingModelTest {
    private static final int ID_BITS = 12;

    private final Pages pages = new Pages();
    private final Pending pending = new Pending();
    private Allocator allocator;
    private long root;
    private final Map<String, TreeMap<Long, Item>> model = new TreeMap<>();
    private final Map<String, List<String>> consumers = new TreeMap<>();

    private record Item(String consumer, long time, long times) {}

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
    @ValueSource(longs = {1, 2, 3, 4})
    void equalsTheModel(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 20_000; step++) {
            step(random);
            if (step % 500 == 0) {
                compare(root);
                assertThat(Stream.bytes(root)).isEqualTo(allocator.allocatedBytes());
                long copy = Stream.copy(allocator, root);
                compare(copy);
                Stream.free(allocator, copy);
            }
        }
        compare(root);
    }

    private void step(Random random) {
        String groupName = "group" + random.nextInt(4);
        long group = named(groupName, a -> ConsumerGroup.find(root, a, groupName.length()));
        if (group == 0) {
            named(
                    groupName,
                    a ->
                            ConsumerGroup.create(
                                    allocator, root, a, groupName.length(), new StreamId()));
            model.put(groupName, new TreeMap<>());
            consumers.put(groupName, new ArrayList<>());
            return;
        }
        TreeMap<Long, Item> items = requireNonNull(model.get(groupName));
        List<String> known = requireNonNull(consumers.get(groupName));
        int dice = random.nextInt(2000);
        if (dice == 0) {
            ConsumerGroup.remove(allocator, root, group);
            model.remove(groupName);
            return;
        }
        String name = "c" + random.nextInt(12);
        long consumer = named(name, a -> Consumer.find(group, a, name.length()));
        assertThat(consumer != 0).isEqualTo(known.contains(name));
        if (consumer == 0) {
            named(name, a -> Consumer.create(allocator, group, a, name.length(), 5));
            known.add(name);
        } else if (dice < 10) {
            Consumer.remove(allocator, group, consumer);
            known.remove(name);
            items.values().removeIf(item -> item.consumer.equals(name));
        } else {
            long id = random.nextLong() >>> (64 - ID_BITS);
            if (dice < 1000) {
                deliver(
                        random,
                        items,
                        group,
                        consumer,
                        name,
                        dice % 3 == 0 ? id : ascending(items));
            } else if (dice < 1500) {
                acknowledge(items, group, id);
            } else if (!items.isEmpty()) {
                acknowledge(items, group, items.firstKey());
            }
        }
    }

    private static long ascending(TreeMap<Long, Item> items) {
        return items.isEmpty() ? 1 : items.lastKey() + 1;
    }

    private void deliver(
            Random random, Map<Long, Item> items, long group, long consumer, String name, long id) {
        long time = random.nextLong();
        boolean found = pending.find(group, id >> 4, id & 15);
        assertThat(found).isEqualTo(items.containsKey(id));
        if (found) {
            pending.assign(allocator, consumer);
        } else {
            pending.add(allocator, group, consumer, id >> 4, id & 15);
        }
        pending.deliver(time, pending.times() + 1);
        Item known = items.get(id);
        items.put(id, new Item(name, time, known != null ? known.times + 1 : 1));
    }

    private void acknowledge(Map<Long, Item> items, long group, long id) {
        boolean found = pending.find(group, id >> 4, id & 15);
        assertThat(found).isEqualTo(items.remove(id) != null);
        if (found) {
            pending.remove(allocator);
        }
    }

    private void compare(long stream) {
        assertThat(ConsumerGroup.count(stream)).isEqualTo(model.size());
        int i = 0;
        for (Map.Entry<String, TreeMap<Long, Item>> entry : model.entrySet()) {
            long group = ConsumerGroup.at(stream, i++);
            assertThat(text(ConsumerGroup.name(group), ConsumerGroup.nameLength(group)))
                    .isEqualTo(entry.getKey());
            IdList.checkInvariants(ConsumerGroup.pendingList(group), Pending.WIDTH);
            assertThat(ConsumerGroup.pending(group)).isEqualTo(entry.getValue().size());
            assertThat(walk(group, 0)).isEqualTo(entry.getValue());
            List<String> names = new ArrayList<>(consumers.get(entry.getKey()));
            names.sort(null);
            assertThat(Consumer.count(group)).isEqualTo(names.size());
            for (int j = 0; j < names.size(); j++) {
                long consumer = Consumer.at(group, j);
                String name = names.get(j);
                assertThat(nameOf(consumer)).isEqualTo(name);
                IdList.checkInvariants(Consumer.pendingList(consumer), Pending.CONSUMER_WIDTH);
                Map<Long, Item> own = new TreeMap<>(entry.getValue());
                own.values().removeIf(item -> !item.consumer.equals(name));
                assertThat(walk(group, consumer)).isEqualTo(own);
                assertThat(Consumer.pending(consumer)).isEqualTo(own.size());
            }
        }
    }

    private Map<Long, Item> walk(long group, long consumer) {
        Map<Long, Item> found = new TreeMap<>();
        boolean more = pending.seek(group, consumer, 0, 0);
        while (more) {
            found.put(
                    pending.millis() << 4 | pending.sequence(),
                    new Item(nameOf(pending.consumer()), pending.time(), pending.times()));
            more = pending.next();
        }
        return found;
    }

    private static String nameOf(long consumer) {
        return text(Consumer.name(consumer), Consumer.nameLength(consumer));
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
    }

    private interface ByAddress {
        long run(long address);
    }

    private static long named(String name, ByAddress action) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        long address = NativeHeap.allocate(bytes.length);
        Memory.copyIn(bytes, 0, address, bytes.length);
        long result = action.run(address);
        NativeHeap.free(address, bytes.length);
        return result;
    }
}
