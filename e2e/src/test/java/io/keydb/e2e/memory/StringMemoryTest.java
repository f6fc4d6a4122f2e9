package io.keydb.e2e.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * One million keys {@code key:%012d} with values of eight bytes cost at most 48 MB of {@code
 * used_memory} and 60 MB of resident memory, with a Java heap of 64 MB.
 */
class StringMemoryTest {

    private static final int KEYS = 1_000_000;
    private static final int BATCH = 1_000;
    private static final int WARMING_KEYS = 20_000;

    /** The unit in which {@code INFO} and the figures of other servers are given. */
    private static final long MEGABYTE = 1 << 20;

    private static final long MOST_USED = 48 * MEGABYTE;
    private static final long MOST_RESIDENT = 60 * MEGABYTE;

    @Test
    void aMillionSmallStringsStayWithinTheirBounds() throws Exception {
        try (ServerProcess server = Subject.launch().start();
                RespClient client = server.connect()) {
            // The code that serves the load is compiled and its buffers are made before the first
            // measurement.
            write(client, "warm", WARMING_KEYS);
            client.call("FLUSHALL");
            long usedBefore = usedMemory(client);
            long residentBefore = server.usage().residentBytes();
            write(client, "key", KEYS);
            assertThat(client.call("DBSIZE").integer()).isEqualTo(KEYS);
            long used = usedMemory(client) - usedBefore;
            long resident = settledResidentBytes(server, residentBefore + MOST_RESIDENT);
            resident -= residentBefore;
            System.out.printf(
                    "1M keys key:%%012d, values of 8 bytes: used_memory grew by %.1f MB, resident memory by %.1f MB%n",
                    (double) used / MEGABYTE, (double) resident / MEGABYTE);
            assertThat(client.call("GET", "key:000000999999").text()).isEqualTo("00999999");
            if (!Subject.isStock()) {
                assertThat(used).as("growth of used_memory").isLessThanOrEqualTo(MOST_USED);
                assertThat(resident)
                        .as("growth of resident memory")
                        .isLessThanOrEqualTo(MOST_RESIDENT);
            }
        }
    }

    /**
     * What stays resident once the compiler has given back what it worked with, which takes a few
     * seconds; at most until it is as little as {@code enough}.
     */
    private static long settledResidentBytes(ServerProcess server, long enough)
            throws IOException, InterruptedException {
        long resident = server.usage().residentBytes();
        for (int i = 0; i < 50 && resident > enough; i++) {
            Thread.sleep(200);
            resident = server.usage().residentBytes();
        }
        return resident;
    }

    private static void write(RespClient client, String prefix, int keys) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int from = 0; from < keys; from += BATCH) {
            requests.setLength(0);
            for (int i = from; i < from + BATCH; i++) {
                String digits = "%012d".formatted(i);
                requests.append("*3\r\n$3\r\nSET\r\n$")
                        .append(prefix.length() + 13)
                        .append("\r\n")
                        .append(prefix)
                        .append(':');
                requests.append(digits).append("\r\n$8\r\n").append(digits, 4, 12).append("\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < BATCH; i++) {
                assertThat(client.read().isSimple("OK")).isTrue();
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
