package io.keydb.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claim: integers are written as Java writes them, and read only in that form. */
class DecimalTextTest {

    private final long address = NativeHeap.allocate(64);

    @AfterEach
    void free() {
        NativeHeap.free(address, 64);
    }

    static LongStream values() {
        LongStream powers =
                LongStream.iterate(1, power -> power * 10)
                        .limit(19)
                        .flatMap(
                                power ->
                                        LongStream.of(
                                                power - 1, power, power + 1, -power, 1 - power));
        return LongStream.concat(
                powers,
                LongStream.concat(
                        LongStream.of(Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1),
                        new Random(7).longs(200)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueIsWrittenAndReadAgain(long value) {
        long end = DecimalText.write(address, value);
        assertThat(
                        new String(
                                Memory.bytes(address, (int) (end - address)),
                                StandardCharsets.US_ASCII))
                .isEqualTo(Long.toString(value));
        assertThat(DecimalText.length(value)).isEqualTo(end - address);
        assertThat(DecimalText.isInteger(address, end - address)).isTrue();
        assertThat(DecimalText.parse(address, end - address)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-0",
                "-01",
                " 1",
                "1 ",
                "1a",
                "0x1",
                "9223372036854775808",
                "-9223372036854775809",
                "10000000000000000000",
                "99999999999999999999",
                "-99999999999999999999",
                "18446744073709551617",
                "1.0"
            })
    void otherFormsAreNoInteger(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory.copyIn(bytes, 0, address, bytes.length);
        assertThat(DecimalText.isInteger(address, bytes.length)).isFalse();
        assertThat(DecimalText.parse(address, bytes.length)).isEqualTo(DecimalText.NONE);
    }
}
