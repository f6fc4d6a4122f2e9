package io.keydb.e2e.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * One million hashes {@code user:N} of five fields with values of eight bytes cost at most 105 MB
 * of {@code used_memory}.
 */
class HashMemoryTest {

    private static final int HASHES = 1_000_000;
    private static final int BATCH = 1_000;
    private static final int FIELDS = 5;

    /** The unit in which {@code INFO} and the figures of other servers are given. */
    private static final long MEGABYTE = 1 << 20;

    private static final long MOST_USED = 105 * MEGABYTE;

    @Test
    void aMillionSmallHashesStayWithinTheirBounds() throws Exception {
        try (ServerProcess server = Subject.launch().start();
                RespClient client = server.connect()) {
            long before = usedMemory(client);
            write(client);
            assertThat(client.call("DBSIZE").integer()).isEqualTo(HASHES);
            long used = usedMemory(client) - before;
            System.out.printf(
                    "1M hashes user:N of %d fields, values of 8 bytes: used_memory grew by %.1f MB%n",
                    FIELDS, (double) used / MEGABYTE);
            assertThat(client.call("HGET", "user:999999", "f3").text()).isEqualTo("x0999999");
            if (!Subject.isStock()) {
                assertThat(used).as("growth of used_memory").isLessThanOrEqualTo(MOST_USED);
            }
        }
    }

    private static void write(RespClient client) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int from = 0; from < HASHES; from += BATCH) {
            requests.setLength(0);
            for (int i = from; i < from + BATCH; i++) {
                String key = "user:" + i;
                requests.append('*').append(2 + 2 * FIELDS).append("\r\n$4\r\nHSET\r\n$");
                requests.append(key.length()).append("\r\n").append(key).append("\r\n");
                String value = "x%07d".formatted(i);
                for (int field = 1; field <= FIELDS; field++) {
                    requests.append("$2\r\nf").append(field).append("\r\n$8\r\n");
                    requests.append(value).append("\r\n");
                }
            }
            client.send(requests.toString());
            for (int i = 0; i < BATCH; i++) {
                assertThat(client.read().integer()).isEqualTo(FIELDS);
            }
        }
    }

    private static long usedMemory(RespClient client) throws IOException {
        return client.call("INFO", "memory")
                .text()
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
