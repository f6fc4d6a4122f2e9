package io.keydb.server.replication;

import io.keydb.server.log.HybridClock;
import io.keydb.server.log.OrderedLog;
import java.util.function.Supplier;

/**
 * What all links of an active node share.
 *
 * <p>Threads: immutable.
 *
 * @param ownKnowledge what this node has now and what it knows of others, as text
 */
record PeerContext(
        UnitApplier.Shared shared,
        HybridClock clock,
        KnownNodes nodes,
        LinkSettings settings,
        Supplier<String> ownKnowledge) {

    OrderedLog log() {
        return shared.log();
    }
}
