package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes are stock's; other bytes are refused, or can be walked without danger. */
class ListpackFormatTest {

    @Test
    void hasTheBytesOfStock() {
        try (TestListpack listpack =
                new TestListpack(
                        "a",
                        "0",
                        "127",
                        "128",
                        "-1",
                        "4095",
                        "-4096",
                        "4096",
                        "-4097",
                        "32767",
                        "-32768",
                        "32768",
                        "8388607",
                        "-8388608",
                        "8388608",
                        "-2147483648",
                        "2147483648",
                        "9223372036854775807",
                        "-9223372036854775808",
                        "")) {
            assertThat(HexFormat.of().formatHex(listpack.content())).isEqualTo(STOCK);
        }
    }

    private static final String STOCK =
            "65000000140081610200017f01c08002dfff02cfff02d00002f1001003f1ffef03f1ff7f03f1008003f20080"
                    + "0004f2ffff7f04f200008004f30000800005f30000008005f4000000800000000009f4ffffffffffffff7f09"
                    + "f40000000000000080098001ff";

    /** Sizes of text at the borders, as stock's: entry and the length behind it. */
    @ParameterizedTest
    @CsvSource({
        "63,65",
        "64,67",
        "125,128",
        "126,130",
        "4095,4099",
        "4096,4103",
        "16377,16384",
        "16378,16386"
    })
    void takesTheBytesOfStock(int length, int bytes) {
        try (TestListpack listpack = new TestListpack("x".repeat(length), "7")) {
            assertThat(Listpack.entryBytes(Listpack.first(listpack.lp))).isEqualTo(bytes);
            assertThat(
                            TestListpack.text(
                                    Listpack.previous(listpack.lp, Listpack.last(listpack.lp))))
                    .hasSize(length);
            listpack.check();
        }
    }

    @Test
    void countsWhatTheHeaderCannot() {
        try (TestListpack listpack = new TestListpack()) {
            int entries = 70_000;
            listpack.resize(Listpack.EMPTY_BYTES + 2 * entries);
            for (int i = 0; i < entries; i++) {
                Listpack.append(listpack.lp, i % 100);
            }
            assertThat(Listpack.count(listpack.lp)).isEqualTo(entries);
            assertThat(Memory.getShort(listpack.lp + 4)).isEqualTo((short) -1);
            assertThat(Listpack.integer(Listpack.at(listpack.lp, 69_999))).isEqualTo(99);
            assertThat(Listpack.integer(Listpack.at(listpack.lp, -69_999))).isEqualTo(1);
            assertThat(Listpack.at(listpack.lp, 70_000)).isZero();
            assertThat(Listpack.at(listpack.lp, -70_001)).isZero();
            listpack.check();
            listpack.remove(1, 4_465);
            assertThat(Listpack.count(listpack.lp)).isEqualTo(65_535);
            listpack.remove(1, 1);
            assertThat(Listpack.count(listpack.lp)).isEqualTo(65_534);
            assertThat(Memory.getShort(listpack.lp + 4)).isEqualTo((short) 65_534);
            listpack.check();
        }
    }

    /** Whatever bytes pass can be walked both ways without leaving them, and changed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void refusesWhatCannotBeWalked(long seed) {
        Random random = new Random(seed);
        int passed = 0;
        for (int round = 0; round < 20_000; round++) {
            try (TestListpack listpack =
                    new TestListpack(
                            "12", "text", "-300", "70000", "x".repeat(random.nextInt(70)))) {
                byte[] bytes = listpack.content();
                damage(random, bytes);
                Memory.copyIn(bytes, 0, listpack.lp, bytes.length);
                if (Listpack.isValid(listpack.lp, bytes.length)) {
                    passed++;
                    walk(listpack, bytes.length);
                }
            }
        }
        assertThat(passed).as("seed %d", seed).isPositive();
    }

    private static void damage(Random random, byte[] bytes) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at =
                    random.nextInt(4) == 0
                            ? random.nextInt(bytes.length)
                            : 6 + random.nextInt(bytes.length - 6);
            bytes[at] = (byte) random.nextInt(256);
        }
        if (random.nextBoolean()) {
            bytes[4] = -1;
            bytes[5] = -1;
        }
    }

    private static void walk(TestListpack listpack, int bytes) {
        long end = listpack.lp + bytes - 1;
        int sum = Listpack.EMPTY_BYTES;
        for (long e = Listpack.first(listpack.lp); e != 0; e = Listpack.next(listpack.lp, e)) {
            sum += Listpack.entryBytes(e);
            assertThat(e).isLessThan(end);
            TestListpack.text(e);
        }
        assertThat(sum).isEqualTo(bytes);
        assertThat(listpack.reversed()).isEqualTo(listpack.elements().reversed());
        Listpack.remove(listpack.lp, Listpack.first(listpack.lp), 1_000);
        assertThat(Listpack.count(listpack.lp)).isZero();
        Memory.fill(listpack.lp + Listpack.EMPTY_BYTES, bytes - Listpack.EMPTY_BYTES, (byte) 0);
    }

    @Test
    void refusesBytesThatAreTooFew() {
        try (TestListpack listpack = new TestListpack("a")) {
            for (int bytes = 0; bytes < Listpack.EMPTY_BYTES; bytes++) {
                assertThat(Listpack.isValid(listpack.lp, bytes)).isFalse();
            }
            assertThat(Listpack.isValid(listpack.lp, Listpack.bytes(listpack.lp) - 1)).isFalse();
        }
    }
}
