package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transfers between accounts, by transactions and by scripts, on four event loops: whoever reads
 * all accounts in a transaction always sees the same sum; with locks for parts of the keys and with
 * one for all.
 */
class TransferTest {
    private static final int CLIENTS = 200;
    private static final int TRANSFERS = 20;
    private static final int ACCOUNTS = 16;
    private static final int START = 1000;
    private static final String SCRIPT =
            "redis.call('decrby', KEYS[1], ARGV[1]) redis.call('incrby', KEYS[2], ARGV[1]) return"
                    + " 1";

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void theSumStaysTheSame(int partitions) throws Exception {
        ThreadFactory threads = Thread.ofPlatform().name("transfer-", 0).factory();
        try (Server server =
                        TestServers.start(
                                "--server-threads",
                                "4",
                                "--keyspace-partitions",
                                Integer.toString(partitions));
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1, threads)) {
            try (TestClient client = new TestClient(server.port())) {
                for (int i = 0; i < ACCOUNTS; i++) {
                    client.call("SET", account(i), Integer.toString(START));
                }
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                running.add(clients.submit(transfers(server.port(), number)));
            }
            try (TestClient reader = new TestClient(server.port())) {
                while (!running.stream().allMatch(Future::isDone)) {
                    assertThat(sum(reader)).isEqualTo(ACCOUNTS * START);
                }
                for (Future<?> done : running) {
                    done.get();
                }
                assertThat(sum(reader)).isEqualTo(ACCOUNTS * START);
            }
        }
    }

    private static Callable<Void> transfers(int port, int number) {
        return () -> {
            try (TestClient client = new TestClient(port)) {
                for (int i = 0; i < TRANSFERS; i++) {
                    String from = account((number + i) % ACCOUNTS);
                    String to = account((number * 7 + i * 3 + 1) % ACCOUNTS);
                    String amount = Integer.toString(1 + i);
                    if ((number + i) % 2 == 0) {
                        assertThat(client.call("EVAL", SCRIPT, "2", from, to, amount))
                                .isEqualTo("1");
                    } else {
                        client.call("MULTI");
                        client.call("DECRBY", from, amount);
                        client.call("INCRBY", to, amount);
                        assertThat(client.call("EXEC")).doesNotContain("-ERR");
                    }
                }
            }
            return null;
        };
    }

    private static int sum(TestClient reader) throws IOException {
        reader.call("MULTI");
        for (int i = 0; i < ACCOUNTS; i++) {
            reader.call("GET", account(i));
        }
        int sum = 0;
        for (String balance : reader.call("EXEC").split(" ", -1)) {
            sum += Integer.parseInt(balance);
        }
        return sum;
    }

    private static String account(int number) {
        return "account:" + number;
    }
}
