package io.keydb.server.value.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list holds what an {@link ArrayList} holds after the same operations, in both forms. */
class ListModelTest {

    @ParameterizedTest
    @CsvSource({
        "1,-2,60",
        "2,-2,2000",
        "3,-1,400",
        "4,-1,3000",
        "5,4,200",
        "6,1,40",
        "7,128,900",
        "8,-5,9000",
        "9,0,30",
        "10,16,500",
        "11,-3,4000",
        "12,-1,500"
    })
    void equalsAnArrayList(long seed, int maxListpackSize, int size) {
        Random random = new Random(seed);
        List<String> model = new ArrayList<>();
        try (TestList list = new TestList(maxListpackSize)) {
            list.push(true, "first");
            model.add("first");
            for (int step = 0; step < 6_000; step++) {
                change(random, model, list, size);
                if (step % 23 == 0 || model.size() < 20) {
                    list.check();
                    assertThat(list.elements()).as("seed %d, step %d", seed, step).isEqualTo(model);
                }
                if (step % 101 == 0) {
                    assertThat(list.reversed()).isEqualTo(model.reversed());
                    list.becomeCopy();
                }
                int position = random.nextInt(model.size() + 1);
                assertThat(list.at(position))
                        .isEqualTo(position == model.size() ? null : model.get(position));
            }
            list.check();
        }
    }

    private static void change(Random random, List<String> model, TestList list, int size) {
        boolean growing = model.size() < 2 || random.nextInt(size) > model.size() / 2;
        int choice = random.nextInt(12);
        boolean front = random.nextBoolean();
        String element = element(random);
        if (growing ? choice < 5 : choice < 2) {
            list.push(front, element);
            model.add(front ? 0 : model.size(), element);
        } else if (choice < 6) {
            changeInBetween(random, model, list, element, front);
        } else if (choice == 6) {
            String other = model.get(random.nextInt(model.size()));
            long most = random.nextInt(4) + 1;
            assertThat(list.removeMatching(other, most, front))
                    .isEqualTo(remove(model, other, most, front));
        } else if (choice == 7) {
            int start = random.nextInt(model.size());
            int count = random.nextInt(Math.min(growing ? 4 : size, model.size() - start) + 1);
            list.removeRange(start, count);
            model.subList(start, start + count).clear();
        } else if (choice == 8) {
            list.rotate(front);
            Collections.rotate(model, front ? -1 : 1);
        } else if (!growing) {
            list.pop(front);
            model.remove(front ? 0 : model.size() - 1);
        }
        if (model.isEmpty()) {
            list.push(front, "again");
            model.add("again");
        }
    }

    private static void changeInBetween(
            Random random, List<String> model, TestList list, String element, boolean behind) {
        int position = random.nextInt(model.size());
        if (random.nextBoolean()) {
            list.replace(position, element);
            model.set(position, element);
            return;
        }
        String pivot = random.nextInt(10) == 0 ? "not there" : model.get(position);
        int found = model.indexOf(pivot);
        assertThat(list.insert(pivot, behind, element)).isEqualTo(found >= 0);
        if (found >= 0) {
            model.add(behind ? found + 1 : found, element);
        }
    }

    private static long remove(List<String> model, String element, long most, boolean fromEnd) {
        long removed = 0;
        while (removed < most && model.contains(element)) {
            model.remove(fromEnd ? model.lastIndexOf(element) : model.indexOf(element));
            removed++;
        }
        return removed;
    }

    private static String element(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(300));
            case 1 -> Long.toString(random.nextLong());
            case 2 -> "x".repeat(random.nextInt(200));
            case 3 -> random.nextInt(12) == 0 ? "large".repeat(2_500) : "";
            default -> "element:" + random.nextInt(100);
        };
    }

    @Test
    void takesLittleMoreThanItsElements() {
        try (TestList list = new TestList(-2, false)) {
            for (int i = 0; i < 1_000_000; i++) {
                list.push(i % 3 == 0, "abcdefgh");
            }
            assertThat(list.encoding()).isEqualTo("quicklist");
            assertThat(list.bytes()).isLessThan(10_400_000);
            list.writer.checkInvariants();
        }
    }

    @Test
    void changesItsFormAtTheLimits() {
        try (TestList list = new TestList(-2)) {
            for (int i = 0; i < 818; i++) {
                list.push(false, "abcdefgh");
            }
            assertThat(list.encoding()).isEqualTo("listpack");
            list.push(false, "abcdefgh");
            assertThat(list.encoding()).isEqualTo("quicklist");
            list.removeRange(409, 410);
            assertThat(list.encoding()).isEqualTo("quicklist");
            list.pop(true);
            assertThat(list.encoding()).isEqualTo("listpack");
            list.check();
        }
        try (TestList list = new TestList(4)) {
            for (int i = 0; i < 5; i++) {
                assertThat(i < 1 || list.encoding().equals("listpack")).isTrue();
                list.push(false, "abcdefgh");
            }
            assertThat(list.encoding()).isEqualTo("quicklist");
            list.removeRange(3, 2);
            assertThat(list.encoding()).isEqualTo("quicklist");
            list.pop(true);
            assertThat(list.encoding()).isEqualTo("listpack");
        }
    }
}
