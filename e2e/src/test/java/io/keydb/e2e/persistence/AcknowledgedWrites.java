package io.keydb.e2e.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write without a pause and remember what was acknowledged. Each appends the numbers
 * 1, 2, 3 ... to a list of its own, and with each, in one transaction, sets two keys to it.
 */
final class AcknowledgedWrites {
    private final List<Writer> writers = new ArrayList<>();

    private static final class Writer {
        private final String name;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong acknowledged = new AtomicLong();

        private Writer(String name) {
            this.name = name;
        }

        private void write(ServerProcess server, AtomicBoolean goesOn) {
            try (RespClient client = server.connect()) {
                while (goesOn.get()) {
                    String number = Long.toString(sent.incrementAndGet());
                    client.send(
                            RespClient.encode(List.of("MULTI"))
                                    + RespClient.encode(List.of("RPUSH", name, number))
                                    + RespClient.encode(List.of("SET", name + ":a", number))
                                    + RespClient.encode(List.of("SET", name + ":b", number))
                                    + RespClient.encode(List.of("EXEC")));
                    RespReply last = client.read();
                    for (int i = 0; i < 4; i++) {
                        last = client.read();
                    }
                    if (last.isError()) {
                        sent.decrementAndGet();
                        return;
                    }
                    acknowledged.set(sent.get());
                }
            } catch (IOException killed) {
                // what was on its way may be there or not
            }
        }

        /** The list is 1, 2, 3 ..., as far as was acknowledged at least. */
        private void check(RespClient client, long mostLost) throws IOException {
            long length = client.call("LLEN", name).integer();
            assertThat(length)
                    .as("writes of %s", name)
                    .isBetween(acknowledged.get() - mostLost, sent.get());
            List<RespReply> numbers = client.call("LRANGE", name, "0", "-1").children();
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i).integer())
                        .as("element %d of %s", i, name)
                        .isEqualTo(i + 1);
            }
            for (String key : List.of(":a", ":b")) {
                RespReply value = client.call("GET", name + key);
                assertThat(value.isNull() ? 0 : value.integer()).as(name + key).isEqualTo(length);
            }
            sent.set(length);
            acknowledged.set(length);
        }
    }

    AcknowledgedWrites(int clients) {
        for (int i = 0; i < clients; i++) {
            writers.add(new Writer("list" + i));
        }
    }

    long acknowledged() {
        return writers.stream().mapToLong(writer -> writer.acknowledged.get()).sum();
    }

    /** Writes until {@code during} has ended. */
    void whileRunning(ServerProcess server, Disturbance during) throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        for (Writer writer : writers) {
            threads.add(Thread.ofPlatform().start(() -> writer.write(server, goesOn)));
        }
        try {
            during.run();
        } finally {
            goesOn.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** Nothing that was acknowledged is missing, and nothing is there by halves. */
    void check(ServerProcess server, long mostLost) throws IOException {
        try (RespClient client = server.connect()) {
            for (Writer writer : writers) {
                writer.check(client, mostLost);
            }
        }
    }

    /** What happens while they write. */
    interface Disturbance {
        void run() throws Exception;
    }
}
