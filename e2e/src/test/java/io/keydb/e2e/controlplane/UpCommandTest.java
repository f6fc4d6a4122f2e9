package io.keydb.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.controlplane.kubelet.BuiltServer;
import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerBinaries;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keydb up} as a process: what it prints, and that nothing outlives it. */
class UpCommandTest {

    private static final Path HOME = ServerBinaries.projectHome();
    private static final Duration START = Duration.ofMinutes(4);
    private static final Pattern ADDRESS = Pattern.compile("redis-cli -h (\\S+) -p (\\d+)");

    private static final String GOOD =
            """
            apiVersion: keydb.io/v1alpha1
            kind: KeyDB
            metadata: {name: solo}
            spec: {topology: {mode: Standalone}, auth: {enabled: false}}
            """;

    private static final String BAD =
            """
            apiVersion: keydb.io/v1alpha1
            kind: KeyDB
            metadata: {name: wrong}
            spec: {topology: {mode: Standalone}, replicas: 3}
            """;

    @TempDir Path directory;
    private Process up;
    private Path output;

    @BeforeEach
    void built() {
        Assumptions.assumeTrue(
                new BuiltServer(HOME).isThere() && Files.isRegularFile(OperatorProcess.jar(HOME)),
                "server and operator are not packaged; run ./mvnw package");
        output = directory.resolve("output");
    }

    @AfterEach
    void nothingIsLeft() {
        if (up != null) {
            up.destroyForcibly();
        }
    }

    private void run(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-Dkeydb.home=" + HOME,
                                "-cp",
                                System.getProperty("java.class.path"),
                                LocalControlPlane.class.getName(),
                                "--state",
                                directory.resolve("state").toString()));
        command.addAll(List.of(arguments));
        up =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(new File("/dev/null"))
                        .start();
    }

    private String resources(String yaml) throws IOException {
        return Files.writeString(directory.resolve("resources.yaml"), yaml).toString();
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<ProcessHandle> awaitRunning() {
        Await.until(
                START,
                () -> output().contains("solo is ready: one writable member") || !up.isAlive());
        List<ProcessHandle> tree = up.descendants().toList();
        assertThat(tree)
                .as("operator, server and guard of:\n%s", output())
                .hasSizeGreaterThanOrEqualTo(3);
        return tree;
    }

    private static void assertGone(List<ProcessHandle> tree) {
        Await.until(Duration.ofSeconds(60), () -> tree.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void itServesOnThePrintedAddressAndLeavesNothingOnSigterm() throws Exception {
        run(resources(GOOD));
        List<ProcessHandle> tree = awaitRunning();
        Matcher printed = ADDRESS.matcher(output());
        assertThat(printed.find()).isTrue();
        InetSocketAddress address =
                new InetSocketAddress(printed.group(1), Integer.parseInt(printed.group(2)));
        try (RespClient client = RespClient.connect(address, Duration.ofSeconds(5))) {
            assertThat(client.call("SET", "k", "v").text()).isEqualTo("OK");
            assertThat(client.call("GET", "k").text()).isEqualTo("v");
        }
        up.destroy();
        assertThat(up.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertGone(tree);
    }

    @Test
    void aHangingServerDoesNotOutliveIt() throws Exception {
        run(resources(GOOD));
        List<ProcessHandle> tree = awaitRunning();
        tree.stream()
                .filter(
                        process ->
                                process.info()
                                        .arguments()
                                        .map(List::of)
                                        .orElse(List.of())
                                        .contains("--management-bind"))
                .forEach(process -> TestCluster.signal("STOP", process.pid()));
        up.destroy();
        assertThat(up.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertGone(tree);
    }

    @Test
    void itsOwnSuddenDeathLeavesNothing() throws Exception {
        run(resources(GOOD));
        List<ProcessHandle> tree = awaitRunning();
        up.destroyForcibly().waitFor();
        assertGone(tree);
    }

    @Test
    void invalidResourcesAreRefusedAndTheOthersRun() throws Exception {
        run("--exit-when-ready", "--ready-timeout", "240", resources(BAD + "---\n" + GOOD));
        assertThat(up.waitFor(START.toSeconds() + 30, TimeUnit.SECONDS)).isTrue();
        assertThat(output())
                .contains("KeyDB wrong: KeyDB.keydb.io \"wrong\" is invalid: spec.replicas: ")
                .contains("solo is ready: one writable member");
        assertThat(up.exitValue()).isZero();
    }

    @Test
    void nothingToApplyEndsWithAnError() throws Exception {
        run(resources(BAD), "no-such-file.yaml");
        assertThat(up.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(output())
                .contains("no-such-file.yaml: cannot be read")
                .contains("nothing could be applied");
        assertThat(up.exitValue()).isEqualTo(1);
    }
}
