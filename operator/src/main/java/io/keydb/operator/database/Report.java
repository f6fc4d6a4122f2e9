package io.keydb.operator.database;

import java.time.Instant;

/**
 * What a member answered when it was asked last.
 *
 * @param askedAt when the question was sent: what the member did before is in the answer
 * @param knowsPassword false while the member still has the password before the current one
 *     <p>Threads: immutable.
 */
public record Report(Instant askedAt, boolean knowsPassword, ReplicationInfo replication) {
    /**
     * Whether another report tells the planner nothing new; positions move all the time and do not
     * count.
     */
    boolean isLike(Report other) {
        return knowsPassword == other.knowsPassword
                && replication.isActive() == other.replication.isActive()
                && replication.nodeId().equals(other.replication.nodeId())
                && replication.links().equals(other.replication.links());
    }
}
