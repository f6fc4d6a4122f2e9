package io.keydb.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Database;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.Link;
import io.keydb.operator.database.LinkState;
import io.keydb.operator.database.Password;
import io.keydb.operator.database.Quiet;
import io.keydb.operator.database.ReplicationInfo;
import io.keydb.operator.database.ReplicationVector;
import io.keydb.operator.database.Report;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cluster made of plain objects: StatefulSets start pods, pods get ready after a while, servers
 * link, merge and count writes. Time passes only when told. Steps of a plan change it as they would
 * change a real one.
 */
public final class SimulatedCluster {
    static final Duration START = Duration.ofSeconds(2);
    static final Duration MERGE = Duration.ofSeconds(1);

    /** A running server, with its pod. */
    static final class Server {
        final int ordinal;
        final String uid;
        final String nodeId;
        final Map<String, String> labels;
        final Map<String, String> annotations;
        final Instant startedAt;
        final Map<Endpoint, Instant> links = new LinkedHashMap<>();
        final Map<String, Long> holds = new HashMap<>();
        boolean isUp = true;
        boolean isTerminating;
        boolean knowsPassword = true;
        Optional<Instant> readySince = Optional.empty();
        Optional<Instant> unreadySince;
        Optional<Quiet> quiet = Optional.empty();
        int clients;

        Server(int ordinal, String uid, String nodeId, StatefulSet workload, Instant now) {
            this.ordinal = ordinal;
            this.uid = uid;
            this.nodeId = nodeId;
            this.startedAt = now;
            this.unreadySince = Optional.of(now);
            var template = workload.getSpec().getTemplate().getMetadata();
            this.labels = new TreeMap<>(template.getLabels());
            this.annotations = new TreeMap<>(template.getAnnotations());
        }

        boolean isReady() {
            return readySince.isPresent() && isUp && !isTerminating;
        }

        boolean hasTrue(String label) {
            return "true".equals(labels.get(label));
        }
    }

    final Map<String, HasMetadata> objects = new LinkedHashMap<>();
    final Map<Integer, Server> servers = new TreeMap<>();

    /** What survives on volumes: the data and links of each ordinal. */
    final Map<Integer, Map<String, Long>> volumes = new HashMap<>();

    final List<String> log = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();
    KeyDB keydb;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean mergeWorks = true;
    boolean podsStart = true;
    Optional<PasswordSource> passwordSource = Optional.empty();
    private int uids;
    private final Planner planner =
            new Planner("keydb-server:test", () -> new Password("generated" + ++uids));

    public SimulatedCluster(KeyDB keydb) {
        this.keydb = keydb;
    }

    Names names() {
        return Names.of(keydb);
    }

    /** What would be done now. */
    public Plan plan() {
        return planner.plan(observe(), now);
    }

    public Instant now() {
        return now;
    }

    public void setKeydb(KeyDB keydb) {
        this.keydb = keydb;
    }

    public void setPasswordSource(Optional<PasswordSource> source) {
        this.passwordSource = source;
    }

    Server server(int ordinal) {
        return Objects.requireNonNull(servers.get(ordinal));
    }

    <T extends HasMetadata> T object(Class<T> kind, String name) {
        return kind.cast(Objects.requireNonNull(objects.get(kind.getSimpleName() + "/" + name)));
    }

    /** One reconciliation, after which some time passes. */
    public Plan reconcile() {
        var plan = planner.plan(observe(), now);
        plan.steps().forEach(this::take);
        pass(Duration.ofMillis(500));
        return plan;
    }

    /** Reconciles until nothing is left to do; fails after two minutes of simulated time. */
    public void settle() {
        for (var i = 0; i < 240; i++) {
            if (reconcile().isSettled()) {
                return;
            }
        }
        throw new AssertionError("not settled: " + plan().waiting() + "\n" + dump());
    }

    String dump() {
        return String.join("\n", log);
    }

