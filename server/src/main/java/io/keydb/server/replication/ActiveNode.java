package io.keydb.server.replication;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.VersionVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An active node: its links to peers, and the knowledge that lets it forget deletions.
 *
 * <p>Links made at run time are kept in {@link LinksFile} and made again at the next start; those
 * of the configuration are made at every start.
 *
 * <p>Threads: safe; links are changed under the monitor.
 */
final class ActiveNode {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveNode.class);

    private final Keyspace keyspace;
    private final OrderedLog log;
    private final HybridClock clock;
    private final KnownNodes nodes;
    private final Tombstones tombstones;
    private final LinksFile file;
    private final boolean isMultiMaster;
    private final List<PeerLink> links = new CopyOnWriteArrayList<>();
    private final List<Upstream> madeAtRunTime = new ArrayList<>();
    private final LinkMaker maker;
    private volatile long closedClock;
    private volatile long stable;

    /** Makes a link. */
    interface LinkMaker {
        PeerLink make(Upstream upstream, boolean isFromStart);
    }

    /** What the node is made of. */
    record Parts(
            Keyspace keyspace,
            OrderedLog log,
            HybridClock clock,
            KnownNodes nodes,
            LinksFile file,
            LongSupplier memoryLimit) {}

    ActiveNode(Parts parts, boolean isMultiMaster, LinkMaker maker) {
        this.keyspace = parts.keyspace();
        this.log = parts.log();
        this.clock = parts.clock();
        this.nodes = parts.nodes();
        this.file = parts.file();
        this.tombstones = new Tombstones(keyspace, parts.memoryLimit());
        this.isMultiMaster = isMultiMaster;
        this.maker = maker;
    }

    List<PeerLink> links() {
        return links;
    }

    long tombstones() {
        return tombstones.count();
    }

    /** Makes the links of the configuration and those that were kept. */
    synchronized void start(List<Upstream> configured) throws IOException {
        madeAtRunTime.addAll(file.read());
        for (Upstream upstream : configured) {
            addLink(upstream, true);
        }
        for (Upstream upstream : madeAtRunTime) {
            if (find(upstream) == null) {
                addLink(upstream, true);
            }
        }
    }

    synchronized void stop() {
        links.forEach(PeerLink::close);
        links.clear();
    }

    /** REPLICAOF host port; false when there is such a link already. */
    synchronized boolean add(Upstream upstream) {
        if (find(upstream) != null) {
            return false;
        }
        if (!isMultiMaster) {
            removeAll();
        }
        madeAtRunTime.add(upstream);
        addLink(upstream, false);
        keep();
        return true;
    }

    /** REPLICAOF REMOVE host port; false when there is no such link. */
    synchronized boolean remove(Upstream upstream) {
        PeerLink link = find(upstream);
        if (link == null) {
            return false;
        }
        drop(link);
        keep();
        return true;
    }

    /** REPLICAOF NO ONE. */
    synchronized void removeEvery() {
        removeAll();
        keep();
    }

    private void removeAll() {
        for (PeerLink link : links) {
            drop(link);
        }
    }

    private void drop(PeerLink link) {
        links.remove(link);
        madeAtRunTime.removeIf(kept -> kept.isSame(link.upstream().host(), link.upstream().port()));
        link.close();
        NodeId peer = link.peer();
        if (peer != null) {
            nodes.forget(peer, keyspace.clock().millis());
        }
        LOG.info("Link to {} removed", link.upstream());
    }

    private void addLink(Upstream upstream, boolean isFromStart) {
        PeerLink link = maker.make(upstream, isFromStart);
        links.add(link);
        link.open();
    }

    private @Nullable PeerLink find(Upstream upstream) {
        for (PeerLink link : links) {
            if (link.upstream().isSame(upstream.host(), upstream.port())) {
                return link;
            }
        }
        return null;
    }

    private void keep() {
        try {
            file.write(madeAtRunTime);
        } catch (IOException failed) {
            LOG.warn("The links could not be kept for the next start: {}", failed.getMessage());
        }
    }

    /** Every second: closes the past as far as it goes, and acknowledges. */
    void beat() {
        long latest = clock.follow();
        awaitUnitsInFlight();
        VersionVector vector = log.vector();
        closedClock = Math.max(closedClock, latest);
        stable = Math.max(stable, nodes.stable(vector, closedClock));
        nodes.own(own(vector));
        nodes.look(keyspace.clock().millis());
        tombstones.collect(nodes.stableEverywhere());
        nodes.closedRuns(vector).forEach(log::raiseFloor);
        links.forEach(PeerLink::beat);
    }

    /**
     * A unit gets its stamp and goes to the log under the locks of its partitions. So when every
     * lock was free once, all units with earlier stamps are in the log.
     */
    private void awaitUnitsInFlight() {
        for (int i = 0; i < keyspace.partitions(); i++) {
            keyspace.partition(i).lock();
            keyspace.partition(i).unlock();
        }
    }

    /** What this node has now, and what it knows of others. */
    String knowledge() {
        nodes.own(own(log.vector()));
        return nodes.text();
    }

    /**
     * The vector may be newer than the clock: all units up to the clock are in it. Whether it is a
     * member is for those to say who link with it.
     */
    private NodeKnowledge own(VersionVector vector) {
        return new NodeKnowledge(log.origins().own(), 0, 0, closedClock, stable, vector);
    }
}
