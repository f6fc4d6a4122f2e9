package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.resp.DoubleText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Claim: a stream that is odd or broken gets the bytes that a stock server gives. */
@EnabledIf("isStockInstalled")
class ProtocolErrorDifferentialTest {

    private static StockServer stock;
    private static PingServer ours;

    static boolean isStockInstalled() {
        return StockServer.isInstalled();
    }

    @BeforeAll
    static void start() throws Exception {
        stock = StockServer.start();
        ours = new PingServer(1, true).listen("127.0.0.1", 0);
    }

    @AfterAll
    static void stop() throws Exception {
        ours.close();
        stock.close();
    }

    static List<String> streams() {
        String ping = "*1\r\n$4\r\nPING\r\n";
        return List.of(
                "*0\r\n" + ping,
                "*-1\r\n" + ping,
                "*-5\r\n" + ping,
                "*a\r\n",
                "*\r\n",
                "*1x\r\n",
                "*01\r\n",
                "*+1\r\n",
                "*-0\r\n",
                "*2147483648\r\n",
                "*9223372036854775808\r\n",
                "*-9223372036854775808\r\n" + ping,
                "*99999999999999999999999\r\n",
                "*1\r\nx4\r\n",
                "*1\r\n\r\n$4\r\n",
                "*1\r\n:4\r\n",
                "*1\r\n\0004\r\n",
                "*1\r\n\u00ff4\r\n",
                "*1\r\n\n4\r\n",
                "*1\r\n$-1\r\n",
                "*1\r\n$a\r\n",
                "*1\r\n$\r\n",
                "*1\r\n$536870913\r\n",
                "*1\r\n$9999999999\r\n",
                "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n",
                "*2\r\n$4\r\nECHO\r\n$03\r\nabc\r\n",
                "*1\rX$4\rYPINGab",
                "*1\r\n$4\r\nPINGxx" + ping,
                "*1\0\r\n",
                "*1\0",
                "*" + "1".repeat(70_000),
                "*1\r\n$" + "1".repeat(70_000),
                "x".repeat(70_000),
                "*" + "1".repeat(65_000) + "\r\n",
                "PING\n",
                "  PING  \r\n",
                "\r\n\r\nPING\r\n",
                "\n\n",
                "echo \"a b\"\r\n",
                "echo 'a b'\r\n",
                "echo \"a\\x41\\n\\r\\t\\b\\a\\q\\\"\"\r\n",
                "echo 'a\\'b\\n'\r\n",
                "echo \"abc\r\n",
                "echo 'abc\r\n",
                "echo \"abc\"d\r\n",
                "echo 'abc'd\r\n",
                "echo foo\"bar\"\r\n",
                "echo \"\" \r\n",
                "echo ''\r\n",
                "echo \"\\x4\"\r\n",
                "echo \"\\xzz\"\r\n",
                "echo a\u000bb\r\n",
                "echo \u000babc\r\n",
                "echo \"a\\\"\r\n",
                "echo ab\0c\r\n",
                "PING\r\r\n",
                "\0PING\r\n",
                " \r\n",
                "echo \\x41\r\n",
                "*3\r\n$4\r\nECHO\r\n$1\r\na",
                "echo \"\\",
                "echo \"a\\\0b\"\r\n",
                "echo 'x\0'\r\n");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamIsAnsweredAsByStock(String stream) throws Exception {
        assertThat(answer(ours.port(), stream)).isEqualTo(answer(stock.port, stream));
    }

    /** The client ends its side; what the server sent before it closed is the answer. */
    private static String answer(int port, String stream) throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send(stream);
            client.socket.shutdownOutput();
            return client.receiveAll();
        }
    }

    @Test
    void doublesAreWrittenAsByStock() throws Exception {
        long seed = Long.getLong("keydb.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        try (RawClient client = new RawClient(stock.port)) {
            for (int i = 0; i < 3000; i++) {
                double value =
                        switch (i % 3) {
                            case 0 -> Double.longBitsToDouble(random.nextLong());
                            case 1 -> random.nextInt(1_000_000) / 1000.0;
                            default -> random.nextLong(200_000_000_000_000_000L) - 1e17;
                        };
                if (Double.isNaN(value)) {
                    continue;
                }
                client.send(
                        "ZADD doubles "
                                + (Double.isInfinite(value) ? "inf" : value)
                                + " m\r\nZSCORE doubles m\r\n");
                String text =
                        new String(
                                DoubleText.bytes(
                                        Double.isInfinite(value)
                                                ? Double.POSITIVE_INFINITY
                                                : value),
                                StandardCharsets.US_ASCII);
                String expected =
                        (i == 0 ? ":1\r\n" : ":0\r\n")
                                + "$"
                                + text.length()
                                + "\r\n"
                                + text
                                + "\r\n";
                assertThat(client.receive(expected.length()))
                        .as("%s with seed %d", value, seed)
                        .isEqualTo(expected);
            }
        }
    }
}
