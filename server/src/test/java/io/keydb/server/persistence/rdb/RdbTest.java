package io.keydb.server.persistence.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the writer writes and what stock wrote is read, cut at any place; anything else is refused.
 */
class RdbTest {
    private static final int LIMIT = 1 << 20;

    private final Pages pages = new Pages();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(pages.bufferBytes()).isZero();
        pages.close();
    }

    @Test
    void aFileOfStockIsRead() throws Exception {
        read(golden("strings.rdb"), Integer.MAX_VALUE, LIMIT);
        String letters = "abc".repeat(2000);
        StringBuilder numbers = new StringBuilder();
        for (int i = 1; i <= 500; i++) {
            numbers.append(i).append(i == 500 ? "" : " ");
        }
        assertThat(recorder.seen)
                .contains(
                        "aux redis-ver=7.0.15",
                        "db 0",
                        "plain=value",
                        "int8=-5",
                        "int16=1234",
                        "int32=-2000000000",
                        "int64=9007199254740993",
                        "empty=",
                        "padded=007",
                        "long=" + letters,
                        "expiring=soon@4102444800123",
                        "binary=\0\u00ff\r\n",
                        "db 3",
                        "other=db",
                        "k".repeat(300) + "=longkey")
                .anyMatch(entry -> entry.startsWith("mixed=" + numbers))
                .endsWith("end");
    }

    @Test
    void collectionsOfStockAreShown() throws Exception {
        read(golden("hash.rdb"), 7, LIMIT);
        assertThat(recorder.seen).anyMatch(entry -> entry.contains("=hash{")).endsWith("end");
    }

    @Test
    void everythingWrittenIsReadWhereverTheStreamIsCut() throws Exception {
        byte[] file = sample();
        read(file, Integer.MAX_VALUE, LIMIT);
        List<String> whole = List.copyOf(recorder.seen);
        assertThat(whole)
                .contains("aux ctime=17", "db 5", "k=v@123", "n=-9223372036854775808", "m=12")
                .endsWith("end");
        for (int piece = 1; piece < 40; piece++) {
            recorder.seen.clear();
            read(file, piece, LIMIT);
            assertThat(recorder.seen).as("pieces of %d", piece).isEqualTo(whole);
        }
    }

    @Test
    void randomStringsComeBack() throws Exception {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RdbWriter writer = new RdbWriter(out::write, true);
        writer.begin();
        List<String> expected = new ArrayList<>();
        try (OffHeapBuffer key = new OffHeapBuffer(pages);
                OffHeapBuffer value = new OffHeapBuffer(pages)) {
            for (int i = 0; i < 2_000; i++) {
                String keyText = random(random);
                String valueText = random(random);
                key.clear();
                key.append(keyText.getBytes(StandardCharsets.ISO_8859_1));
                value.clear();
                value.append(valueText.getBytes(StandardCharsets.ISO_8859_1));
                write(writer, key, value);
                expected.add(keyText + "=" + valueText);
            }
        }
        writer.end();
        expected.add("end");
        read(out.toByteArray(), 1 + random.nextInt(5_000), LIMIT);
        assertThat(recorder.seen).as("seed %d", seed).isEqualTo(expected);
        assertThat(writer.written()).isEqualTo(out.size());
    }

    @Test
    void bytesBehindTheEndAreNotTaken() throws Exception {
        byte[] file = sample();
        byte[] longer = Arrays.copyOf(file, file.length + 40);
        assertThat(read(longer, Integer.MAX_VALUE, LIMIT)).isEqualTo(file.length);
    }

    @Test
    void longerStringsThanAllowedAreRefused() throws Exception {
        byte[] file = golden("strings.rdb");
        assertThatThrownBy(() -> read(file, Integer.MAX_VALUE, 1_000))
                .isInstanceOf(RdbException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void aDamagedFileIsRefusedOrReadButNothingElseHappens() throws Exception {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] file = golden("strings.rdb");
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = file.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(10) == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            try {
                recorder.seen.clear();
                read(damaged, 1 + random.nextInt(500), 100_000);
            } catch (RdbException expected) {
                refused++;
            } catch (RuntimeException bug) {
                throw new AssertionError("seed " + seed + " round " + round, bug);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(10_000);
    }

    private long read(byte[] file, int piece, int limit) throws RdbException {
        long taken = 0;
        try (RdbReader reader = new RdbReader(pages, recorder, limit);
                OffHeapBuffer bytes = new OffHeapBuffer(pages)) {
            for (int at = 0; at < file.length && !reader.isDone(); ) {
                int length = Math.min(piece, file.length - at);
                bytes.clear();
                bytes.append(file, at, length);
                taken += reader.feed(bytes.address(), length);
                at += length;
            }
        }
        return taken;
    }

    private byte[] sample() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RdbWriter writer = new RdbWriter(out::write, true);
        try (OffHeapBuffer text = new OffHeapBuffer(pages)) {
            text.append("kvnm12".getBytes(StandardCharsets.US_ASCII));
            long at = text.address();
            writer.begin();
            writer.auxiliary("ctime", "17");
            writer.auxiliary("field", at, 6);
            writer.database(5, 1_000_000, 70);
            writer.expiry(123);
            writer.length(RdbFormat.TYPE_STRING);
            writer.string(at, 1);
            writer.string(at + 1, 1);
            writer.length(RdbFormat.TYPE_STRING);
            writer.string(at + 2, 1);
            writer.number(Long.MIN_VALUE);
            writer.length(RdbFormat.TYPE_STRING);
            writer.string(at + 3, 1);
            writer.string(at + 4, 2);
            writer.end();
        }
        return out.toByteArray();
    }

    private static void write(RdbWriter writer, OffHeapBuffer key, OffHeapBuffer value)
            throws IOException {
        writer.length(RdbFormat.TYPE_STRING);
        writer.string(key.address(), (int) key.length());
        writer.string(value.address(), (int) value.length());
    }

    private static String random(Random random) {
        if (random.nextInt(3) == 0) {
            return Long.toString(random.nextLong() >> random.nextInt(64));
        }
        int length = random.nextInt(random.nextInt(20) == 0 ? 100_000 : 100);
        int letters = 1 + random.nextInt(255);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(letters));
        }
        return text.toString();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = RdbTest.class.getResourceAsStream("/golden/redis-7.0.15/" + name)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    /** Writes down what it is shown. */
    private static final class Recorder implements RdbVisitor {
        final List<String> seen = new ArrayList<>();

        @Override
        public void auxiliary(String name, byte[] value) {
            seen.add("aux " + name + "=" + new String(value, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void database(long index) {
            seen.add("db " + index);
        }

        @Override
        public void entry(RdbEntry entry) throws RdbException {
            ShownValue value = new ShownValue();
            boolean hasElements = entry.show(value);
            seen.add(
                    text(entry.keyAddress(), entry.keyLength())
                            + "="
                            + (hasElements ? value : "nothing")
                            + (entry.hasExpiry() ? "@" + entry.expiryMillis() : ""));
        }

        @Override
        public void end() {
            seen.add("end");
        }

        private static String text(long address, int length) {
            return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
        }
    }
}
