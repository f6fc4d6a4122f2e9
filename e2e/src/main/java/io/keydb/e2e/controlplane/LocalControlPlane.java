package io.keydb.e2e.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.kubelet.BackOff;
import io.keydb.e2e.controlplane.kubelet.BuiltServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./keydb up}: a local cluster with the operator, resources applied to it, and a live view
 * of their members.
 *
 * <p>Threads: the main thread shows the table; a shutdown hook stops everything, whatever ends the
 * process.
 */
@Command(
        name = "keydb up",
        mixinStandardHelpOptions = true,
        description =
                "Runs a local Kubernetes control plane with the KeyDB operator, applies resources to it and shows their"
                        + " members. Ctrl-C stops everything.")
public final class LocalControlPlane implements Callable<Integer> {

    private static final Duration REFRESH = Duration.ofMillis(250);
    private static final String DEFINITIONS = "crds/src/main/crd";

    @Parameters(
            paramLabel = "resources.yaml",
            description =
                    "files of resources to apply (default: examples/active-replica.yaml of the repository)")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--exit-when-ready",
            description = "stop, with code 0, as soon as all KeyDB resources are ready")
    private boolean exitWhenReady;

    @Option(
            names = "--ready-timeout",
            paramLabel = "seconds",
            defaultValue = "180",
            description =
                    "with --exit-when-ready: give up, with code 1, after this time (default: ${DEFAULT-VALUE})")
    private int readyTimeoutSeconds;

    @Option(
            names = "--state",
            paramLabel = "directory",
            defaultValue = ".keydb",
            description =
                    "where logs, volumes and the kubeconfig are kept (default: ${DEFAULT-VALUE})")
    private Path state = Path.of(".keydb");

    private final Path home;
    private final LiveConsole console;
    private final Set<String> announced = new HashSet<>();
    private final Set<String> startedPods = ConcurrentHashMap.newKeySet();
    private final Set<String> announcedEnds = ConcurrentHashMap.newKeySet();
    private final Queue<String> news = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable OperatorProcess operator;

    LocalControlPlane(Path home, LiveConsole console) {
        this.home = home;
        this.console = console;
    }

    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
        Path home = Path.of(System.getProperty("keydb.home", "")).toAbsolutePath();
        LocalControlPlane up = new LocalControlPlane(home, LiveConsole.ofSystem());
        int code = new CommandLine(up).execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BuiltServer server = new BuiltServer(home);
        if (!server.isThere()) {
            console.say("keydb: the server is not built: " + server.jar() + " is missing");
            return 1;
        }
        List<Path> named =
                files.isEmpty() ? List.of(home.resolve("examples/active-replica.yaml")) : files;
        try {
            ControlPlane cluster = ControlPlane.start(state, server, BackOff.LOCAL);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cluster), "stop"));
            return run(cluster, named);
        } catch (IOException e) {
            console.say("keydb: " + e.getMessage());
            return 1;
        }
    }

    private int run(ControlPlane cluster, List<Path> named)
            throws IOException, InterruptedException {
        console.say(
                "API server    "
                        + cluster.url()
                        + "  (kubectl --kubeconfig "
                        + ConnectionHints.shown(cluster.kubeconfig())
                        + ")");
        console.say("logs          " + ConnectionHints.shown(cluster.state().resolve("logs")));
        ResourceFiles resources = new ResourceFiles(cluster.api());
        applyDefinitions(resources);
        ResourceFiles.Outcome outcome = new ResourceFiles.Outcome(List.of(), List.of());
        for (Path file : named) {
            outcome = outcome.and(resources.apply(file));
        }
        outcome.refusals().forEach(refusal -> console.say("refused       " + refusal));
        if (outcome.applied().isEmpty()) {
            console.say("keydb: nothing could be applied");
            return 1;
        }
        outcome.applied().forEach(applied -> console.say("applied       " + described(applied)));
        OperatorProcess started =
                OperatorProcess.start(cluster, home, line -> console.say("operator      " + line));
        operator = started;
        console.say("operator      process " + started.pid());
        try (ObjectStore.Subscription _ =
                cluster.api()
                        .store()
                        .follow(
                                key -> key.plural().equals(ResourceKinds.POD.plural()),
                                this::announcePod)) {
            return view(cluster);
        }
    }

    private void applyDefinitions(ResourceFiles resources) throws IOException {
        try (Stream<Path> definitions = Files.list(home.resolve(DEFINITIONS))) {
            for (Path definition :
                    definitions
                            .filter(file -> file.toString().endsWith(".yml"))
                            .sorted()
                            .toList()) {
                List<String> refusals = resources.apply(definition).refusals();
                if (!refusals.isEmpty()) {
                    throw new IOException(String.join("\n", refusals));
                }
            }
        }
    }

    private static String described(JsonNode applied) {
        return Json.text(applied, "kind") + " " + Json.text(applied, "metadata", "name");
    }

    private void announcePod(ObjectStore.Event event) {
        JsonNode status = event.object().path("status");
        JsonNode end = Json.at(status.path("containerStatuses").path(0), "lastState", "terminated");
        String when = Json.text(end, "finishedAt");
        if (!when.isEmpty() && announcedEnds.add(event.key().path() + when)) {
            announce(
                    "ended         "
                            + event.key().name()
                            + " with code "
                            + Json.text(end, "exitCode"));
            Json.text(end, "message").lines().forEach(line -> announce("                " + line));
        }
        String process =
                Json.text(status.path("containerStatuses").path(0), "containerID")
                        .replace("process://", "process ");
        if (!process.isEmpty() && startedPods.add(event.key().path() + process)) {
            announce(
                    "started       "
                            + event.key().name()
                            + " on "
                            + Json.text(status, "podIP")
                            + ", "
                            + process);
        }
    }

    /** Hands a line to the main thread: events come under the store's lock. */
    private void announce(String line) {
        news.add(line);
    }

    private int view(ControlPlane cluster) throws InterruptedException {
        MemberTable table = new MemberTable(cluster.api());
        ConnectionHints hints = new ConnectionHints(cluster);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(readyTimeoutSeconds);
        while (!stopped.await(REFRESH.toMillis(), TimeUnit.MILLISECONDS)) {
            for (String line = news.poll(); line != null; line = news.poll()) {
                console.say(line);
            }
            console.show(console.isTerminal() ? table.lines() : table.plainLines());
            boolean allReady = true;
            for (JsonNode resource : table.resources()) {
                boolean ready = ConnectionHints.isReady(resource);
                allReady &= ready;
                if (ready && announced.add(Json.text(resource, "metadata", "uid"))) {
                    hints.lines(resource).forEach(console::say);
                }
            }
            if (exitWhenReady && allReady) {
                return 0;
            }
            if (exitWhenReady && System.nanoTime() > deadline) {
                console.say("keydb: not ready within " + readyTimeoutSeconds + " s");
                return 1;
            }
        }
        return 0;
    }

    private void stop(ControlPlane cluster) {
        console.say("stopping");
        stopped.countDown();
        OperatorProcess running = operator;
        if (running != null) {
            running.close();
        }
        try {
            cluster.close();
        } catch (IOException e) {
            console.say("keydb: " + e.getMessage());
        }
    }
}
