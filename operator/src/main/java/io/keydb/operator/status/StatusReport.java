package io.keydb.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.keydb.crd.v1alpha1.Endpoints;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.KeyDBStatus;
import io.keydb.crd.v1alpha1.MemberStatus;
import io.keydb.crd.v1alpha1.Phase;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.MemberState;
import io.keydb.operator.plan.Plan;
import io.keydb.operator.plan.Reason;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the status of a resource from what was observed, what was planned and which steps failed.
 *
 * <p>Threads: confined to one reconciliation.
 */
public final class StatusReport {
    private final Observation observation;
    private final LinkReport links;
    private final Plan plan;
    private final List<Finding> problems = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();
    private final Instant now;

    private StatusReport(Observation observation, Plan plan, List<Finding> failures, Instant now) {
        this.observation = observation;
        this.links = new LinkReport(observation);
        this.plan = plan;
        this.now = now;
        problems.addAll(plan.problems());
        waiting.addAll(plan.waiting());
        for (var failure : failures) {
            (failure.reason() == Reason.STEP_FAILED ? waiting : problems).add(failure);
        }
    }

    /** The status of a deployment that was observed and worked on. */
    public static KeyDBStatus of(
            Observation observation, Plan plan, List<Finding> failures, Instant now) {
        return new StatusReport(observation, plan, failures, now).status();
    }

    /**
     * The status of a resource that could not be worked on: what was known before, and what went
     * wrong.
     */
    public static KeyDBStatus ofError(KeyDB keydb, String message, Instant now) {
        var before =
                Optional.ofNullable(keydb.getStatus())
                        .orElseGet(
                                () ->
                                        new KeyDBStatus(
                                                null, null, List.of(), null, null, null, null, null,
                                                null, List.of()));
        var conditions = new Conditions(keydb, now);
        var reason = Reason.INTERNAL_ERROR.toString();
        conditions.add(Conditions.READY, false, reason, message);
        before.conditions().stream()
                .filter(condition -> !condition.getType().equals(Conditions.READY))
                .filter(condition -> !condition.getType().equals(Conditions.RECONCILING))
                .forEach(
                        kept ->
                                conditions.add(
                                        kept.getType(),
                                        kept.getStatus().equals("True"),
                                        kept.getReason(),
                                        kept.getMessage()));
        conditions.add(Conditions.RECONCILING, true, reason, message);
        return new KeyDBStatus(
                before.observedGeneration(),
                before.phase(),
                conditions.all(),
                before.replicas(),
                before.readyReplicas(),
                before.selector(),
                before.writeMember(),
                before.endpoints(),
                before.authSecret(),
                before.members());
    }

    private KeyDBStatus status() {
        var keydb = observation.keydb();
        var names = observation.names();
        var writers = members().filter(this::writes).toList();
        return new KeyDBStatus(
                keydb.getMetadata().getGeneration(),
                phase(),
                conditions(),
                (int) members().filter(Member::exists).count(),
                (int) members().filter(Member::isInService).count(),
                selector(names),
                writers.size() == 1 ? writers.getFirst().name() : null,
                new Endpoints(
                        names.service(names.readWrite()).toString(),
                        names.service(names.any()).toString()),
                keydb.getSpec().auth().enabled() ? names.auth() : null,
                members().map(this::member).toList());
    }