    public Observation observe() {
        var ordinals = new TreeSet<Integer>();
        for (var i = 0; i < keydb.getSpec().members(); i++) {
            ordinals.add(i);
        }
        ordinals.addAll(servers.keySet());
        objects.values().stream()
                .filter(StatefulSet.class::isInstance)
                .map(workload -> workload.getMetadata().getLabels().get(Labels.ORDINAL))
                .map(Integer::valueOf)
                .forEach(ordinals::add);
        var members = ordinals.stream().map(this::member).toList();
        var auth = Optional.ofNullable((Secret) objects.get("Secret/" + names().auth()));
        var source =
                passwordSource.orElseGet(
                        () ->
                                keydb.getSpec().auth().enabled()
                                        ? new PasswordSource.Generated()
                                        : new PasswordSource.Unused());
        return new Observation(keydb, members, List.copyOf(objects.values()), auth, source);
    }

    private Member member(int ordinal) {
        var server = Optional.ofNullable(servers.get(ordinal));
        var workload =
                Optional.ofNullable(
                        (StatefulSet) objects.get("StatefulSet/" + names().member(ordinal)));
        return new Member(
                ordinal,
                names().member(ordinal),
                workload,
                server.map(this::pod),
                server.filter(s -> s.isUp && !s.startedAt.plus(START).isAfter(now))
                        .map(s -> new Report(now, s.knowsPassword, info(s))),
                server.filter(s -> !s.isUp).map(s -> "Connection refused"),
                server.flatMap(s -> s.quiet));
    }

    private ReplicationInfo info(Server server) {
        if (!keydb.getSpec().topology().mode().isReplicated()) {
            return new ReplicationInfo(false, Optional.empty(), List.of(), ReplicationVector.EMPTY);
        }
        var links =
                server.links.keySet().stream()
                        .map(peer -> new Link(peer, Objects.requireNonNull(state(server, peer))))
                        .toList();
        return new ReplicationInfo(
                true, Optional.of(server.nodeId), links, new ReplicationVector(server.holds));
    }

    private @Nullable LinkState state(Server server, Endpoint peer) {
        var since = server.links.get(peer);
        if (since == null) {
            return null;
        }
        var ordinal = names().ordinalOf(peer);
        var other = ordinal.isPresent() ? servers.get(ordinal.getAsInt()) : null;
        if (other == null || !other.isUp || !mergeWorks) {
            return LinkState.CONNECTING;
        }
        var both = other.startedAt.isAfter(since) ? other.startedAt : since;
        return both.plus(MERGE).isAfter(now) ? LinkState.MERGING : LinkState.MERGED;
    }

    private Pod pod(Server server) {
        var pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(names().namespace())
                        .withName(names().pod(server.ordinal))
                        .withUid(server.uid)
                        .withLabels(server.labels)
                        .withAnnotations(server.annotations)
                        .withDeletionTimestamp(server.isTerminating ? now.toString() : null)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("node-" + server.ordinal)
                        .endSpec()
                        .build();
        pod.setStatus(
                new PodStatusBuilder()
                        .withPodIP("127.0.1." + (server.ordinal + 1))
                        .withConditions(ready(server))
                        .build());
        return pod;
    }

    private static PodCondition ready(Server server) {
        var since = server.readySince.or(() -> server.unreadySince).orElseThrow();
        return new PodConditionBuilder()
                .withType("Ready")
                .withStatus(server.isReady() ? "True" : "False")
                .withLastTransitionTime(since.toString())
                .build();
    }

    void take(Step step) {
        steps.add(step);
        log.add(now + " " + step.why().reason() + ": " + step.why().message());
        switch (step) {
            case Step.Apply apply -> objects.put(key(apply.object()), apply.object());
            case Step.Delete delete -> objects.remove(key(delete.object()));
            case Step.Route route -> route(route);
            case Step.Link link ->
                    server(link.member().ordinal()).links.putIfAbsent(link.peer(), now);
            case Step.Unlink unlink ->
                    server(unlink.member().ordinal()).links.remove(unlink.peer());
            case Step.Disconnect disconnect -> disconnect(server(disconnect.member().ordinal()));
            case Step.ChangePassword change ->
                    server(change.member().ordinal()).knowsPassword = true;
        }
    }

