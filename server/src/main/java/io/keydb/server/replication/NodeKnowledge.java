package io.keydb.server.replication;

import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import java.util.Optional;

/**
 * What is known of one active node: what it has, and how far its past is closed.
 *
 * <p>As text: {@code node:run|contact|forgotten|clock|stable|vector}.
 *
 * <p>Threads: immutable; nobody changes the vector.
 *
 * @param origin the node in its latest run
 * @param contactMillis when somebody last linked with it, or it with somebody; 0 if that is not
 *     known
 * @param forgottenMillis when a link to it was last removed for good, 0 if never
 * @param clock all units it will write have later stamps
 * @param stable it has all units of all nodes with stamps up to this one
 * @param vector what it has
 */
record NodeKnowledge(
        Origin origin,
        long contactMillis,
        long forgottenMillis,
        long clock,
        long stable,
        VersionVector vector) {

    private static final int PARTS = 6;

    NodeId node() {
        return origin.node();
    }

    /**
     * Whether the node still belongs to those who must have seen a change before it may be
     * forgotten.
     */
    boolean isMember() {
        return contactMillis > forgottenMillis;
    }

    /** The newer of the two, part by part. */
    NodeKnowledge join(NodeKnowledge other) {
        long contact = Math.max(contactMillis, other.contactMillis);
        long forgotten = Math.max(forgottenMillis, other.forgottenMillis);
        if (origin.run() != other.origin.run()) {
            NodeKnowledge newer = origin.run() > other.origin.run() ? this : other;
            return new NodeKnowledge(
                    newer.origin, contact, forgotten, newer.clock, newer.stable, newer.vector);
        }
        VersionVector joined = vector.copy();
        joined.join(other.vector);
        // Clock and vector were read together; a later clock never comes with an earlier vector.
        return new NodeKnowledge(
                origin,
                contact,
                forgotten,
                Math.max(clock, other.clock),
                Math.max(stable, other.stable),
                joined);
    }

    @Override
    public String toString() {
        return origin
                + "|"
                + contactMillis
                + "|"
                + forgottenMillis
                + "|"
                + clock
                + "|"
                + stable
                + "|"
                + vector;
    }

    static Optional<NodeKnowledge> parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        Optional<Origin> origin = origin(parts[0]);
        Optional<VersionVector> vector = VersionVector.parse(parts[5]);
        if (origin.isEmpty() || vector.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new NodeKnowledge(
                            origin.get(),
                            Long.parseLong(parts[1]),
                            Long.parseLong(parts[2]),
                            Long.parseLong(parts[3]),
                            Long.parseLong(parts[4]),
                            vector.get()));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /** The origin that {@code node:run} names. */
    static Optional<Origin> origin(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || !NodeId.isValid(text.substring(0, colon))) {
            return Optional.empty();
        }
        try {
            long run = Long.parseLong(text.substring(colon + 1));
            return run < 0
                    ? Optional.empty()
                    : Optional.of(new Origin(new NodeId(text.substring(0, colon)), run));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }
}
