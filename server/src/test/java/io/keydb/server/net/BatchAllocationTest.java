package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claim: with epoll, reading, parsing, replying and sending allocate nothing on the Java heap. */
class BatchAllocationTest {

    private static final int BATCHES = 5000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({"1,10", "16,10", "1,3000", "16,2000"})
    void batchAllocatesNothing(int requests, int size) throws Exception {
        String text = "x".repeat(size);
        String batch = ("*2\r\n$4\r\nECHO\r\n$" + size + "\r\n" + text + "\r\n").repeat(requests);
        int replyLength = ("$" + size + "\r\n" + text + "\r\n").length() * requests;
        try (PingServer server = new PingServer(1, true).listen("127.0.0.1", 0);
                RawClient client = new RawClient(server.port())) {
            long thread = loopThread(server);
            exchange(client, batch, replyLength, BATCHES); // classes load, buffers are made
            long before = threads.getThreadAllocatedBytes(thread);
            exchange(client, batch, replyLength, BATCHES);
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(allocated / BATCHES).as("bytes for each batch").isZero();
        }
    }

    @Test
    void requestInTwoPartsAllocatesOnlyItsBlock() throws Exception {
        String first = "*2\r\n$4\r\nEC";
        String second = "HO\r\n$2\r\nhi\r\n";
        try (PingServer server = new PingServer(1, true).listen("127.0.0.1", 0);
                RawClient client = new RawClient(server.port())) {
            long thread = loopThread(server);
            for (int i = 0; i < 1000; i++) {
                client.send(first);
                Connection connection = server.last();
                Wait.until("the tail is kept", () -> connection.inputBufferBytes() > 0);
                client.send(second).receive(8);
            }
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1000; i++) {
                client.send(first);
                Connection connection = server.last();
                Wait.until("the tail is kept", () -> connection.inputBufferBytes() > 0);
                client.send(second).receive(8);
            }
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(allocated / 1000).as("bytes for each request").isLessThan(500);
        }
    }

    private static long loopThread(PingServer server) throws Exception {
        CompletableFuture<Long> id = new CompletableFuture<>();
        server.loops.get(0).execute(() -> id.complete(Thread.currentThread().threadId()));
        return id.get();
    }

    private static void exchange(RawClient client, String batch, int replyLength, int times)
            throws Exception {
        for (int i = 0; i < times; i++) {
            client.send(batch).receive(replyLength);
        }
    }
}
