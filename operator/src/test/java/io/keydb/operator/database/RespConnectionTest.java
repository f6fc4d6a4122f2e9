package io.keydb.operator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever answers on the port: a reply is read whole, or the exchange ends in time with an
 * exception.
 */
class RespConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A server that answers the first request with these bytes, in pieces, and may then close. */
    private static final class Scripted implements AutoCloseable {
        final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        Scripted(List<byte[]> pieces, boolean closes) throws IOException {
            Thread.ofVirtual().start(() -> serve(pieces, closes));
        }

        private void serve(List<byte[]> pieces, boolean closes) {
            try {
                var client = socket.accept();
                assertThat(client.getInputStream().read()).isEqualTo('*');
                for (var piece : pieces) {
                    client.getOutputStream().write(piece);
                    client.getOutputStream().flush();
                }
                if (closes) {
                    client.close();
                }
            } catch (IOException e) {
                // The test closed the socket.
            }
        }

        Endpoint endpoint() {
            return new Endpoint("127.0.0.1", socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Reply answered(String bytes) throws IOException {
        try (var server = new Scripted(List.of(bytes.getBytes(UTF_8)), true);
                var connection = RespConnection.open(server.endpoint(), LONG)) {
            return connection.call("PING");
        }
    }

    @Test
    void everyKindOfReplyIsRead() throws IOException {
        assertThat(answered("+PONG\r\n")).isEqualTo(new Reply.Text("PONG"));
        assertThat(answered(":-7\r\n")).isEqualTo(new Reply.Whole(-7));
        assertThat(answered("$5\r\nh\r\nlo\r\n")).isEqualTo(new Reply.Text("h\r\nlo"));
        assertThat(answered("$-1\r\n")).isEqualTo(new Reply.Absent());
        assertThat(answered("*-1\r\n")).isEqualTo(new Reply.Absent());
        assertThat(answered("*2\r\n:1\r\n*1\r\n+a\r\n"))
                .isEqualTo(
                        new Reply.Sequence(
                                List.of(
                                        new Reply.Whole(1),
                                        new Reply.Sequence(List.of(new Reply.Text("a"))))));
    }

    @Test
    void errorReplyIsAnException() {
        assertThatThrownBy(() -> answered("-ERR no\r\n"))
                .isInstanceOf(DatabaseException.class)
                .hasMessage("ERR no");
    }

    @Test
    void replyIsReadWholeHoweverItIsCut() throws IOException {
        var bytes = "*2\r\n$11\r\nrole:master\r\n:42\r\n".getBytes(UTF_8);
        for (var cut = 1; cut < bytes.length; cut++) {
            var pieces =
                    List.of(
                            Arrays.copyOf(bytes, cut),
                            Arrays.copyOfRange(bytes, cut, bytes.length));
            try (var server = new Scripted(pieces, true);
                    var connection = RespConnection.open(server.endpoint(), LONG)) {
                assertThat(connection.call("X"))
                        .as("cut at %s", cut)
                        .isEqualTo(
                                new Reply.Sequence(
                                        List.of(
                                                new Reply.Text("role:master"),
                                                new Reply.Whole(42))));
            }
        }
    }

    @Test
    void whatIsNoReplyIsAnException() {
        for (var bytes :
                List.of(
                        "HTTP/1.1 400 Bad Request\r\n",
                        "\r\n",
                        "+no end\n",
                        "$x\r\n",
                        "$99999999\r\n",
                        "$-2\r\n",
                        "$1\r\nabc",
                        "*99999999\r\n",
                        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
                        "+" + "x".repeat(100_000))) {
            assertThatThrownBy(() -> answered(bytes))
                    .as(bytes.substring(0, Math.min(20, bytes.length())))
                    .isInstanceOf(DatabaseException.class);
        }
    }

    @Test
    void randomBytesNeverEndInAnythingButAnIoException() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var alphabet = "+-:$*0123456789\r\nabc";
        for (var i = 0; i < 300; i++) {
            var text = new StringBuilder();
            for (var j = random.nextInt(40); j >= 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(answered(text.toString())).as("seed %s", seed).isNotNull();
            } catch (IOException e) {
                assertThat(e).as("seed %s", seed).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void closedConnectionIsAnException() {
        assertThatThrownBy(() -> answered("$5\r\nab")).isInstanceOf(EOFException.class);
    }

    @Test
    void silentServerIsGivenUpInTime() throws IOException {
        try (var server = new Scripted(List.of(), false);
                var connection = RespConnection.open(server.endpoint(), Duration.ofMillis(100))) {
            assertThatThrownBy(() -> connection.call("PING"))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void nobodyListeningIsAnException() throws IOException {
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var endpoint = new Endpoint("127.0.0.1", server.getLocalPort());
        server.close();

        assertThatThrownBy(() -> RespConnection.open(endpoint, LONG))
                .isInstanceOf(ConnectException.class);
    }
}
