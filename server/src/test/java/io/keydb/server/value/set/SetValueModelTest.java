package io.keydb.server.value.set;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.support.TestClock;
import io.keydb.server.value.Element;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A set holds what a {@link HashSet} holds, whatever its form. */
class SetValueModelTest {
    private final Keyspace keyspace = new Keyspace(1, 1, false, true, new TestClock(1_000_000));
    private final OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages());

    @ParameterizedTest
    @CsvSource({
        "1, 40, 0, intset",
        "2, 60, 0, intset",
        "3, 40, 30, listpack",
        "4, 100, 50, listpack",
        "5, 3000, 0, hashtable",
        "6, 3000, 50, hashtable",
        "7, 2000, 100, hashtable"
    })
    void equalsAHashSet(long seed, int members, int percentText, String encoding) {
        Random random = new Random(seed);
        Set<String> model = new HashSet<>();
        keyspace.lock(keyspace.allPartitions());
        Key key = new Key().set(text("key"), 3);
        String last = "";
        try (Draft set = new Draft(keyspace.database(0), key)) {
            SetValue.begin(set, true);
            for (int i = 0; i < 6000; i++) {
                String member = member(random, members, percentText);
                long address = text(member);
                boolean known = model.contains(member);
                assertThat(SetValue.contains(set.record(), address, member.length()))
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(known);
                if (random.nextInt(10) < (i % 2000 < 1500 ? 7 : 2)) {
                    assertThat(SetValue.add(set, address, member.length(), 1)).isEqualTo(!known);
                    model.add(member);
                } else if (known && random.nextInt(3) == 0) {
                    model.remove(takeRandom(set, random));
                } else {
                    assertThat(SetValue.remove(set, address, member.length())).isEqualTo(known);
                    model.remove(member);
                }
                assertThat(SetValue.size(set.record())).isEqualTo(model.size());
                SetValue.checkInvariants(set.record());
                if (i % 200 == 0) {
                    assertThat(all(set.record())).isEqualTo(model);
                    assertThat(Values.memoryUsage(set.record()))
                            .isEqualTo(keyspace.partition(0).allocator().allocatedBytes());
                    last = Values.encodingName(set.record());
                }
            }
            sampleAndDraw(set, model, random);
            copyAndCompact(model);
        } finally {
            bytes.close();
            assertThat(keyspace.allocatedBytes()).isZero();
            keyspace.close();
        }
        assertThat(last).isEqualTo(encoding);
    }

    private static String member(Random random, int members, int percentText) {
        int number = random.nextInt(members);
        if (Math.floorMod(number * 7, 100) < percentText) {
            return "member:" + number;
        }
        return Long.toString(number % 3 == 0 ? number * 1_000_000_007L : number - members / 2);
    }

    private String takeRandom(Draft set, Random random) {
        Element member = new Element();
        SetValue.random(set.record(), random, member);
        String taken = string(member);
        SetValue.removeShown(set, member);
        return taken;
    }

    private void sampleAndDraw(Draft set, Set<String> model, Random random) {
        int size = model.size();
        for (int count : new int[] {1, size / 10, size / 2, size - 1}) {
            Set<String> seen = new HashSet<>();
            try (SetSample sample = new SetSample(set.allocator(), set.record(), count, random)) {
                while (sample.next()) {
                    assertThat(seen.add(string(sample.element()))).isTrue();
                }
            }
            assertThat(seen).hasSize(count);
            assertThat(model).containsAll(seen);
        }
        for (int count : new int[] {1, size / 10, size / 2}) {
            SetDraw draw = new SetDraw(set, count, random);
            int drawn = 0;
            while (draw.next()) {
                assertThat(model.remove(string(draw.element()))).isTrue();
                drawn++;
            }
            draw.end();
            assertThat(drawn).isEqualTo(count);
            SetValue.checkInvariants(set.record());
            assertThat(all(set.record())).isEqualTo(model);
        }
    }

    private void copyAndCompact(Set<String> model) {
        try (Draft copy = new Draft(keyspace.database(0), new Key().set(text("other"), 5))) {
            for (String member : model) {
                SetValue.add(copy, text(member), member.length(), 100_000);
            }
            assertThat(Values.encodingName(copy.record())).isEqualTo("hashtable");
            if (model.size() <= 128) {
                SetValue.compact(copy);
                assertThat(Values.encodingName(copy.record())).isEqualTo("listpack");
            }
            boolean integers = model.stream().noneMatch(member -> member.contains(":"));
            if (integers && model.size() <= 512) {
                SetValue.toIntegers(copy);
                assertThat(Values.encodingName(copy.record())).isEqualTo("intset");
            }
            SetValue.checkInvariants(copy.record());
            assertThat(all(copy.record())).isEqualTo(model);
        }
    }

    private Set<String> all(long record) {
        Set<String> all = new HashSet<>();
        SetCursor cursor = new SetCursor(record);
        while (cursor.next()) {
            assertThat(all.add(string(cursor.element()))).isTrue();
        }
        Set<String> scanned = new HashSet<>();
        long position = 0;
        do {
            SetScan scan = new SetScan(record, position, 20);
            while (scan.next()) {
                scanned.add(string(scan.element()));
            }
            position = scan.cursor();
        } while (position != 0);
        assertThat(scanned).isEqualTo(all);
        return all;
    }

    private static String string(Element element) {
        if (element.isInteger()) {
            assertThat(element.length()).isEqualTo(DecimalText.length(element.integer()));
            return Long.toString(element.integer());
        }
        return new String(
                Memory.bytes(element.address(), element.length()), StandardCharsets.ISO_8859_1);
    }

    private long text(String text) {
        long start = bytes.length();
        if (start > 1 << 20) {
            bytes.clear();
            start = 0;
        }
        // Enough room at once, so that nothing moves.
        if (bytes.capacity() < 1 << 21) {
            bytes.reserve(1 << 21);
            bytes.truncate(start);
        }
        bytes.append(text.getBytes(StandardCharsets.ISO_8859_1));
        return bytes.address() + start;
    }
}
