package io.keydb.e2e.differential;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import java.util.List;

/**
 * A stock server and the one under test, started with the same directives. Threads: safe, because
 * the processes are.
 */
record ServerPair(ServerProcess stock, ServerProcess ours) implements AutoCloseable {

    private static final String[] COMMON = {"--enable-debug-command", "yes"};

    static ServerPair start(List<String> directives) throws IOException, InterruptedException {
        String[] extra = directives.toArray(String[]::new);
        ServerLaunch stockLaunch = ServerLaunch.stock().with(COMMON).with(extra);
        assumeTrue(stockLaunch.isPossible(), stockLaunch.reasonImpossible());
        ServerLaunch subjectLaunch = Subject.launch().with(COMMON).with(extra);
        ServerProcess stock = stockLaunch.start();
        try {
            return new ServerPair(stock, subjectLaunch.start());
        } catch (IOException | InterruptedException failed) {
            stock.close();
            throw failed;
        }
    }

    /** Removes all data from both. */
    void clear() throws IOException {
        for (ServerProcess server : List.of(stock, ours)) {
            try (RespClient client = server.connect()) {
                client.call("FLUSHALL");
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (stock;
                ours) {
            // Closing is all.
        }
    }
}
