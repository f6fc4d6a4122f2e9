package io.keydb.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.ServerBinaries;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code redis-cli} and {@code redis-benchmark} work unchanged. */
class StockToolsTest {

    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws Exception {
        server = Subject.launch().start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theCommandLineClientShowsReplies() throws Exception {
        assertThat(run("", "redis-cli", "SET", "greeting", "hello world")).isEqualTo("OK\n");
        assertThat(run("", "redis-cli", "GET", "greeting")).isEqualTo("hello world\n");
        assertThat(run("", "redis-cli", "-3", "GET", "nothing")).isEqualTo("\n");
        assertThat(run("", "redis-cli", "-3", "--json", "MGET", "greeting", "nothing"))
                .isEqualTo("[\"hello world\",null]\n");
        assertThat(run("", "redis-cli", "-n", "5", "DBSIZE")).isEqualTo("0\n");
        assertThat(run("", "redis-cli", "INFO", "server")).contains("redis_version:");
    }

    @Test
    void theCommandLineClientReadsCommandsFromItsInput() throws Exception {
        assertThat(run("SET n 1\nINCR n\nMULTI\nINCR n\nEXEC\n", "redis-cli"))
                .isEqualTo("OK\n2\nOK\nQUEUED\n3\n");
    }

    @Test
    void theCommandLineClientScansAllKeys() throws Exception {
        for (int i = 0; i < 30; i++) {
            run("", "redis-cli", "SET", "scan-me:" + i, "v");
        }
        assertThat(run("", "redis-cli", "--scan", "--pattern", "scan-me:*").lines()).hasSize(30);
    }

    @Test
    void bulkLoadingThroughThePipeModeLosesNothing() throws Exception {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            input.append("SET pipe:").append(i).append(" value").append(i).append("\r\n");
        }
        assertThat(run(input.toString(), "redis-cli", "--pipe"))
                .contains("errors: 0, replies: 5000");
        assertThat(run("", "redis-cli", "GET", "pipe:4999")).isEqualTo("value4999\n");
    }

    @Test
    void theBenchmarkRunsItsTests() throws Exception {
        String output =
                run(
                        "",
                        "redis-benchmark",
                        "-t",
                        "set,get,incr,mset,ping",
                        "-n",
                        "5000",
                        "-c",
                        "20",
                        "-P",
                        "4",
                        "--csv");
        List<String> names = new ArrayList<>();
        // Before the table there may be a warning that the server tells nothing about persistence.
        for (String line :
                output.lines().dropWhile(text -> !text.startsWith("\"test\"")).skip(1).toList()) {
            String[] columns = line.replace("\"", "").split(",");
            names.add(columns[0]);
            assertThat(Double.parseDouble(columns[1])).as(line).isPositive();
        }
        assertThat(names)
                .containsExactly(
                        "PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)");
    }

    private String run(String input, String tool, String... arguments)
            throws IOException, InterruptedException {
        Optional<Path> program = ServerBinaries.onPath(tool);
        assumeTrue(program.isPresent(), tool + " is not installed (Debian package redis-tools)");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.orElseThrow().toString(),
                                "-p",
                                Integer.toString(server.port())));
        command.addAll(List.of(arguments));
        Path inputFile = Files.writeString(server.directory().resolve("input"), input);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(inputFile.toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command + " ends").isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.replace('\r', '\n');
    }
}
