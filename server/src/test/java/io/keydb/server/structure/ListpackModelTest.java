package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listpack holds what an {@link ArrayList} holds after the same operations. */
class ListpackModelTest {

    private static final int[] LENGTHS = {
        0, 1, 2, 7, 8, 15, 16, 17, 62, 63, 64, 65, 125, 126, 127, 128, 300, 4093, 4094, 4095, 4096
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void equalsAnArrayList(long seed) {
        Random random = new Random(seed);
        List<String> model = new ArrayList<>();
        try (TestListpack listpack = new TestListpack()) {
            for (int step = 0; step < 4_000; step++) {
                change(random, model, listpack, step / 500 % 2 == 0);
                listpack.check();
                assertThat(listpack.elements()).as("seed %d, step %d", seed, step).isEqualTo(model);
                assertThat(Listpack.count(listpack.lp)).isEqualTo(model.size());
                if (step % 16 == 0) {
                    assertThat(listpack.reversed()).isEqualTo(model.reversed());
                    look(random, model, listpack);
                }
            }
        }
    }

    private static void change(
            Random random, List<String> model, TestListpack listpack, boolean growing) {
        int choice = random.nextInt(10);
        if (model.isEmpty() || choice < (growing ? 6 : 2)) {
            int index = random.nextInt(model.size() + 1);
            String element = element(random);
            model.add(index, element);
            listpack.insert(index, element);
        } else if (choice < 8) {
            int index = random.nextInt(model.size());
            String element = element(random);
            model.set(index, element);
            listpack.replace(index, element);
        } else {
            int index = random.nextInt(model.size());
            int entries = random.nextInt(4);
            listpack.remove(index, entries);
            model.subList(index, Math.min(index + entries, model.size())).clear();
        }
    }

    private static void look(Random random, List<String> model, TestListpack listpack) {
        int index = random.nextInt(2 * model.size() + 3) - model.size() - 1;
        long e = Listpack.at(listpack.lp, index);
        int position = index < 0 ? index + model.size() : index;
        if (position < 0 || position >= model.size()) {
            assertThat(e).isZero();
            assertThat(listpack.find("never there", 0)).isZero();
            return;
        }
        String element = model.get(position);
        assertThat(TestListpack.text(e)).isEqualTo(element);
        assertThat(listpack.sameAs(e, element)).isTrue();
        assertThat(listpack.sameAs(e, element + "x")).isFalse();
        assertThat(Listpack.entryBytes(e)).isEqualTo(listpack.sizeOf(element));
        assertThat(listpack.find(element, 0))
                .isEqualTo(Listpack.at(listpack.lp, model.indexOf(element)));
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < model.size(); i += 3) {
            fields.add(model.get(i));
        }
        int field = fields.indexOf(element);
        assertThat(listpack.find(element, 2))
                .isEqualTo(field < 0 ? 0 : Listpack.at(listpack.lp, field * 3L));
    }

    private static String element(Random random) {
        if (random.nextInt(3) == 0) {
            int length = LENGTHS[random.nextInt(random.nextInt(8) == 0 ? LENGTHS.length : 12)];
            return String.join(
                    "", Collections.nCopies(length, Character.toString('a' + length % 26)));
        }
        if (random.nextInt(8) == 0) {
            return new String[] {"-", "-0", "01", "+1", " 1", "1 ", "9223372036854775808", "\u00ff"}
                    [random.nextInt(8)];
        }
        return Long.toString(integer(random));
    }

    /** All widths, with both neighbours of each border. */
    private static long integer(Random random) {
        int bits = new int[] {0, 7, 12, 15, 23, 31, 63}[random.nextInt(7)];
        long border = 1L << bits;
        return switch (random.nextInt(4)) {
            case 0 -> border - random.nextInt(3);
            case 1 -> -border + random.nextInt(3) - 1;
            case 2 -> random.nextLong() >> (63 - bits);
            default -> random.nextInt(200) - 100;
        };
    }
}
