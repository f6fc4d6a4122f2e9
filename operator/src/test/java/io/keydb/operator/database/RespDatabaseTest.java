package io.keydb.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator's client talks to a stock server, which has no links but everything else the
 * operator asks for.
 */
@EnabledIf("io.keydb.operator.database.StockServer#isInstalled")
class RespDatabaseTest {
    private static final Password OLD = new Password("old \"quoted\" word");
    private static final Password NEW = new Password("new");

    private final RespDatabase database =
            new RespDatabase(Clock.systemUTC(), Duration.ofSeconds(10));

    @TempDir Path directory = Path.of("");

    @Test
    void serverWithoutPasswordIsAsked() throws Exception {
        try (var server = StockServer.start(directory)) {
            var report = database.ask(server.endpoint(), Credentials.NONE);

            assertThat(report.knowsPassword()).isTrue();
            assertThat(report.replication().isActive()).isFalse();
            assertThat(report.replication().links()).isEmpty();
        }
    }

    @Test
    void serverWithPasswordIsAskedWithItAndNotWithAnother() throws Exception {
        try (var server = StockServer.start(directory, "--requirepass", "new")) {
            assertThat(database.ask(server.endpoint(), Credentials.of(NEW)).knowsPassword())
                    .isTrue();
            assertThatThrownBy(() -> database.ask(server.endpoint(), Credentials.of(OLD)))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageStartingWith("WRONGPASS")
                    .hasMessageNotContaining(OLD.value());
            assertThatThrownBy(() -> database.ask(server.endpoint(), Credentials.NONE))
                    .hasMessageStartingWith("NOAUTH");
        }
    }

    @Test
    void serverThatStillHasThePreviousPasswordIsGivenTheCurrentOne() throws Exception {
        try (var server = StockServer.start(directory)) {
            var first = new Credentials(Optional.of(OLD), Optional.empty());
            setPassword(server.endpoint(), OLD);
            var both = new Credentials(Optional.of(NEW), Optional.of(OLD));

            assertThat(database.ask(server.endpoint(), first).knowsPassword()).isTrue();
            assertThat(database.ask(server.endpoint(), both).knowsPassword()).isFalse();
            database.changePassword(server.endpoint(), both);

            assertThat(database.ask(server.endpoint(), both).knowsPassword()).isTrue();
            assertThatThrownBy(() -> database.ask(server.endpoint(), first))
                    .hasMessageStartingWith("WRONGPASS");
        }
    }

    private static void setPassword(Endpoint endpoint, Password password) throws IOException {
        try (var connection = RespConnection.open(endpoint, Duration.ofSeconds(10))) {
            connection.call("CONFIG", "SET", "requirepass", password.value());
        }
    }

    @Test
    void clientsAreDisconnectedAndCountedButNotTheOperator() throws Exception {
        try (var server = StockServer.start(directory);
                var one = client(server.endpoint());
                var other = client(server.endpoint())) {
            var first = database.disconnectClients(server.endpoint(), Credentials.NONE);
            var second = database.disconnectClients(server.endpoint(), Credentials.NONE);

            assertThat(first.clients()).isEqualTo(2);
            assertThat(second.clients()).isZero();
            assertThat(one.getInputStream().read()).isEqualTo(-1);
            assertThat(other.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A client that has been answered, so that the server knows it. */
    private static Socket client(Endpoint endpoint) throws IOException {
        var socket = new Socket(endpoint.host(), endpoint.port());
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(7)).hasSize(7);
        return socket;
    }

    @Test
    void linkIsMadeWithTheStockCommand() throws Exception {
        try (var server = StockServer.start(directory)) {
            database.link(server.endpoint(), Credentials.NONE, new Endpoint("127.0.0.1", 1));

            try (var connection = RespConnection.open(server.endpoint(), Duration.ofSeconds(10))) {
                assertThat(connection.callForText("INFO", "replication"))
                        .contains("role:slave", "master_port:1");
            }
        }
    }

    @Test
    void errorOfTheServerIsTheMessage() throws Exception {
        try (var server = StockServer.start(directory)) {
            var peer = new Endpoint("127.0.0.1", 1);
            assertThatThrownBy(() -> database.unlink(server.endpoint(), Credentials.NONE, peer))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageStartingWith("ERR");
        }
    }
}
