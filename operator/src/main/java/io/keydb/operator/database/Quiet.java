package io.keydb.operator.database;

import java.time.Instant;

/**
 * What is known of a member that clients are being taken off.
 *
 * @param since since when each look found no client
 * @param last when the last look was
 * @param replication what the member held after the last look: all it will ever hold, as long as no
 *     client comes back
 *     <p>Threads: immutable.
 */
public record Quiet(Instant since, Instant last, ReplicationInfo replication) {}
