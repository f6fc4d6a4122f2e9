package io.keydb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claim: replies have the bytes Redis 7.0 sends, in both versions of the protocol. */
class ReplyWriterTest {

    private final NativeReplySpace space = new NativeReplySpace();
    private final ReplyWriter reply = new ReplyWriter(space);

    @AfterEach
    void free() {
        space.close();
    }

    private void check(Consumer<ReplyWriter> write, String resp2, String resp3) {
        assertThat(written(2, write)).isEqualTo(resp2);
        assertThat(written(3, write)).isEqualTo(resp3);
    }

    private void check(Consumer<ReplyWriter> write, String both) {
        check(write, both, both);
    }

    private String written(int protocol, Consumer<ReplyWriter> write) {
        reply.clear();
        reply.protocol(protocol);
        write.accept(reply);
        return new String(reply.bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void simpleTypesAreTheSameInBothVersions() {
        check(ReplyWriter::ok, "+OK\r\n");
        check(ReplyWriter::pong, "+PONG\r\n");
        check(ReplyWriter::queued, "+QUEUED\r\n");
        check(r -> r.simple(bytes("hello")), "+hello\r\n");
        check(r -> r.integer(-42), ":-42\r\n");
        check(r -> r.bulk(bytes("a\r\nb")), "$4\r\na\r\nb\r\n");
        check(r -> r.bulk(""), "$0\r\n\r\n");
        check(r -> r.bulk("\u00e4"), "$2\r\n\u00e4\r\n");
        check(r -> r.bulkInteger(Long.MIN_VALUE), "$20\r\n-9223372036854775808\r\n");
        check(r -> r.array(0), "*0\r\n");
        check(r -> r.array(1234567), "*1234567\r\n");
        check(r -> r.raw(bytes("+raw\r\n")), "+raw\r\n");
    }

    @Test
    void typesOfResp3AreOlderTypesInResp2() {
        check(ReplyWriter::nullBulk, "$-1\r\n", "_\r\n");
        check(ReplyWriter::nullArray, "*-1\r\n", "_\r\n");
        check(r -> r.bool(true), ":1\r\n", "#t\r\n");
        check(r -> r.bool(false), ":0\r\n", "#f\r\n");
        check(r -> r.map(3), "*6\r\n", "%3\r\n");
        check(r -> r.set(3), "*3\r\n", "~3\r\n");
        check(r -> r.push(3), "*3\r\n", ">3\r\n");
        check(r -> r.bigNumber(bytes("123")), "$3\r\n123\r\n", "(123\r\n");
        check(r -> r.verbatim("txt", bytes("abc")), "$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "3, 3",
        "-17, -17",
        "0.1, 0.10000000000000001",
        "3.141, 3.141",
        "1.5, 1.5",
        "1e16, 10000000000000000",
        "99999999999999984, 99999999999999984",
        "1e17, 1e+17",
        "123456789012345678, 1.2345678901234568e+17",
        "1e300, 1.0000000000000001e+300",
        "0.0001, 0.0001",
        "0.00001, 1.0000000000000001e-05",
        "-2.5e-10, -2.5000000000000002e-10",
        "4.9e-324, 4.9406564584124654e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "Infinity, inf",
        "-Infinity, -inf",
        "NaN, nan"
    })
    void doublesHaveSeventeenDigits(double value, String text) {
        check(
                r -> r.doubleValue(value),
                "$" + text.length() + "\r\n" + text + "\r\n",
                "," + text + "\r\n");
    }

    @Test
    void errorIsOneLineAndCounted() {
        check(r -> r.error("ERR bad\r\nthing\n"), "-ERR bad  thing\r\n");
        assertThat(reply.errors()).isEqualTo(2);
    }

    @Test
    void aggregatesOfUnknownLengthNest() {
        check(
                r -> {
                    long outer = r.reserveAggregate();
                    r.integer(1);
                    long inner = r.reserveAggregate();
                    for (int i = 0; i < 11; i++) {
                        r.bulk("x");
                    }
                    r.completeSet(inner, 11);
                    r.ok();
                    r.completeArray(outer, 3);
                },
                "*3\r\n:1\r\n*11\r\n" + "$1\r\nx\r\n".repeat(11) + "+OK\r\n",
                "*3\r\n:1\r\n~11\r\n" + "$1\r\nx\r\n".repeat(11) + "+OK\r\n");
        check(
                r -> {
                    long mark = r.reserveAggregate();
                    r.bulk("a");
                    r.ok();
                    r.completeMap(mark, 1);
                },
                "*2\r\n$1\r\na\r\n+OK\r\n",
                "%1\r\n$1\r\na\r\n+OK\r\n");
    }

    @Test
    void repliesOfAnySizeFit() {
        check(
                r -> {
                    for (int i = 0; i < 100_000; i++) {
                        r.bulkInteger(7);
                    }
                },
                "$1\r\n7\r\n".repeat(100_000));
    }

    @Test
    void truncatingDropsWhatCameLater() {
        check(
                r -> {
                    r.ok();
                    long length = r.length();
                    r.bulk("x".repeat(5000));
                    r.truncate(length);
                    r.pong();
                },
                "+OK\r\n+PONG\r\n");
    }

    @Test
    void bulkCanBeWrittenInPlace() {
        check(
                r -> {
                    long address = r.beginBulk(3);
                    Memory.copyIn(bytes("abc"), 0, address, 3);
                    r.endBulk(3);
                },
                "$3\r\nabc\r\n");
    }

    @Test
    void discardingWritesNothingButCountsErrors() {
        reply.discarding(true);
        for (int protocol = 2; protocol <= 3; protocol++) {
            long errors = reply.errors();
            assertThat(written(protocol, ReplyWriterTest::everything)).isEmpty();
            assertThat(reply.errors()).isEqualTo(errors + 1);
        }
    }

    private static void everything(ReplyWriter r) {
        r.ok();
        r.queued();
        r.simple(bytes("a"));
        r.error("ERR a");
        r.integer(1);
        r.bulk(bytes("a"));
        r.bulk(r.address(), 0);
        r.beginBulk(10_000);
        r.endBulk(10_000);
        r.bulkInteger(1);
        r.nullBulk();
        r.nullArray();
        r.map(1);
        r.bool(true);
        r.doubleValue(1.5);
        r.doubleValue(1);
        r.bigNumber(bytes("1"));
        r.verbatim("txt", bytes("a"));
        long mark = r.reserveAggregate();
        r.completeArray(mark, 5);
        r.raw(bytes("+OK\r\n"));
        r.raw(r.address(), 0);
    }
}
