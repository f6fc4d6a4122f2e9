package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.server.config.ConfigFileException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Event loops are bound to processors, and nobody else. */
class ThreadAffinityTest {
    private static final Path TASKS = Path.of("/proc/self/task");

    @Test
    void loopsAreBoundAndWorkersAreNot() throws Exception {
        assumeTrue(Files.exists(TASKS), "needs Linux");
        BitSet all = SystemCalls.processors();
        assumeTrue(all.cardinality() > 1, "needs two processors");
        try (Server server =
                        TestServers.start(
                                "--server-threads", "2", "--server-thread-affinity", "true");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "GET", "server-thread-affinity"))
                    .isEqualTo("server-thread-affinity true");
            int first = all.nextSetBit(0);
            Set<String> expected =
                    Set.of(Integer.toString(first), Integer.toString(all.nextSetBit(first + 1)));
            while (!processors("keydb-io").containsAll(expected)) {
                Thread.onSpinWait();
            }
            client.call("KEYS", "*"); // a loop starts a worker
            while (processors("worker-").stream().anyMatch(expected::contains)) {
                Thread.onSpinWait();
            }
            assertThat(processors("worker-")).isNotEmpty();
        }
    }

    @Test
    void theFirstProcessorCanBeChosen() throws Exception {
        assertThat(
                        TestServers.configuration("--server-thread-affinity", "3")
                                .text(io.keydb.server.net.NetworkDirectives.SERVER_THREAD_AFFINITY))
                .isEqualTo("3");
        for (String wrong : new String[] {"yes", "0", "-1", "100000"}) {
            assertThatThrownBy(() -> TestServers.configuration("--server-thread-affinity", wrong))
                    .isInstanceOf(ConfigFileException.class)
                    .hasMessageContaining("expects either true or false");
        }
    }

    /** The lists of processors of the threads whose name begins so. */
    private static Set<String> processors(String name) throws IOException {
        Set<String> lists = new HashSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                try {
                    String status = Files.readString(task.resolve("status"));
                    if (status.startsWith("Name:\t" + name)) {
                        String list = status.substring(status.indexOf("Cpus_allowed_list:") + 18);
                        lists.add(list.substring(0, list.indexOf('\n')).strip());
                    }
                } catch (IOException gone) {
                    // it has ended meanwhile
                }
            }
        }
        return lists;
    }
}
