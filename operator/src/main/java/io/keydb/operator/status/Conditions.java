package io.keydb.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of one status. Times of transition are kept where a condition keeps its value.
 *
 * <p>Threads: confined to one report.
 */
final class Conditions {
    /**
     * All that is well: every wanted member serves, all links are merged, nothing is to be done.
     */
    static final String READY = "Ready";

    /** Clients can read and write now. */
    static final String AVAILABLE = "Available";

    /** Every member receives the writes of every other one. */
    static final String REPLICATION_HEALTHY = "ReplicationHealthy";

    /** Clients are served, but something is missing. */
    static final String DEGRADED = "Degraded";

    /** The operator has something to do or to wait for. */
    static final String RECONCILING = "Reconciling";

    /** The user has to correct something. */
    static final String STALLED = "Stalled";

    /** The user told the operator to change nothing. */
    static final String PAUSED = "Paused";

    private static final int MAX_MESSAGE = 1024;

    private final KeyDB keydb;
    private final String now;
    private final List<Condition> conditions = new ArrayList<>();

    Conditions(KeyDB keydb, Instant now) {
        this.keydb = keydb;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    void add(String type, boolean isTrue, String reason, String message) {
        var status = isTrue ? "True" : "False";
        var since =
                find(keydb, type)
                        .filter(before -> before.getStatus().equals(status))
                        .map(Condition::getLastTransitionTime)
                        .orElse(now);
        conditions.add(
                new ConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withReason(reason)
                        .withMessage(message.substring(0, Math.min(message.length(), MAX_MESSAGE)))
                        .withObservedGeneration(keydb.getMetadata().getGeneration())
                        .withLastTransitionTime(since)
                        .build());
    }

    List<Condition> all() {
        return List.copyOf(conditions);
    }

    /** A condition the resource has now. */
    static Optional<Condition> find(KeyDB keydb, String type) {
        return Optional.ofNullable(keydb.getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
