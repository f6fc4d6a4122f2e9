package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Claim: whatever the client's way of sending and reading, it gets the replies to its requests, in
 * order, and no memory stays behind.
 */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class ConnectionProtocolTest {

    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";

    @Parameter boolean epoll;

    private final long memoryBefore = NativeHeap.allocatedBytes();
    private PingServer server;

    @BeforeEach
    void start() throws Exception {
        server = new PingServer(2, epoll).listen("127.0.0.1", 0);
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

    private static String echo(String text) {
        return "*2\r\n$4\r\nECHO\r\n$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Test
    void requestIsAnswered() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send("PING\r\n").receive(7)).isEqualTo(PONG);
            assertThat(client.send(echo("hello")).receive(11)).isEqualTo(bulk("hello"));
            Connection connection = server.last();
            assertThat(connection.remoteText())
                    .isEqualTo("127.0.0.1:" + client.socket.getLocalPort());
            assertThat(connection.localText()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(connection.isLoopback()).isTrue();
            assertThat(connection.bytesReceived()).isEqualTo(6 + echo("hello").length());
            assertThat(connection.bytesSent()).isEqualTo(7 + 11);
        }
    }

    @Test
    void idleConnectionHasNoBuffer() throws Exception {
        try (RawClient client = connect()) {
            client.send(PING.repeat(100)).receive(7 * 100);
            Connection connection = server.last();
            Wait.until("the batch has ended", () -> connection.inputBufferBytes() == 0);
            Wait.until("the reply is sent", () -> connection.outputBufferBytes() == 0);
        }
    }

    @Test
    void partOfARequestTakesLittleMemory() throws Exception {
        try (RawClient client = connect()) {
            client.send(PING + "*2\r\n$4\r\nECH").receive(7);
            Connection connection = server.last();
            Wait.until("the tail is kept", () -> connection.inputBufferBytes() > 0);
            assertThat(connection.inputBufferBytes()).isLessThanOrEqualTo(512);
            assertThat(client.send("O\r\n$2\r\nhi\r\n").receive(8)).isEqualTo(bulk("hi"));
        }
    }

    @Test
    void pipelineOfManyRequestsIsAnsweredInOrder() throws Exception {
        try (RawClient client = connect()) {
            StringBuilder requests = new StringBuilder();
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < 50_000; i++) {
                requests.append(echo("number " + i));
                replies.append(bulk("number " + i));
            }
            Thread sender = Thread.ofVirtual().start(() -> sendAll(client, requests.toString()));
            assertThat(client.receive(replies.length())).isEqualTo(replies.toString());
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
    void requestsOfAllSizesInPiecesOfAllSizesAreAnswered() throws Exception {
        long seed = Long.getLong("keydb.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        StringBuilder requests = new StringBuilder();
        StringBuilder replies = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            int size = random.nextInt(1 << random.nextInt(19));
            String text = Character.toString('a' + i % 26).repeat(size);
            boolean isSlow = random.nextInt(20) == 0;
            requests.append(isSlow ? "*2\r\n$4\r\nSLOW\r\n$1\r\n1\r\n" : echo(text));
            replies.append(isSlow ? bulk("1") : bulk(text));
        }
        try (RawClient client = connect()) {
            Thread sender =
                    Thread.ofVirtual().start(() -> sendPieces(client, requests.toString(), random));
            assertThat(client.receive(replies.length()).equals(replies.toString()))
                    .as("replies with seed %d", seed)
                    .isTrue();
            sender.join();
            Connection connection = server.last();
            Wait.until("nothing is kept", () -> connection.inputBufferBytes() == 0);
        }
    }

    private static void sendPieces(RawClient client, String text, Random random) {
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(1 << random.nextInt(17)));
            sendAll(client, text.substring(at, end));
            at = end;
        }
    }

    @Test
    void clientsOfOneLoopGetTheirOwnReplies() throws Exception {
        long seed = Long.getLong("keydb.fuzz.seed", System.nanoTime());
        List<Thread> threads = new ArrayList<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 40; i++) {
            Random random = new Random(seed + i);
            char letter = (char) ('A' + i);
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            echoSizes(random, letter);
                                        } catch (Exception | AssertionError e) {
                                            failures.add(e);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).as("seed %d", seed).isEmpty();
    }

    /** Batches of echoes from nothing to more than the loop has room for in one block. */
    private void echoSizes(Random random, char letter) throws Exception {
        try (RawClient client = connect()) {
            for (int batch = 0; batch < 50; batch++) {
                StringBuilder requests = new StringBuilder();
                StringBuilder replies = new StringBuilder();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    int size = random.nextInt(1 << random.nextInt(17));
                    String text = String.valueOf(letter).repeat(size);
                    requests.append(echo(text));
                    replies.append(bulk(text));
                }
                client.send(requests.toString());
                String received = client.receive(replies.length());
                assertThat(received.equals(replies.toString())).as("batch %d", batch).isTrue();
            }
        }
    }

    @Test
    void requestByteByByteIsAnswered() throws Exception {
        try (RawClient client = connect()) {
            for (char character : echo("hello").toCharArray()) {
                client.send(String.valueOf(character));
            }
            assertThat(client.receive(11)).isEqualTo(bulk("hello"));
        }
    }

    @Test
    void hugeArgumentIsEchoed() throws Exception {
        int size = 100 << 20;
        byte[] chunk = "0123456789abcdef".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = connect()) {
            client.send("*2\r\n$4\r\nECHO\r\n$" + size + "\r\n");
            for (int sent = 0; sent < size; sent += chunk.length) {
                client.send(chunk);
            }
            client.send("\r\n");
            assertThat(client.receive(12)).isEqualTo("$" + size + "\r\n");
            String expected = new String(chunk, StandardCharsets.US_ASCII);
            for (int received = 0; received < size; received += chunk.length) {
                assertThat(client.receive(chunk.length).equals(expected)).isTrue();
            }
            assertThat(client.receive(2)).isEqualTo("\r\n");
            Connection connection = server.last();
            Wait.until("the big input is gone", () -> connection.inputBufferBytes() == 0);
            Wait.until("the big output is gone", () -> connection.outputBufferBytes() == 0);
        }
    }

    @Test
    void requestOfManyArgumentsIsAnswered() throws Exception {
        try (RawClient client = connect()) {
            client.send("*200001\r\n$4\r\nNONE\r\n" + "$6\r\nabcdef\r\n".repeat(200_000));
            assertThat(client.receive(29)).isEqualTo("-ERR unknown command 'NONE'\r\n");
        }
    }

    @Test
    void endOfInputIsAnsweredBeforeClosing() throws Exception {
        try (RawClient client = connect()) {
            client.send(PING + "SLOW 50\r\n" + PING + "PI");
            client.socket.shutdownOutput();
            assertThat(client.receiveAll()).isEqualTo(PONG + bulk("50") + PONG);
        }
        Wait.until("it is closed", () -> server.closed.get() == 1);
        assertThat(server.lastCause.get()).isEqualTo(CloseCause.PEER);
        assertThat(server.inputsEnded.get()).isEqualTo(1);
    }

    @Test
    void protocolErrorIsToldThenTheConnectionCloses() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send(PING + "*1\r\n!\r\n").receiveAll())
                    .isEqualTo(PONG + "-ERR Protocol error: expected '$', got '!'\r\n");
        }
        Wait.until("it is closed", () -> server.closed.get() == 1);
        assertThat(server.lastCause.get()).isEqualTo(CloseCause.PROTOCOL_ERROR);
    }

    @Test
    void closingAfterRepliesHandlesNothingMore() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send(PING + "QUIT\r\n" + PING).receiveAll())
                    .isEqualTo(PONG + "+OK\r\n");
        }
        Wait.until("it is closed", () -> server.closed.get() == 1);
        assertThat(server.lastCause.get()).isEqualTo(CloseCause.SERVER);
    }

    @Test
    void bugInACommandClosesItsConnectionOnly() throws Exception {
        try (RawClient broken = connect();
                RawClient other = connect()) {
            assertThat(broken.send("CRASH\r\n").receiveAll()).isEmpty();
            assertThat(other.send(PING).receive(7)).isEqualTo(PONG);
        }
    }
}
