package io.keydb.server.replication;

import io.keydb.server.support.Readiness;
import java.util.Optional;

/**
 * Whether a node has what its peers have: it is not loading, and every link it has from its
 * configuration or from before a restart has been merged once since the process started.
 *
 * <p>A peer that cannot be reached for half a minute after the start no longer stands against it,
 * and a node that was merged once stays so, whoever goes away later.
 *
 * <p>Threads: safe.
 */
final class ReplicationReadiness implements Readiness {
    /** How long after the start a peer that does not answer is waited for. */
    static final long MOST_WAIT_MILLIS = 30_000;

    private final Replication replication;

    ReplicationReadiness(Replication replication) {
        this.replication = replication;
    }

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public Optional<String> objection() {
        if (replication.isLoading()) {
            return Optional.of("the data set is being loaded");
        }
        PrimaryLink primary = replication.primary();
        if (primary != null && !primary.wasUp()) {
            return Optional.of("not synchronised with primary " + primary.upstream() + " yet");
        }
        boolean mayWait =
                replication.clock().millis() - replication.startMillis() < MOST_WAIT_MILLIS;
        for (PeerLink link : replication.links()) {
            boolean isReached = link.state() != LinkState.CONNECTING;
            if (link.isFromStart() && !link.wasMerged() && (mayWait || isReached)) {
                return Optional.of("not merged with " + link.upstream() + " yet");
            }
        }
        return Optional.empty();
    }
}
