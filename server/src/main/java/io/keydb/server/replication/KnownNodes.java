package io.keydb.server.replication;

import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What this node knows of all active nodes it is linked with, directly or through others. It
 * travels with heartbeats and acknowledgements, so in a ring, too, everybody hears of everybody.
 *
 * <p>It answers one question: up to which stamp the past is closed. A node has everything up to its
 * <i>stable</i> stamp when it has all that any member has told to have, and no member can write
 * anything earlier. When that holds for every member, tombstones up to the least of these stamps
 * have done their work.
 *
 * <p>A node that was linked stays a member while it is away, so what is deleted meanwhile stays
 * deleted when it returns; {@code REPLICAOF REMOVE} ends the membership, and that is passed on,
 * too.
 *
 * <p>Threads: safe; all methods hold the monitor.
 */
final class KnownNodes {
    private static final int MOST_NODES = 1_000;

    /** A node whose clock has stood still for so long is not alive. */
    static final long MOST_SILENT_MILLIS = 15_000;

    private final NodeId own;
    private final Map<NodeId, NodeKnowledge> nodes = new TreeMap<>();
    private final Map<NodeId, SignOfLife> signsOfLife = new TreeMap<>();

    /** The clock that a node has told last, and when that was new here. */
    private record SignOfLife(long clock, long millis) {}

    KnownNodes(NodeId own) {
        this.own = own;
    }

    /**
     * A node has connected, or was connected to. Only that makes a member: a removed node that is
     * still alive and goes on reading must not become one again by itself.
     */
    synchronized void contact(Origin origin, long nowMillis) {
        if (!origin.node().equals(own)) {
            NodeKnowledge known = nodes.get(origin.node());
            // Whoever forgot it may have had another clock.
            long contact =
                    known == null ? nowMillis : Math.max(nowMillis, known.forgottenMillis() + 1);
            put(new NodeKnowledge(origin, contact, 0, 0, 0, new VersionVector()));
        }
    }

    /**
     * Looks who is alive: the clock of a node goes on for as long as it runs, and its progress
     * travels to everybody. Every second.
     */
    synchronized void look(long nowMillis) {
        for (NodeKnowledge knowledge : nodes.values()) {
            SignOfLife last = signsOfLife.get(knowledge.node());
            if (last == null || last.clock() != knowledge.clock()) {
                signsOfLife.put(knowledge.node(), new SignOfLife(knowledge.clock(), nowMillis));
            }
        }
    }

    /**
     * Whether this node does what is that node's to do: its own, and that of a node that is not
     * alive, when no living member has a lesser id.
     */
    synchronized boolean actsFor(NodeId node, long nowMillis) {
        if (node.equals(own)) {
            return true;
        }
        if (isAlive(node, nowMillis)) {
            return false;
        }
        for (NodeId other : nodes.keySet()) {
            if (other.compareTo(own) < 0 && isAlive(other, nowMillis)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAlive(NodeId node, long nowMillis) {
        NodeKnowledge knowledge = nodes.get(node);
        SignOfLife last = signsOfLife.get(node);
        return knowledge != null
                && knowledge.isMember()
                && (last == null || nowMillis - last.millis() < MOST_SILENT_MILLIS);
    }

    /** The node is no longer part of the group. */
    synchronized void forget(NodeId node, long nowMillis) {
        NodeKnowledge known = nodes.get(node);
        if (known != null) {
            long forgotten = Math.max(nowMillis, known.contactMillis());
            nodes.put(
                    node,
                    new NodeKnowledge(
                            known.origin(),
                            known.contactMillis(),
                            forgotten,
                            known.clock(),
                            known.stable(),
                            known.vector()));
        }
    }

    /** Notes what this node has now. */
    synchronized void own(NodeKnowledge knowledge) {
        put(knowledge);
    }

    /**
     * Takes over what another node knows.
     *
     * @return what it says of itself; empty when the text is malformed
     */
    synchronized Optional<NodeKnowledge> learn(String text, NodeId from) {
        List<NodeKnowledge> told = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            Optional<NodeKnowledge> knowledge = NodeKnowledge.parse(part);
            if (knowledge.isEmpty() || told.size() > MOST_NODES) {
                return Optional.empty();
            }
            told.add(knowledge.get());
        }
        Optional<NodeKnowledge> itself = Optional.empty();
        for (NodeKnowledge knowledge : told) {
            if (knowledge.node().equals(from)) {
                itself = Optional.of(knowledge);
            }
            if (!knowledge.node().equals(own)) {
                put(knowledge);
            }
        }
        return itself;
    }

    /** All that is known, to be passed on. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        for (NodeKnowledge knowledge : nodes.values()) {
            if (!text.isEmpty()) {
                text.append(';');
            }
            text.append(knowledge);
        }
        return text.toString();
    }

    /**
     * Up to which stamp this node has everything: the least clock of all members, provided that it
     * has all that they have.
     *
     * @param vector what this node has
     * @param clock a stamp that all its future units exceed
     * @return the stamp, or 0 when something is still missing
     */
    synchronized long stable(VersionVector vector, long clock) {
        long stable = clock;
        for (NodeKnowledge knowledge : nodes.values()) {
            if (knowledge.isMember() && !knowledge.node().equals(own)) {
                if (!vector.covers(knowledge.vector())) {
                    return 0;
                }
                stable = Math.min(stable, knowledge.clock());
            }
        }
        return stable;
    }

    /** Up to which stamp all members have everything. */
    synchronized long stableEverywhere() {
        long stable = Long.MAX_VALUE;
        for (NodeKnowledge knowledge : nodes.values()) {
            if (knowledge.isMember() || knowledge.node().equals(own)) {
                stable = Math.min(stable, knowledge.stable());
            }
        }
        return stable == Long.MAX_VALUE ? 0 : stable;
    }

    /**
     * The runs of which all members have the same units, and which will write no more because the
     * node has begun a later one: for each node the number of the first run that is still of
     * interest.
     */
    synchronized Map<NodeId, Long> closedRuns(VersionVector vector) {
        Map<NodeId, Long> closed = new TreeMap<>();
        Map<NodeId, Long> latest = new TreeMap<>();
        // A run that is open keeps all later ones of its node; runs come in their order.
        Set<NodeId> open = new TreeSet<>();
        vector.numbers().keySet().forEach(origin -> latest.put(origin.node(), origin.run()));
        for (Map.Entry<Origin, Long> entry : vector.numbers().entrySet()) {
            Origin origin = entry.getKey();
            NodeId node = origin.node();
            boolean isOpen = open.contains(node) || origin.run() == latest.getOrDefault(node, 0L);
            if (isOpen || !isEverywhere(origin, entry.getValue())) {
                open.add(node);
            } else {
                closed.put(node, origin.run() + 1);
            }
        }
        return closed;
    }

    private boolean isEverywhere(Origin origin, long number) {
        for (NodeKnowledge knowledge : nodes.values()) {
            if (knowledge.isMember()
                    && !knowledge.node().equals(own)
                    && (!knowledge.vector().covers(origin, number)
                            || knowledge.vector().last(origin) > number)) {
                return false;
            }
        }
        return true;
    }

    private void put(NodeKnowledge knowledge) {
        nodes.merge(knowledge.node(), knowledge, NodeKnowledge::join);
    }
}
