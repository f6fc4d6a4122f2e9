package io.keydb.server.value.sortedset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.structure.Record;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sorted set holds what a {@link TreeSet} of elements holds after the same operations. */
class SortedSetModelTest {
    /** An element; listpacks keep no sign of zero, so it is not compared. */
    private record Item(double score, String member) {
        Item {
            score += 0.0;
        }
    }

    /** Zeros of both signs are one score. */
    private static final Comparator<Item> ORDER =
            Comparator.comparingDouble((Item item) -> item.score == 0 ? 0.0 : item.score)
                    .thenComparing(Item::member);

    private final Map<String, Double> scores = new HashMap<>();
    private final TreeSet<Item> order = new TreeSet<>(ORDER);

    @ParameterizedTest
    @CsvSource({
        "1, 3000, 60, 20, 10",
        "2, 3000, 60, 2, 10",
        "3, 6000, 1200, 50, 300",
        "4, 6000, 1200, 100000, 300",
        "5, 6000, 1200, 1, 300"
    })
    void equalsATreeSetUnderRandomOperations(
            long seed, int operations, int members, int distinctScores, int checkEvery) {
        Random random = new Random(seed);
        try (TestSortedSet set = new TestSortedSet()) {
            for (int i = 0; i < operations; i++) {
                boolean growing = i / (operations / 4) % 2 == 0;
                step(set, random, growing, members, distinctScores);
                if (i % checkEvery == 0 && set.record() != 0) {
                    SortedSet.checkInvariants(set.record());
                    assertSame(set, seed, i);
                }
            }
        }
    }

    private void step(
            TestSortedSet set, Random random, boolean growing, int members, int distinctScores) {
        String member = member(random.nextInt(members));
        int choice = random.nextInt(20);
        if (choice < (growing ? 15 : 3)) {
            double score = score(random, distinctScores);
            set.put(member, score);
            Double old = scores.put(member, score + 0.0);
            if (old != null) {
                order.remove(new Item(old, member));
            }
            order.add(new Item(score, member));
        } else if (choice < 19) {
            Double old = scores.get(member);
            Double found = set.score(member);
            assertThat(found == null ? null : (Double) (found + 0.0)).isEqualTo(old);
            if (old != null) {
                assertThat(set.rank(member)).isEqualTo(order.headSet(new Item(old, member)).size());
                set.remove(member);
                scores.remove(member);
                order.remove(new Item(old, member));
            }
        } else if (!order.isEmpty()) {
            int from = random.nextInt(order.size());
            int count = 1 + random.nextInt(Math.min(order.size() - from, 5 + order.size() / 20));
            set.removeRange(from, count);
            List<Item> items = new ArrayList<>(order).subList(from, from + count);
            items.forEach(item -> scores.remove(item.member));
            items.forEach(order::remove);
        }
    }

    private static String member(int number) {
        return switch (number % 3) {
            case 0 -> Integer.toString(number - 20);
            case 1 -> "member:" + number;
            default -> "\u00e9" + number;
        };
    }

    private static double score(Random random, int distinct) {
        int number = random.nextInt(distinct) - distinct / 2;
        return switch (random.nextInt(8)) {
            case 0 -> number / 7.0;
            case 1 -> -0.0;
            case 2 -> Double.POSITIVE_INFINITY;
            case 3 -> -1e300 / (number + 0.5);
            default -> number;
        };
    }

    private void assertSame(TestSortedSet set, long seed, int step) {
        String where = "seed " + seed + ", step " + step;
        List<Item> expected = new ArrayList<>(order);
        assertThat(SortedSet.size(set.record())).as(where).isEqualTo(expected.size());
        assertThat(forwards(set)).as(where).isEqualTo(expected);
        List<Item> backwards = backwards(set);
        Collections.reverse(backwards);
        assertThat(backwards).as(where).isEqualTo(expected);
        Bound bound = new Bound();
        for (double score : new double[] {-1, 0, 1, Double.POSITIVE_INFINITY}) {
            assertThat(SortedSet.countBefore(set.record(), bound.setScore(score, false)))
                    .isEqualTo(expected.stream().filter(item -> item.score < score).count());
            assertThat(SortedSet.countBefore(set.record(), bound.setScore(score, true)))
                    .isEqualTo(expected.stream().filter(item -> item.score <= score).count());
        }
        assertThat(SortedSet.countBefore(set.record(), bound.setStart())).isZero();
        assertThat(SortedSet.countBefore(set.record(), bound.setEnd())).isEqualTo(expected.size());
        assertThat(set.bytes()).as(where).isEqualTo(Values.memoryUsage(set.record()));
    }

