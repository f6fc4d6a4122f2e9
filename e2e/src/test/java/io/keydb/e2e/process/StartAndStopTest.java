package io.keydb.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server starts quickly, says what is wrong when it cannot, and stops in order. */
class StartAndStopTest {
    private static final long MEGABYTE = 1 << 20;
    private static final long MOST_RESIDENT_BYTES = 120 * MEGABYTE;
    private static final int EXIT_SECONDS = 30;
    private static final int STARTS = 3;

    private final Path folder;

    StartAndStopTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeAll
    static void needsThePackagedServer() {
        ServerLaunch launch = ServerLaunch.ours();
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
    }

    @Test
    void anEmptyServerIsSmall() throws Exception {
        List<String> starts = new ArrayList<>();
        long smallest = Long.MAX_VALUE;
        for (int i = 0; i < STARTS; i++) {
            try (ServerProcess server = ServerLaunch.ours().start()) {
                long resident = server.usage().residentBytes();
                smallest = Math.min(smallest, resident);
                starts.add(
                        "%d ms, %d MB"
                                .formatted(server.readyAfter().toMillis(), resident / MEGABYTE));
            }
        }
        System.out.println("start to ready and resident memory: " + String.join("; ", starts));
        assertThat(smallest).isLessThanOrEqualTo(MOST_RESIDENT_BYTES);
    }

    @Test
    void aStoppedServerExitsWithZero() throws Exception {
        try (ServerProcess server = ServerLaunch.ours().start();
                RespClient client = server.connect()) {
            assertThat(client.call("SET", "a", "1").isSimple("OK")).isTrue();
            assertThat(server.stop()).isZero();
            assertThat(server.log())
                    .containsOnlyOnce("Ready to accept connections on 127.0.0.1:" + server.port())
                    .containsOnlyOnce("Signal to stop received")
                    .containsOnlyOnce("Stopped")
                    .doesNotContain("Quarkus")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aClientThatDoesNotReadDoesNotHoldUpTheEnd() throws Exception {
        try (ServerProcess server = ServerLaunch.ours().start();
                RespClient client = server.connect()) {
            client.call("SET", "a", "x".repeat(1 << 20));
            for (int i = 0; i < 50; i++) {
                client.send("GET a\r\n");
            }
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (ServerProcess server =
                        ServerLaunch.ours().with("--enable-debug-command", "yes").start();
                RespClient client = server.connect()) {
            client.send("PING\r\nDEBUG SLEEP 60\r\n");
            assertThat(client.read().isSimple("PONG")).isTrue();
            ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
            process.destroy();
            while (!server.log().contains("Signal to stop received")) {
                Thread.onSpinWait();
            }
            assertThat(server.stop()).isEqualTo(1);
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Outcome outcome = run("--bind", "127.0.0.1", "--port", port);
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains("cannot listen on address 127.0.0.1, port " + port)
                    .contains("Address already in use")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aTakenManagementPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Outcome outcome =
                    run("--port", "0", "--management-bind", "127.0.0.1", "--management-port", port);
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output()).contains("port " + port).contains("in use");
        }
    }

    @Test
    void aBadLineIsNamedWithItsFile() throws Exception {
        Path included = Files.writeString(folder.resolve("part.conf"), "\nmaxmemory lots\n");
        Path file = Files.writeString(folder.resolve("a.conf"), "port 0\ninclude " + included);
        Outcome outcome = run(file.toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("*** FATAL CONFIG FILE ERROR (Redis ")
                .contains("Reading the configuration file, at line 2 of " + included)
                .contains(">>> 'maxmemory lots'")
                .contains("argument must be a memory value");
    }

    @Test
    void anUnknownDirectiveOnTheCommandLineIsNamed() throws Exception {
        Outcome outcome = run("--no-such-directive", "1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("Reading the configuration file, at line 2")
                .contains(">>> 'no-such-directive \"1\"'")
                .contains("Bad directive or wrong number of arguments");
    }

    @Test
    void versionAndHelpAreTold() throws Exception {
        Outcome version = run("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.output()).startsWith("KeyDB server v=");
        Outcome help = run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).startsWith("Usage: keydb-server");
    }

    @Test
    void theLogGoesToTheFileThatIsNamed() throws Exception {
        Path log = folder.resolve("keydb.log");
        try (ServerProcess server = ServerLaunch.ours().with("--logfile", log.toString()).start()) {
            assertThat(Files.readString(log)).contains("Ready to accept connections");
            assertThat(server.log()).doesNotContain("Ready to accept connections");
        }
    }

    @Test
    void probesAnswerOnTheManagementPort() throws Exception {
        String port = Integer.toString(freePort());
        ServerLaunch launch =
                ServerLaunch.ours()
                        .with("--management-bind", "127.0.0.1", "--management-port", port);
        try (ServerProcess server = launch.start();
                HttpClient http = HttpClient.newHttpClient()) {
            for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
                URI page = URI.create("http://127.0.0.1:" + port + path);
                HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(page).build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
            }
            assertThat(server.isAlive()).isTrue();
        }
    }

    private static Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        ServerBinaries.ourCommand(
                                ServerBinaries.serverJar().orElseThrow(), List.of()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** How a process ended and what it wrote. */
    private record Outcome(int exitCode, String output) {}
}
