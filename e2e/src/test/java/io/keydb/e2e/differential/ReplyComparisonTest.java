package io.keydb.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespReply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each mode lets through what it says and nothing more. */
class ReplyComparisonTest {

    @Test
    void withoutAModeEveryByteCounts() {
        assertThat(ReplyComparison.EXACT.matches(bulk("a"), bulk("a"))).isTrue();
        assertThat(ReplyComparison.EXACT.matches(bulk("a"), simple("a"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"100,100,true", "100,101,true", "100,102,false", "1,-1,false", "-1,-2,true"})
    void nearIntegersKeepTheirSign(long stock, long ours, boolean expected) {
        assertThat(ReplyComparison.of("near", "1").matches(integer(stock), integer(ours)))
                .isEqualTo(expected);
    }

    @Test
    void unorderedElementsMustBeTheSameOnes() {
        ReplyComparison unordered = ReplyComparison.of("unordered", "");
        assertThat(unordered.matches(array(bulk("a"), bulk("b")), array(bulk("b"), bulk("a"))))
                .isTrue();
        assertThat(unordered.matches(array(bulk("a"), bulk("a")), array(bulk("a")))).isFalse();
    }

    @Test
    void kindComparesTypesAndSizesAllTheWayDown() {
        ReplyComparison kind = ReplyComparison.of("kind", "");
        assertThat(
                        kind.matches(
                                array(bulk("a"), array(integer(1))),
                                array(bulk("b"), array(integer(2)))))
                .isTrue();
        assertThat(kind.matches(array(array(integer(1))), array(array(bulk("1"))))).isFalse();
        assertThat(kind.matches(array(integer(1)), array(integer(1), integer(2)))).isFalse();
    }

    @Test
    void namedFieldsMustBeThereAndEqual() {
        RespReply stock = bulk("# Server\r\nmode:x\r\nport:1\r\n");
        ReplyComparison mode = ReplyComparison.of("fields", "mode");
        assertThat(mode.matches(stock, bulk("# Server\r\nmode:x\r\nport:2\r\n"))).isTrue();
        assertThat(mode.matches(stock, bulk("# Server\r\nmode:y\r\n"))).isFalse();
        assertThat(mode.matches(stock, bulk("# Server\r\n"))).isFalse();
        assertThat(ReplyComparison.of("fields", "nosuch").matches(stock, stock)).isFalse();
        assertThat(ReplyComparison.of("has", "port").matches(stock, bulk("port:2\r\n"))).isTrue();
    }

    private static RespReply bulk(String text) {
        return new RespReply(
                '$', text, false, List.of(), "$" + text.length() + "\r\n" + text + "\r\n");
    }

    private static RespReply simple(String text) {
        return new RespReply('+', text, false, List.of(), "+" + text + "\r\n");
    }

    private static RespReply integer(long value) {
        return new RespReply(':', Long.toString(value), false, List.of(), ":" + value + "\r\n");
    }

    private static RespReply array(RespReply... children) {
        return new RespReply('*', "", false, List.of(children), List.of(children).toString());
    }
}
