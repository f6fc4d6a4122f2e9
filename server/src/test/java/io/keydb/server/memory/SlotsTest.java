package io.keydb.server.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.Crc16;
import io.keydb.server.support.GlobPattern;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slots, patterns and checksums over addresses are those of the same bytes on the heap. */
class SlotsTest {

    private final Pages pages = new Pages();
    private final long address = pages.allocate(4096, Pages.NO_OWNER);

    @AfterEach
    void close() {
        pages.close();
    }

    @ParameterizedTest
    @CsvSource({
        "foo, 12182",
        "bar, 5061",
        "123456789, 12739",
        "'', 0",
        "{user1000}.following, 3443",
        "{user1000}.followers, 3443",
        "user1000, 3443",
    })
    void slotIsThatOfStock(String key, int slot) {
        assertThat(slotOf(key)).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource({
        "foo{}{bar}, foo{}{bar}",
        "foo{{bar}}zap, {bar",
        "foo{bar}{zap}, bar",
        "foo{bar, foo{bar",
        "foo}bar{, foo}bar{",
        "0123456789{abcdefghijklmnop}0123456789, abcdefghijklmnop",
    })
    void onlyTheHashTagCounts(String key, String hashed) {
        assertThat(slotOf(key)).isEqualTo(Crc16.of(hashed.getBytes(US_ASCII)) % Slots.COUNT);
    }

    @Test
    void slotFollowsTheRuleForRandomKeys() {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder key = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                key.append("abcdefghijklmnop{}".charAt(random.nextInt(18)));
            }
            String text = key.toString();
            int open = text.indexOf('{');
            int close = open < 0 ? -1 : text.indexOf('}', open);
            String hashed = close > open + 1 ? text.substring(open + 1, close) : text;
            assertThat(slotOf(text))
                    .as(text)
                    .isEqualTo(Crc16.of(hashed.getBytes(US_ASCII)) % Slots.COUNT);
        }
    }

    @Test
    void patternsMatchBytesAtAnAddress() {
        write("user:17");
        assertThat(Globs.matches(GlobPattern.compile("user:*".getBytes(US_ASCII)), address, 7))
                .isTrue();
        assertThat(Globs.matches(GlobPattern.compile("user:*".getBytes(US_ASCII)), address, 5))
                .isTrue();
        assertThat(Globs.matches(GlobPattern.compile("user:*".getBytes(US_ASCII)), address, 4))
                .isFalse();
    }

    @Test
    void crc64OfBytesAtAnAddressIsThatOfRdbFiles() {
        write("123456789");
        assertThat(Checksums.crc64(0, address, 9)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    private int slotOf(String key) {
        return Slots.slotOf(address, write(key));
    }

    private int write(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        Memory.copyIn(bytes, 0, address, bytes.length);
        return bytes.length;
    }
}
