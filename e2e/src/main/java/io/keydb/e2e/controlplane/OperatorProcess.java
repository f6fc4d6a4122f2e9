package io.keydb.e2e.controlplane;

import io.keydb.e2e.controlplane.network.AddressBlock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operator as a process of its own, as in a real cluster; started again when it ends by itself.
 *
 * <p>Threads: safe, guarded by this object; a virtual thread waits for the process.
 */
public final class OperatorProcess implements AutoCloseable {

    private static final Duration RESTART_AFTER = Duration.ofSeconds(1);

    private final ControlPlane cluster;
    private final Path jar;
    private final Consumer<String> reports;
    private @Nullable Process process;
    private boolean closed;

    private OperatorProcess(ControlPlane cluster, Path jar, Consumer<String> reports) {
        this.cluster = cluster;
        this.jar = jar;
        this.reports = reports;
    }

    /** Where Maven puts the operator. */
    public static Path jar(Path home) {
        return home.resolve("operator/target/quarkus-app/quarkus-run.jar");
    }

    /**
     * Starts the operator against a cluster.
     *
     * @param home the repository
     * @param reports receives a line for a person when it has to be started again
     */
    public static OperatorProcess start(ControlPlane cluster, Path home, Consumer<String> reports)
            throws IOException {
        Path jar = jar(home);
        if (!Files.isRegularFile(jar)) {
            throw new IOException("the operator is not built: " + jar + " is missing");
        }
        OperatorProcess operator = new OperatorProcess(cluster, jar, reports);
        operator.launch();
        return operator;
    }

    /** Where the operator writes its log. */
    public Path log() {
        return cluster.state().resolve("logs").resolve("operator.log");
    }

    /** The identity of the running process. */
    public synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    private synchronized void launch() throws IOException {
        if (closed) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        // It starts in half the time, and has little to do later.
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djdk.net.hosts.file=" + cluster.hostsFile(),
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0",
                        "-jar",
                        jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        environment(builder.environment());
        builder.directory(cluster.state().toFile());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process started = cluster.ledger().start(builder);
        process = started;
        Thread.ofVirtual().name("operator-watch").start(() -> watch(started));
    }

    /**
     * The environment of a pod in the cluster: its API server, no proxy, nothing of a cluster
     * around us.
     */
    private void environment(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        environment.keySet().removeIf(name -> name.matches("(?i)(https?|all)_proxy"));
        environment.put("KUBECONFIG", cluster.kubeconfig().toString());
        environment.put("QUARKUS_HTTP_HOST", cluster.address());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(AddressBlock.MANAGEMENT_PORT));
    }

    private void watch(Process watched) {
        try {
            int code = watched.waitFor();
            if (isClosed()) {
                return;
            }
            reports.accept(
                    "the operator ended with code " + code + "; it is started again, see " + log());
            Thread.sleep(RESTART_AFTER);
            launch();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!isClosed()) {
                reports.accept("the operator cannot be started: " + e.getMessage());
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.destroy();
        }
    }
}