    private static String selector(Names names) {
        return new TreeMap<>(Labels.selectingCluster(names))
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    private Stream<Member> members() {
        return observation.members().stream();
    }

    private Stream<Member> wanted() {
        var wanted = observation.keydb().getSpec().members();
        return members().filter(member -> member.ordinal() < wanted);
    }

    private boolean writes(Member member) {
        return member.isInService() && member.isWriting();
    }

    private MemberState state(Member member) {
        return plan.states().getOrDefault(member.ordinal(), MemberState.PENDING);
    }

    private MemberStatus member(Member member) {
        return new MemberStatus(
                member.name(),
                member.ordinal(),
                observation.names().pod(member.ordinal()),
                member.pod().map(Pod::getSpec).map(spec -> spec.getNodeName()).orElse(null),
                member.report().flatMap(report -> report.replication().nodeId()).orElse(null),
                state(member).toString(),
                member.isReady(),
                member.isInService(),
                writes(member),
                member.restarts(),
                links.of(member));
    }

    private boolean isPaused() {
        return observation.keydb().getSpec().paused();
    }

    private boolean isAvailable() {
        return members().anyMatch(this::writes);
    }

    private boolean isComplete() {
        return wanted().allMatch(Member::isInService);
    }

    private Phase phase() {
        var hasLeaving = plan.states().containsValue(MemberState.LEAVING);
        var hasUpdating = plan.states().containsValue(MemberState.UPDATING);
        var isFresh = wanted().noneMatch(Member::hasJoined);
        if (isPaused()) {
            return Phase.PAUSED;
        }
        if (!problems.isEmpty()) {
            return Phase.STALLED;
        }
        if (isFresh) {
            return Phase.STARTING;
        }
        if (!isAvailable()) {
            return Phase.UNAVAILABLE;
        }
        if (hasUpdating) {
            return Phase.UPDATING;
        }
        if (hasLeaving || wanted().anyMatch(member -> !member.hasJoined())) {
            return Phase.SCALING;
        }
        return isComplete() && links.broken().isEmpty() ? Phase.RUNNING : Phase.DEGRADED;
    }

    private List<Condition> conditions() {
        var conditions = new Conditions(observation.keydb(), now);
        addReady(conditions);
        addAvailable(conditions);
        addReplicationHealthy(conditions);
        addDegraded(conditions);
        addReconciling(conditions);
        addStalled(conditions);
        conditions.add(
                Conditions.PAUSED,
                isPaused(),
                isPaused() ? "PausedByUser" : "NotPaused",
                isPaused() ? "spec.paused is true: nothing is changed" : "");
        return conditions.all();
    }

    private void addReady(Conditions conditions) {
        var broken = links.broken();
        if (!problems.isEmpty()) {
            add(conditions, Conditions.READY, false, problems);
        } else if (!isAvailable()) {
            var findings = waiting.isEmpty() ? List.of(nobody()) : waiting;
            add(conditions, Conditions.READY, false, findings);
        } else if (!waiting.isEmpty()) {
            add(conditions, Conditions.READY, false, waiting);
        } else if (!isComplete()) {
            conditions.add(Conditions.READY, false, "MembersMissing", serving());
        } else if (!broken.isEmpty()) {
            add(conditions, Conditions.READY, false, broken);
        } else {
            conditions.add(Conditions.READY, true, "AllMembersServing", serving());
        }
    }

    private String serving() {
        var serving = members().filter(Member::isInService).count();
        return serving + " of " + observation.keydb().getSpec().members() + " members serve";
    }

    private static Finding nobody() {
        return new Finding(Reason.WAITING_FOR_START, "no member takes writes");
    }

    private void addAvailable(Conditions conditions) {
        conditions.add(
                Conditions.AVAILABLE,
                isAvailable(),
                isAvailable() ? "TakesWrites" : "NoMemberTakesWrites",
                serving());
    }

    private void addReplicationHealthy(Conditions conditions) {
        var broken = links.broken();
        if (!broken.isEmpty()) {
            add(conditions, Conditions.REPLICATION_HEALTHY, false, broken);
            return;
        }
        var isReplicated = observation.keydb().getSpec().topology().mode().isReplicated();
        conditions.add(
                Conditions.REPLICATION_HEALTHY,
                true,
                isReplicated ? "LinksMerged" : "NotReplicated",
                "");
    }

    private void addDegraded(Conditions conditions) {
        var isDegraded = isAvailable() && !(isComplete() && links.broken().isEmpty());
        var reason = isComplete() ? "LinksMissing" : "MembersMissing";
        conditions.add(
                Conditions.DEGRADED,
                isDegraded,
                isDegraded ? reason : "NotDegraded",
                isDegraded ? serving() : "");
    }

    private void addReconciling(Conditions conditions) {
        var findings = new ArrayList<>(waiting);
        plan.steps().forEach(step -> findings.add(step.why()));
        if (findings.isEmpty()) {
            conditions.add(Conditions.RECONCILING, false, "Settled", "");
        } else {
            add(conditions, Conditions.RECONCILING, true, findings);
        }
    }

    private void addStalled(Conditions conditions) {
        if (problems.isEmpty()) {
            conditions.add(Conditions.STALLED, false, "NotStalled", "");
        } else {
            add(conditions, Conditions.STALLED, true, problems);
        }
    }

    /** The reason of the first finding, the messages of all. */
    private static void add(
            Conditions conditions, String type, boolean isTrue, List<Finding> findings) {
        var reason = findings.getFirst().reason().toString();
        var message =
                findings.stream()
                        .map(Finding::message)
                        .distinct()
                        .collect(Collectors.joining("; "));
        conditions.add(type, isTrue, reason, message);
    }

    /** The problems that the resource did not have before: worth an event each. */
    public static List<Finding> newProblems(KeyDB keydb, Plan plan, List<Finding> failures) {
        var known =
                Conditions.find(keydb, Conditions.STALLED)
                        .filter(stalled -> stalled.getStatus().equals("True"))
                        .map(stalled -> stalled.getMessage())
                        .orElse("");
        return Stream.concat(plan.problems().stream(), failures.stream())
                .filter(finding -> finding.reason() != Reason.STEP_FAILED)
                .filter(finding -> !known.contains(finding.message()))
                .toList();
    }
}
