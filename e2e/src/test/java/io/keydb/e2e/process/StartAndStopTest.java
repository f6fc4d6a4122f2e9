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
import java.util.stream.Stream;
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
                    .containsOnlyOnce("Received SIGTERM scheduling shutdown...")
                    .containsOnlyOnce("Saving the final RDB snapshot before exiting.")
                    .containsOnlyOnce("is now ready to exit, bye bye...")
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
    void anEndlessScriptDoesNotHoldUpTheEnd() throws Exception {
        try (ServerProcess server =
                        ServerLaunch.ours().with("--busy-reply-threshold", "50").start();
                RespClient client = server.connect();
                RespClient caller = server.connect()) {
            assertThat(client.call("SET", "kept", "1").isSimple("OK")).isTrue();
            caller.send("EVAL \"while true do end\" 0\r\n");
            awaitLog(server, "Slow script detected");
            assertThat(server.stop()).isZero();
            assertThat(server.log())
                    .contains("The server ends, so does the slow script")
                    .contains("is now ready to exit, bye bye...");
            assertThat(server.directory().resolve("dump.rdb")).exists();
        }
    }

    @Test
    void whoInsistsEndsItAtOnce() throws Exception {
        try (ServerProcess server =
                        ServerLaunch.ours().with("--rdb-key-save-delay", "100000").start();
                RespClient client = server.connect()) {
            for (int i = 0; i < 1000; i++) {
                client.call("SET", "k" + i, "v");
            }
            signal(server, "TERM");
            awaitLog(server, "Saving the final RDB snapshot");
            signal(server, "TERM"); // changes nothing
            awaitLog(server, "(?s).*SIGTERM.*SIGTERM.*");
            assertThat(server.isAlive()).isTrue();
            signal(server, "INT");
            assertThat(server.await()).isEqualTo(1);
            assertThat(server.log()).contains("You insist... exiting now.");
            try (Stream<Path> files = Files.list(server.directory())) {
                assertThat(files).noneMatch(file -> file.toString().endsWith(".rdb"));
            }
        }
    }

    @Test
    void aSoftSignalWaitsForClients() throws Exception {
        try (ServerProcess server = ServerLaunch.ours().with("--soft-shutdown", "yes").start()) {
            try (RespClient client = server.connect()) {
                assertThat(client.call("PING").isSimple("PONG")).isTrue();
                signal(server, "INT");
                RespReply reply = client.call("PING");
                while (!reply.isError()) {
                    reply = client.call("PING");
                }
                assertThat(reply.text()).isEqualTo("SHUTDOWN PENDING");
                assertThat(client.call("SET", "k", "v").isSimple("OK")).isTrue();
            }
            assertThat(server.await()).isZero();
            assertThat(server.directory().resolve("dump.rdb")).exists();
        }
    }

    @Test
    void anEndlessScriptDoesNotKeepItFromEnding() throws Exception {
        try (ServerProcess server =
                        ServerLaunch.ours().with("--busy-reply-threshold", "50").start();
                RespClient script = server.connect();
                RespClient client = server.connect()) {
            script.send("EVAL \"redis.call('SET', 'k', 1) while true do end\" 0\r\n");
            RespReply reply = client.call("PING");
            while (!reply.isError()) {
                reply = client.call("PING");
            }
            assertThat(client.call("SHUTDOWN").text()).startsWith("BUSY ");
            client.send("SHUTDOWN NOSAVE\r\n");
            assertThat(server.await()).isZero();
            assertThat(server.directory().resolve("dump.rdb")).doesNotExist();
        }
    }

    @Test
    void aSignalDuringTheStartEndsIt() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (ServerProcess server = ServerLaunch.ours().with("--dir", data.toString()).start();
                RespClient client = server.connect()) {
            for (int i = 0; i < 1000; i++) {
                client.call("SET", "k" + i, "v");
            }
            assertThat(server.stop()).isZero();
        }
        byte[] dump = Files.readAllBytes(data.resolve("dump.rdb"));
        for (String how : List.of("TERM", "SHUTDOWN")) {
            try (ServerProcess server =
                            ServerLaunch.ours()
                                    .with("--dir", data.toString(), "--key-load-delay", "100000")
                                    .startUnready();
                    RespClient client = connectEarly(server)) {
                assertThat(client.call("GET", "k").text()).startsWith("LOADING");
                if (how.equals("TERM")) {
                    signal(server, "TERM");
                } else {
                    client.send("SHUTDOWN SAVE\r\n");
                }
                assertThat(server.await()).isZero();
            }
            assertThat(Files.readAllBytes(data.resolve("dump.rdb"))).isEqualTo(dump);
        }
    }

    private static RespClient connectEarly(ServerProcess server) {
        while (true) {
            try {
                return server.connect();
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private static void signal(ServerProcess server, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void awaitLog(ServerProcess server, String text) throws IOException {
        while (!server.log().contains(text) && !server.log().matches(text)) {
            Thread.onSpinWait();
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
