package io.keydb.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DEBUG ends the process as a defect would, with a report, or starts the program anew. */
class DebugProcessTest {
    private static final int KILLED = 128;
    private static final int ABORT = 6;

    @BeforeAll
    static void needsThePackagedServer() {
        ServerLaunch launch = ServerLaunch.ours();
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
    }

    private static ServerProcess start() throws Exception {
        return ServerLaunch.ours()
                .with("--enable-debug-command", "yes", "--save", "3600 1")
                .start();
    }

    @Test
    void aPanicLeavesAReport() throws Exception {
        try (ServerProcess server = start();
                RespClient client = server.connect()) {
            client.send(RespClient.encode(List.of("DEBUG", "PANIC")));
            assertThat(server.await()).isEqualTo(KILLED + ABORT);
            assertThat(server.log())
                    .contains(
                            "BUG REPORT START",
                            "Software Failure: DEBUG PANIC",
                            "------ STACK TRACE ------",
                            "DebugCommands.debug",
                            "used_memory:",
                            " addr=127.0.0.1:",
                            "BUG REPORT END");
        }
    }

    @Test
    void aRestartKeepsTheData() throws Exception {
        try (ServerProcess server = start()) {
            try (RespClient client = server.connect()) {
                client.call("SET", "kept", "1");
                String before = runId(client);
                assertThat(client.call("DEBUG", "RESTART").isSimple("OK")).isTrue();
                assertThat(client.isClosedByServer()).isTrue();
                try (RespClient again = connect(server, before)) {
                    assertThat(again.call("GET", "kept").toString()).contains("1");
                    again.call("SET", "lost", "1");
                    String restarted = runId(again);
                    again.send(RespClient.encode(List.of("DEBUG", "CRASH-AND-RECOVER")));
                    try (RespClient last = connect(server, restarted)) {
                        assertThat(last.call("EXISTS", "kept", "lost").toString()).contains("1");
                    }
                }
            }
            assertThat(server.stop()).isZero();
        }
    }

    /** Waits until another run serves. */
    private static RespClient connect(ServerProcess server, String formerRun) {
        while (true) {
            try {
                RespClient client = server.connect();
                String info = client.call("INFO", "everything").toString();
                if (info.contains("run_id:")
                        && info.contains("loading:0")
                        && !info.contains(formerRun)) {
                    return client;
                }
                client.close();
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private static String runId(RespClient client) throws IOException {
        String info = client.call("INFO", "server").toString();
        int start = info.indexOf("run_id:");
        return info.substring(start, start + "run_id:".length() + 40);
    }
}