    private void route(Step.Route route) {
        for (var server : servers.values()) {
            if (server.uid.equals(route.pod().getMetadata().getUid())) {
                server.labels.put(Labels.SERVING, Boolean.toString(route.serving()));
                server.labels.put(Labels.WRITE, Boolean.toString(route.write()));
                if (route.serving()) {
                    server.quiet = Optional.empty();
                }
            }
        }
    }

    private void disconnect(Server server) {
        var disconnection = new Database.Disconnection(server.clients, info(server));
        server.quiet =
                disconnection.clients() > 0
                        ? Optional.empty()
                        : Optional.of(
                                new Quiet(
                                        server.quiet.map(Quiet::since).orElse(now),
                                        now.minusMillis(1),
                                        disconnection.replication()));
        server.clients = 0;
    }

    static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    /** A write that a client gives to a server, and that the server acknowledges. */
    public void write(int ordinal) {
        var server = server(ordinal);
        server.holds.merge(server.nodeId, 1L, Long::sum);
        volumes.put(ordinal, new HashMap<>(server.holds));
    }

    /** The process of a server dies; its pod stays and starts it again when told. */
    public void kill(int ordinal) {
        var server = server(ordinal);
        server.isUp = false;
        server.readySince = Optional.empty();
        server.unreadySince = Optional.of(now);
        log.add(now + " killed " + ordinal);
    }

    /** Time passes: pods start and end, servers merge, writes spread. */
    public void pass(Duration duration) {
        now = now.plus(duration);
        for (var object : List.copyOf(objects.values())) {
            if (object instanceof StatefulSet workload) {
                run(workload);
            }
        }
        servers.values().removeIf(this::isOrphan);
        for (var server : servers.values()) {
            becomeReady(server);
            spread(server);
        }
    }

    private void run(StatefulSet workload) {
        var ordinal = Integer.parseInt(workload.getMetadata().getLabels().get(Labels.ORDINAL));
        var server = servers.get(ordinal);
        if (server == null) {
            if (podsStart) {
                start(ordinal, workload);
            }
            return;
        }
        var hash = workload.getMetadata().getAnnotations().get(Labels.TEMPLATE_HASH);
        if (server.isTerminating) {
            servers.remove(ordinal);
        } else if (!Objects.equals(hash, server.annotations.get(Labels.TEMPLATE_HASH))) {
            server.isTerminating = true;
            server.isUp = false;
            server.readySince = Optional.empty();
            server.unreadySince = Optional.of(now);
            log.add(now + " terminating " + ordinal);
        }
    }

    private void start(int ordinal, StatefulSet workload) {
        var server = new Server(ordinal, "uid-" + ++uids, "node" + ordinal, workload, now);
        server.holds.putAll(volumes.computeIfAbsent(ordinal, key -> new HashMap<>()));
        servers.put(ordinal, server);
        log.add(now + " started " + ordinal);
    }

    private boolean isOrphan(Server server) {
        return !objects.containsKey("StatefulSet/" + names().member(server.ordinal));
    }

    private void becomeReady(Server server) {
        if (server.isUp && !server.isReady() && !server.startedAt.plus(START).isAfter(now)) {
            server.readySince = Optional.of(now);
        }
    }

    private void spread(Server server) {
        for (var peer : server.links.keySet()) {
            if (state(server, peer) == LinkState.MERGED) {
                var from = server(names().ordinalOf(peer).orElseThrow());
                from.holds.forEach((node, count) -> server.holds.merge(node, count, Math::max));
            }
        }
        volumes.put(server.ordinal, new HashMap<>(server.holds));
    }
}
