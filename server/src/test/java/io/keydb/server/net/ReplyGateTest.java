package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Claim: no byte of a reply leaves before the gate lets it, and every reply leaves then. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class ReplyGateTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";

    @Parameter boolean epoll;

    private final long memoryBefore = NativeHeap.allocatedBytes();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong safe = new AtomicLong();
    private PingServer server;

    private final ReplyGate gate =
            new ReplyGate() {
                @Override
                public long ticket() {
                    return safe.get() >= written.get() ? 0 : written.get();
                }

                @Override
                public boolean isReached(long ticket) {
                    return safe.get() >= ticket;
                }
            };

    @BeforeEach
    void start() throws Exception {
        server = new PingServer(1, epoll);
        server.listen("127.0.0.1", 0);
        server.loops.gate(gate);
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

    /** What the loop has to do is done: what has not arrived now will not by itself. */
    private void assertNothingArrived(RawClient client) throws Exception {
        for (int turn = 0; turn < 3; turn++) {
            CountDownLatch done = new CountDownLatch(1);
            server.loops.get(0).execute(done::countDown);
            done.await();
        }
        assertThat(client.hasNothing()).isTrue();
    }

    private void safeUpTo(long position) {
        safe.set(position);
        server.loops.gateMoved();
    }

    @Test
    void repliesWaitAndRequestsBehindThemToo() throws Exception {
        try (RawClient client = connect();
                RawClient other = connect()) {
            assertThat(client.send(PING).receive(7)).isEqualTo(PONG);
            written.set(1);
            client.send(PING.repeat(3));
            Wait.until("the batch is handled", () -> server.batches.get() > 1);
            other.send(PING);
            Wait.until("the other one, too", () -> server.batches.get() > 2);
            client.send(PING);
            assertNothingArrived(client);
            assertNothingArrived(other);
            safeUpTo(1);
            assertThat(client.receive(28)).isEqualTo(PONG.repeat(4));
            assertThat(other.receive(7)).isEqualTo(PONG);
        }
    }

    /** While others go on writing, who has waited for the first write is not kept for the next. */
    @Test
    void eachWaitsForItsOwnTicketOnly() throws Exception {
        try (RawClient client = connect()) {
            written.set(1);
            client.send(PING);
            Wait.until("the batch is handled", () -> server.batches.get() > 0);
            assertNothingArrived(client); // its replies have asked the gate
            written.set(2);
            safeUpTo(1);
            assertThat(client.receive(7)).isEqualTo(PONG);
        }
    }

    @Test
    void aReplyOfAWorkerWaits() throws Exception {
        try (RawClient client = connect()) {
            client.send(PING + "HANG\r\n");
            assertThat(client.receive(7)).isEqualTo(PONG);
            Connection hung = server.hung();
            written.set(1);
            hung.execute(
                    () -> {
                        hung.reply().ok();
                        hung.resume();
                    });
            hung.execute(() -> {});
            assertNothingArrived(client);
            safeUpTo(1);
            assertThat(client.receive(5)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void whoClosesHearsTheLastReplyFirst() throws Exception {
        try (RawClient client = connect()) {
            written.set(1);
            client.send("QUIT\r\n");
            Wait.until("the batch is handled", () -> server.batches.get() > 0);
            assertNothingArrived(client);
            safeUpTo(1);
            assertThat(client.receive(5)).isEqualTo("+OK\r\n");
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void aClientThatGoesAwayMeanwhileLeavesNothing() throws Exception {
        try (RawClient client = connect()) {
            written.set(1);
            client.send(PING.repeat(2000));
            Wait.until("the batch is handled", () -> server.batches.get() > 0);
        }
        server.last().close();
        Wait.until("it is closed", () -> server.closed.get() == 1);
        safeUpTo(1);
    }

    @Test
    void repliesBeyondABufferWaitAsAWhole() throws Exception {
        try (RawClient client = connect()) {
            written.set(1);
            client.send("BIG 300000\r\n" + PING);
            Wait.until("the batch is handled", () -> server.batches.get() > 0);
            assertNothingArrived(client);
            safeUpTo(1);
            assertThat(client.receive(9 + 300_002 + 7)).startsWith("$300000\r\nx").endsWith(PONG);
        }
    }

    @Test
    void withoutAGateNothingWaits() throws Exception {
        written.set(1);
        try (RawClient client = connect()) {
            client.send(PING);
            Wait.until("the batch is handled", () -> server.batches.get() > 0);
            server.loops.gate(null);
            assertThat(client.receive(7)).isEqualTo(PONG);
            assertThat(client.send(PING).receive(7)).isEqualTo(PONG);
        }
    }
}
