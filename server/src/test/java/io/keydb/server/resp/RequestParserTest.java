package io.keydb.server.resp;

import static io.keydb.server.resp.RequestSamples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import io.keydb.server.resp.RequestParser.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Claim: the parser finds exactly the requests of a stream, and refuses what Redis refuses, with
 * its words.
 */
class RequestParserTest {

    private final RequestLimits limits = new RequestLimits();

    private ParsedStream parse(String stream) {
        return ParsedStream.of(limits, bytes(stream));
    }

    @Test
    void arrayOfBulkStringsIsARequest() {
        assertThat(parse("*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n").requests())
                .containsExactly(List.of("ECHO", "hi"));
    }

    @Test
    void pipelineGivesAllRequestsInOrder() {
        assertThat(parse(String.join("", RequestSamples.ALL)))
                .isEqualTo(ReferenceParser.parse(bytes(String.join("", RequestSamples.ALL))))
                .matches(parsed -> parsed.requests().size() == RequestSamples.ALL.size() - 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*0\r\n", "*-1\r\n", "*-9\r\n", "\r\n", "\n", "   \r\n"})
    void emptyRequestsAreSkipped(String nothing) {
        assertThat(parse(nothing + "PING\r\n").requests()).containsExactly(List.of("PING"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "*a~|invalid multibulk length",
                "*~|invalid multibulk length",
                "*01~|invalid multibulk length",
                "*+1~|invalid multibulk length",
                "*-0~|invalid multibulk length",
                "*2147483648~|invalid multibulk length",
                "*99999999999999999999~|invalid multibulk length",
                "*1~x4~|expected '$', got 'x'",
                "*1~:4~|expected '$', got ':'",
                "*1~$-1~|invalid bulk length",
                "*1~$~|invalid bulk length",
                "*1~$04~|invalid bulk length",
                "*1~$536870913~|invalid bulk length",
                "ECHO \"a~|unbalanced quotes in request",
                "ECHO 'a~|unbalanced quotes in request",
                "ECHO \"a\"b~|unbalanced quotes in request",
            })
    void malformedRequestIsRefused(String stream, String error) {
        assertThat(parse("PING\r\n" + stream.replace("~", "\r\n") + "PING\r\n"))
                .isEqualTo(
                        new ParsedStream(List.of(List.of("PING")), "ERR Protocol error: " + error));
    }

    @ParameterizedTest
    @CsvSource({
        "x,too big inline request",
        "*,too big mbulk count string",
        "*1~$,too big bulk count string"
    })
    void endlessLineIsRefused(String start, String error) {
        String stream = start.replace("~", "\r\n") + "1".repeat(RequestLimits.LINE_BYTES + 1);
        assertThat(parse(stream).error()).isEqualTo("ERR Protocol error: " + error);
    }

    @Test
    void lineThatMayStillEndIsWaitedFor() {
        String digits = "1".repeat(RequestLimits.LINE_BYTES - 10);
        assertThat(parse("*" + digits)).isEqualTo(new ParsedStream(List.of(), ""));
        assertThat(parse("x" + digits)).isEqualTo(new ParsedStream(List.of(), ""));
    }

    @Test
    void bulkLimitFollowsTheSetting() {
        limits.bulkBytes(1 << 20);
        assertThat(parse("*1\r\n$1048577\r\n").error())
                .isEqualTo("ERR Protocol error: invalid bulk length");
        assertThat(parse("*1\r\n$1048576\r\n").error()).isEmpty();
    }

    @Test
    void unauthenticatedClientsHaveSmallLimits() {
        assertThat(unauthenticated("*11\r\n"))
                .isEqualTo("ERR Protocol error: unauthenticated multibulk length");
        assertThat(unauthenticated("*2\r\n$4\r\nAUTH\r\n$16385\r\n"))
                .isEqualTo("ERR Protocol error: unauthenticated bulk length");
        assertThat(unauthenticated("*10\r\n$16384\r\n")).isEmpty();
    }

    private String unauthenticated(String stream) {
        try (RequestParser parser = new RequestParser(limits);
                NativeBytes bytes = NativeBytes.of(stream)) {
            parser.unauthenticated(true);
            parser.next(bytes.address(), bytes.end());
            return parser.error();
        }
    }

    @Test
    void canonicalRequestKnowsItsEncodedForm() {
        String request = "*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n";
        assertThat(encodedLength(request)).isEqualTo(request.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING\r\n",
                "*1\rx$4\r\nPING\r\n",
                "*1\r\n$4\rxPING\r\n",
                "*1\r\n$4\r\nPINGxx",
                "*1\r\n$4\r\nPING\rx"
            })
    void sloppyRequestHasNoEncodedForm(String request) {
        assertThat(encodedLength(request)).isZero();
    }

    private long encodedLength(String stream) {
        try (RequestParser parser = new RequestParser(limits);
                NativeBytes bytes = NativeBytes.of(stream)) {
            assertThat(parser.next(bytes.address(), bytes.end())).isEqualTo(Outcome.COMPLETE);
            return parser.request().encodedLength();
        }
    }

    @Test
    void missingBytesOfABigArgumentAreKnown() {
        try (RequestParser parser = new RequestParser(limits);
                NativeBytes bytes = NativeBytes.of("*2\r\n$3\r\nSET\r\n$1000000\r\nabc")) {
            assertThat(parser.next(bytes.address(), bytes.end())).isEqualTo(Outcome.INCOMPLETE);
            assertThat(parser.missing()).isEqualTo(1000000 + 2 - 3);
        }
    }

    @Test
    void tableOfABigRequestIsGivenBack() {
        long before = NativeHeap.allocatedBytes();
        try (RequestParser parser = new RequestParser(limits)) {
            try (NativeBytes bytes =
                    NativeBytes.of("*100000\r\n" + "$1\r\na\r\n".repeat(100_000))) {
                assertThat(parser.next(bytes.address(), bytes.end())).isEqualTo(Outcome.COMPLETE);
                assertThat(parser.request().count()).isEqualTo(100_000);
            }
            try (NativeBytes bytes = NativeBytes.of("PING\r\n")) {
                parser.next(bytes.address(), bytes.end());
            }
            assertThat(NativeHeap.allocatedBytes() - before).isLessThan(1024);
        }
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void requestCanBePutTogetherByHand() {
        try (Request request = new Request();
                NativeBytes bytes = NativeBytes.of("GETkey")) {
            request.set(2, new long[] {bytes.address(), bytes.address() + 3}, new int[] {3, 3});
            assertThat(request.count()).isEqualTo(2);
            assertThat(request.bytes(1)).isEqualTo(bytes("key"));
            assertThat(request.encodedLength()).isZero();
        }
    }
}