    private static List<Item> forwards(TestSortedSet set) {
        List<Item> items = new ArrayList<>();
        SortedSetCursor cursor = new SortedSetCursor();
        for (boolean is = cursor.at(set.record(), 0); is; is = cursor.next()) {
            items.add(new Item(cursor.score(), TestSortedSet.text(cursor)));
        }
        return items;
    }

    private static List<Item> backwards(TestSortedSet set) {
        List<Item> items = new ArrayList<>();
        SortedSetCursor cursor = new SortedSetCursor();
        long last = SortedSet.size(set.record()) - 1;
        for (boolean is = cursor.at(set.record(), last); is; is = cursor.previous()) {
            items.add(new Item(cursor.score(), TestSortedSet.text(cursor)));
        }
        return items;
    }

    @Test
    void ordersByTextWhenThereIsOneScore() {
        for (int size : new int[] {20, 3_000}) {
            try (TestSortedSet set = new TestSortedSet()) {
                TreeSet<String> texts = new TreeSet<>();
                for (int i = 0; i < size; i++) {
                    texts.add(member(i));
                    set.put(member(i), 7);
                }
                for (String text : List.of("", "-1", "-10", "1", "10", "5", "m", "member:1x")) {
                    assertThat(set.countBeforeText(text, false))
                            .isEqualTo(texts.headSet(text, false).size());
                    assertThat(set.countBeforeText(text, true))
                            .isEqualTo(texts.headSet(text, true).size());
                }
            }
        }
    }

    @Test
    void becomesSmallAgainWhenAsked() {
        try (TestSortedSet set = new TestSortedSet()) {
            SortedSet.createLarge(set);
            for (int i = 0; i < 100; i++) {
                set.put(member(i), i / 3.0);
            }
            List<Item> before = forwards(set);
            SortedSet.compact(set);
            assertThat(SortedSet.isListpack(set.record())).isTrue();
            SortedSet.checkInvariants(set.record());
            assertThat(forwards(set)).isEqualTo(before);
            assertThat(set.bytes()).isEqualTo(Values.memoryUsage(set.record()));
            for (int i = 100; i < 200; i++) {
                set.put(member(i), i / 3.0);
            }
            SortedSet.compact(set);
            assertThat(SortedSet.isListpack(set.record())).isFalse();
        }
    }

    @Test
    void isCopiedWhole() {
        for (int size : new int[] {10, 3_000}) {
            try (TestSortedSet set = new TestSortedSet();
                    TestSortedSet none = new TestSortedSet()) {
                for (int i = 0; i < size; i++) {
                    set.put(member(i), i % 100);
                }
                long from = set.record();
                int shape =
                        Record.shape(Record.SORTED_SET, Record.encoding(from), false, false, true);
                long to =
                        Record.create(
                                set.allocator,
                                shape,
                                Record.keyAddress(from),
                                Record.keyLength(from),
                                Record.valueLength(from));
                Values.copy(set.allocator, from, to);
                SortedSet.checkInvariants(to);
                assertThat(SortedSet.size(to)).isEqualTo(size);
                assertThat(Values.memoryUsage(to)).isLessThanOrEqualTo(Values.memoryUsage(from));
                Values.free(set.allocator, to);
                assertThat(none.record()).isZero();
            }
        }
    }

    @Test
    void membersExpire() {
        try (TestSortedSet set = new TestSortedSet()) {
            for (int i = 0; i < 300; i++) {
                set.put(member(i), i % 10);
            }
            for (int i = 0; i < 300; i += 2) {
                Members.expire(set, set.find(member(i)), 1_000 + i);
            }
            SortedSet.checkInvariants(set.record());
            assertThat(Record.membersExpire(set.record())).isTrue();
            assertThat(set.bytes()).isEqualTo(Values.memoryUsage(set.record()));
            for (int i = 0; i < 300; i += 4) {
                Members.persist(set, set.find(member(i)));
            }
            set.put(member(2), 55);
            set.remove(member(6));
            set.removeRange(20, 50);
            SortedSet.checkInvariants(set.record());
        }
    }

    @Test
    void membersTakeLittleMemory() {
        int members = 200_000;
        try (TestSortedSet set = new TestSortedSet()) {
            for (int i = 0; i < members; i++) {
                set.put("member:" + (100_000 + i * 7L % members), i * 31 % members);
            }
            double bytes = (double) set.bytes() / members;
            assertThat(bytes).isLessThan(52);
        }
    }
}
