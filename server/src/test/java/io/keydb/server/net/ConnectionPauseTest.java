package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Claim: a paused or slow client delays nobody else, keeps its bytes in place, and costs bounded
 * memory.
 */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class ConnectionPauseTest {

    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";
    private static final int MEGABYTE = 1 << 20;

    @Parameter boolean epoll;

    private final long memoryBefore = NativeHeap.allocatedBytes();
    private PingServer server;

    @BeforeEach
    void start() throws Exception {
        server = new PingServer(1, epoll);
        server.settings.throttleBytes(MEGABYTE);
        server.listen("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.closed.get()).isEqualTo(server.opened.get());
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(memoryBefore);
    }

    private RawClient connect() throws Exception {
        return new RawClient(server.port());
    }

    @Test
    void repliesBeforeThePauseAreSentAtOnce() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send(PING + "HANG\r\n" + PING).receive(7)).isEqualTo(PONG);
            server.hung().reply().ok();
            server.hung().resume();
            assertThat(client.receive(12)).isEqualTo("+OK\r\n" + PONG);
        }
    }

    @Test
    void otherConnectionsOfTheLoopGoOn() throws Exception {
        try (RawClient hanging = connect();
                RawClient other = connect()) {
            hanging.send("HANG 1234567890\r\n");
            server.hung();
            for (int i = 0; i < 100; i++) {
                assertThat(other.send(PING.repeat(50)).receive(7 * 50)).isEqualTo(PONG.repeat(50));
            }
            Connection connection = server.hung();
            assertThat(connection.request().bytes(1)).asString().isEqualTo("1234567890");
            connection.resume();
        }
    }

    @Test
    void pauseThatEndsInsideTheHandlerIsNoPause() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send(PING + "NOW\r\n" + PING + "NOW\r\n").receive(24))
                    .isEqualTo(PONG + "+OK\r\n" + PONG + "+OK\r\n");
        }
    }

    @Test
    void whatArrivesDuringAPauseIsAnsweredAfterIt() throws Exception {
        try (RawClient client = connect()) {
            client.send("HANG\r\n");
            server.hung();
            Thread sender = Thread.ofVirtual().start(() -> sendAll(client, PING.repeat(50_000)));
            Connection connection = server.hung();
            Wait.until("reading stops", () -> connection.unusedInputBytes() >= Input.WAITING_BYTES);
            assertThat(connection.inputBufferBytes()).isLessThanOrEqualTo(128 * 1024);
            connection.resume();
            assertThat(client.receive(7 * 50_000)).isEqualTo(PONG.repeat(50_000));
            sender.join();
        }
    }

    private static void sendAll(RawClient client, String text) {
        try {
            client.send(text);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void pauseFromOutsideABatchHoldsRequests() throws Exception {
        try (RawClient client = connect()) {
            client.send(PING).receive(7);
            Connection connection = server.last();
            connection.execute(connection::pause);
            Wait.until("it is paused", connection::isPaused);
            client.send(PING);
            Wait.until("the request waits", () -> connection.unusedInputBytes() == PING.length());
            connection.resume();
            assertThat(client.receive(7)).isEqualTo(PONG);
        }
    }

    @Test
    void whoIsHeldBackIsServedWhenLetGo() throws Exception {
        try (RawClient other = connect();
                RawClient client = connect()) {
            assertThat(other.send(PING).receive(7)).isEqualTo(PONG);
            assertThat(client.send("HOLD\r\n" + PING).receive(5)).isEqualTo("+OK\r\n");
            Connection connection = server.last();
            client.send(PING).socket.shutdownOutput();
            Wait.until("the end is seen", () -> server.inputsEnded.get() == 1);
            assertThat(other.send(PING).receive(7)).isEqualTo(PONG);
            assertThat(client.hasNothing()).isTrue();
            connection.letGo();
            assertThat(client.receiveAll()).isEqualTo(PONG + PONG);
        }
    }

    @Test
    void whoIsHeldBackByAWorkerIsServedWhenLetGo() throws Exception {
        try (RawClient client = connect()) {
            client.send("HANG\r\n" + PING);
            Connection connection = server.hung();
            connection.holdBack();
            connection.reply().ok();
            connection.resume();
            assertThat(client.receive(5)).isEqualTo("+OK\r\n");
            assertThat(client.hasNothing()).isTrue();
            connection.letGo();
            assertThat(client.receive(7)).isEqualTo(PONG);
        }
    }

    @Test
    void whoLeavesWhileHeldBackLeavesNothing() throws Exception {
        try (RawClient client = connect()) {
            client.send("HOLD\r\n" + PING).receive(5);
        }
        Connection connection = server.last();
        connection.close();
        Wait.until("it is closed", () -> server.closed.get() == 1);
        connection.letGo();
        Wait.until(
                "memory is given back",
                () -> connection.inputBufferBytes() + connection.outputBufferBytes() == 0);
    }

    @Test
    void bytesOfAPausedRequestOutliveTheConnection() throws Exception {
        try (RawClient client = connect()) {
            client.send("HANG precious\r\n");
            server.hung();
        }
        Connection connection = server.hung();
        Wait.until("the end is seen", () -> server.inputsEnded.get() == 1);
        connection.close();
        Wait.until("it is closed", () -> server.closed.get() == 1);
        assertThat(connection.request().bytes(1)).asString().isEqualTo("precious");
        connection.reply().bulk("x".repeat(MEGABYTE));
        connection.resume();
        Wait.until(
                "memory is given back",
                () -> connection.inputBufferBytes() + connection.outputBufferBytes() == 0);
    }

    @Test
    void clientThatDoesNotReadIsThrottledThenAnswered() throws Exception {
        int replies = 40;
        try (RawClient client = new RawClient(server.port(), 64 * 1024)) {
            client.send(("BIG " + MEGABYTE + "\r\n").repeat(replies));
            Connection connection = server.last();
            Wait.until("much is unsent", () -> connection.pendingOutputBytes() > MEGABYTE);
            try (RawClient other = connect()) {
                assertThat(other.send(PING).receive(7)).isEqualTo(PONG);
            }
            assertThat(connection.pendingOutputBytes()).isLessThan(5L * MEGABYTE);
            String reply = "$" + MEGABYTE + "\r\n" + "x".repeat(MEGABYTE) + "\r\n";
            for (int i = 0; i < replies; i++) {
                assertThat(client.receive(reply.length()).equals(reply)).as("reply %d", i).isTrue();
            }
        }
    }

    @Test
    void clientAboveTheOutputLimitIsDisconnected() throws Exception {
        limitNormal(new OutputLimits.Limit(8L * MEGABYTE, 0, 0));
        try (RawClient client = new RawClient(server.port(), 64 * 1024)) {
            client.send("BIG " + 32 * MEGABYTE + "\r\n");
            Wait.until("it is closed", () -> server.closed.get() == 1);
            assertThat(server.lastCause.get()).isEqualTo(CloseCause.OUTPUT_LIMIT);
        }
    }

    private void limitNormal(OutputLimits.Limit limit) {
        OutputLimits usual = OutputLimits.DEFAULT;
        server.settings.outputLimits(new OutputLimits(limit, usual.replica(), usual.pubsub()));
    }

    @Test
    void clientAboveTheSoftLimitForLongIsDisconnected() throws Exception {
        limitNormal(new OutputLimits.Limit(0, MEGABYTE, 1));
        try (RawClient client = new RawClient(server.port(), 64 * 1024)) {
            client.send("BIG " + 32 * MEGABYTE + "\r\n");
            Wait.until("it is closed", () -> server.closed.get() == 1);
            assertThat(server.lastCause.get()).isEqualTo(CloseCause.OUTPUT_LIMIT);
        }
    }

    @Test
    void clientOfAnotherClassHasAnotherLimit() throws Exception {
        limitNormal(new OutputLimits.Limit(MEGABYTE, 0, 0));
        try (RawClient client = connect()) {
            client.send(PING).receive(7);
            server.last().outputClass(OutputClass.REPLICA);
            client.send("BIG " + 8 * MEGABYTE + "\r\n");
            assertThat(client.receive(8 * MEGABYTE)).hasSize(8 * MEGABYTE);
        }
    }

    @Test
    void clientAboveTheInputLimitIsDisconnected() throws Exception {
        server.settings.inputLimitBytes(MEGABYTE);
        try (RawClient client = connect()) {
            client.send(
                    "*2\r\n$4\r\nECHO\r\n$" + 2 * MEGABYTE + "\r\n" + "x".repeat(MEGABYTE + 1000));
            Wait.until("it is closed", () -> server.closed.get() == 1);
            assertThat(server.lastCause.get()).isEqualTo(CloseCause.INPUT_LIMIT);
        }
    }

    @Test
    void silentClientIsDisconnectedUnlessExempt() throws Exception {
        server.settings.timeoutSeconds(1);
        try (RawClient exempt = connect()) {
            exempt.send(PING).receive(7);
            server.last().timeoutExempt(true);
            try (RawClient paused = connect();
                    RawClient silent = connect()) {
                paused.send("HANG\r\n");
                assertThat(silent.send(PING).receive(7)).isEqualTo(PONG);
                assertThat(silent.receiveAll()).isEmpty();
                Wait.until("it is closed", () -> server.closed.get() == 1);
                assertThat(server.lastCause.get()).isEqualTo(CloseCause.IDLE);
                server.hung().reply().ok();
                server.hung().resume();
                assertThat(paused.receive(5)).isEqualTo("+OK\r\n");
            }
            assertThat(exempt.send(PING).receive(7)).isEqualTo(PONG);
        }
    }
}
