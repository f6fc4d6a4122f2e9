package io.keydb.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Configuration files of other servers start ours unchanged: Debian's {@code redis.conf}, and the
 * {@code keydb.conf} that {@code -Dkeydb.conf=path} names. Only what a test may not write to is
 * named anew, behind the file.
 */
class ConfigurationFilesTest {
    private static final Path DEBIAN = Path.of("/etc/redis/redis.conf");
    private static final int START_SECONDS = 120;
    private static final Duration REPLY = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;

    ConfigurationFilesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
    }

    @BeforeAll
    static void needsThePackagedServer() {
        ServerLaunch launch = ServerLaunch.ours();
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
    }

    @Test
    void theFileOfDebianStartsAServerInTheBackground() throws Exception {
        assumeTrue(Files.isReadable(DEBIAN), DEBIAN + " cannot be read");
        Path file = Files.copy(DEBIAN, folder.resolve("redis.conf"));
        Process first = start(file);
        assertThat(first.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).as(output(first)).isZero();
        ProcessHandle server = ProcessHandle.of(processId()).orElseThrow();
        try {
            assertThat(server.pid()).isNotEqualTo(first.pid());
            assertServes(file, "daemonize", "yes");
            server.destroy();
            server.onExit().get(START_SECONDS, TimeUnit.SECONDS);
            assertThat(pidFile()).doesNotExist();
            assertThat(Files.readString(folder.resolve("server.log"))).contains("bye bye");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void theFileOfKeyDbStartsAServer() throws Exception {
        Optional<Path> original =
                Optional.ofNullable(System.getProperty("keydb.conf")).map(Path::of);
        assumeTrue(original.isPresent(), "-Dkeydb.conf names no file");
        Path file = Files.copy(original.orElseThrow(), folder.resolve("keydb.conf"));
        Process server = start(file);
        try {
            assertThat(processId()).isEqualTo(server.pid());
            assertServes(file, "replica-weighting-factor", "2");
        } finally {
            server.destroyForcibly();
        }
    }

    /** The directive is as the file says, and the file can be written back and read again. */
    private void assertServes(Path file, String directive, String value) throws IOException {
        try (RespClient client =
                RespClient.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), REPLY)) {
            assertThat(client.call("CONFIG", "GET", directive).toString()).contains(value);
            assertThat(client.call("CONFIG", "REWRITE").isSimple("OK")).isTrue();
        }
        assertThat(Files.readString(file)).contains("port " + port).doesNotContain("# ???");
    }

    private Process start(Path file) throws IOException {
        List<String> command =
                new ArrayList<>(
                        ServerBinaries.ourCommand(
                                ServerBinaries.serverJar().orElseThrow(), List.of()));
        command.addAll(
                List.of(
                        file.toString(),
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        folder.toString(),
                        "--pidfile",
                        pidFile().toString(),
                        "--logfile",
                        "server.log"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output(Process ended) throws IOException {
        return ended.pid() + ": " + Files.readString(folder.resolve("output"), UTF_8);
    }

    private Path pidFile() {
        return folder.resolve("server.pid");
    }

    /** Waits for the file that a server writes when it serves. */
    private long processId() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            String text = Files.exists(pidFile()) ? Files.readString(pidFile()).strip() : "";
            if (!text.isEmpty()) {
                return Long.parseLong(text);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no server: " + Files.readString(folder.resolve("output")));
    }
}
