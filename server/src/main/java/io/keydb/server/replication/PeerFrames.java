package io.keydb.server.replication;

import io.keydb.server.log.HybridClock;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog.RemoteUnit;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import io.keydb.server.memory.Memory;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the frames of one connection to a peer: applies units, merges snapshots, learns what the
 * peer knows. Lives as long as the connection.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class PeerFrames implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerFrames.class);
    private static final int LONGEST_STRING = 1 << 30;
    private static final int MOST_ORIGINS = 1 << 16;

    private final PeerContext context;
    private final NodeId peer;
    private final UnitApplier applier;
    private final Map<Integer, Integer> origins = new HashMap<>();
    private final Runnable acknowledge;
    private @Nullable RdbReader snapshot;
    private @Nullable MergeVisitor merge;
    private @Nullable VersionVector target;
    private boolean hasWarnedOfDrift;
    private boolean isHeldUp;

    PeerFrames(PeerContext context, NodeId peer, Runnable acknowledge) {
        this.context = context;
        this.peer = peer;
        this.applier = new UnitApplier(context.shared(), false);
        this.acknowledge = acknowledge;
    }

    /** What the peer had when the link was made; null before it has told. */
    @Nullable VersionVector target() {
        return target;
    }

    /** Whether a frame could not be taken, as somebody has the locks; it is to come again. */
    boolean isHeldUp() {
        return isHeldUp;
    }

    /**
     * Takes all complete frames, up to one that is held up.
     *
     * @return how many bytes they are
     */
    int take(long address, int length) throws PeerProtocolException {
        int taken = 0;
        isHeldUp = false;
        while (length - taken >= PeerFrame.HEADER) {
            long frame = address + taken;
            int bodyLength = PeerFrame.length(frame);
            if (bodyLength < 0 || bodyLength > PeerFrame.LONGEST) {
                throw new PeerProtocolException("a frame of " + bodyLength + " bytes");
            }
            if (length - taken - PeerFrame.HEADER < bodyLength) {
                break;
            }
            take(PeerFrame.kind(frame), PeerFrame.body(frame), bodyLength);
            if (isHeldUp) {
                break;
            }
            taken += PeerFrame.HEADER + bodyLength;
        }
        return taken;
    }

    private void take(int kind, long body, int length) throws PeerProtocolException {
        switch (kind) {
            case PeerFrame.GREETING -> target = vector(text(body, length));
            case PeerFrame.ORIGIN -> origin(body, length);
            case PeerFrame.UNIT -> unit(body, length);
            case PeerFrame.SNAPSHOT -> snapshot(body, length);
            case PeerFrame.KNOWLEDGE -> {
                if (context.nodes().learn(text(body, length), peer).isEmpty()) {
                    throw new PeerProtocolException("malformed knowledge");
                }
            }
            case PeerFrame.ACK_WANTED -> acknowledge.run();
            default -> throw new PeerProtocolException("a frame of the unknown kind " + kind);
        }
    }

    private void origin(long body, int length) throws PeerProtocolException {
        require(length > 4 && origins.size() < MOST_ORIGINS);
        Origin origin =
                NodeKnowledge.origin(text(body + 4, length - 4))
                        .orElseThrow(() -> new PeerProtocolException("a malformed origin"));
        origins.put(Memory.getInt(body), context.log().origins().number(origin));
    }

    private void unit(long body, int length) throws PeerProtocolException {
        require(length > PeerFrame.UNIT_HEADER);
        Integer origin = origins.get(PeerFrame.unitOrigin(body));
        if (origin == null) {
            throw new PeerProtocolException("a unit of an origin that was not announced");
        }
        long stamp = PeerFrame.unitStamp(body);
        observe(stamp);
        RemoteUnit unit = new RemoteUnit(origin, PeerFrame.unitNumber(body), stamp);
        UnitApplier.Outcome outcome =
                applier.apply(
                        unit,
                        PeerFrame.unitDatabase(body),
                        body + PeerFrame.UNIT_HEADER,
                        length - PeerFrame.UNIT_HEADER);
        isHeldUp = outcome == UnitApplier.Outcome.NOT_NOW;
        if (outcome == UnitApplier.Outcome.GAP) {
            throw new PeerProtocolException(
                    "unit "
                            + unit.number()
                            + " of "
                            + context.log().origins().origin(origin)
                            + ", but the one before is missing");
        }
    }

    private void observe(long stamp) throws PeerProtocolException {
        HybridClock clock = context.clock();
        if (clock.isAbsurd(stamp)) {
            throw new PeerProtocolException(
                    "a stamp more than a day ahead of this machine's clock; check the clocks");
        }
        if (!hasWarnedOfDrift && clock.driftMillis(stamp) > HybridClock.WARN_DRIFT_MILLIS) {
            hasWarnedOfDrift = true;
            LOG.warn(
                    "The clock of node {} is {} ms ahead of ours; its writes win over ours until"
                            + " ours has caught up",
                    peer,
                    clock.driftMillis(stamp));
        }
        clock.observe(stamp);
    }

    private void snapshot(long body, int length) throws PeerProtocolException {
        RdbReader reader = snapshot;
        MergeVisitor visitor = merge;
        if (reader == null || visitor == null) {
            visitor = new MergeVisitor(context.shared(), context.clock());
            reader = new RdbReader(context.shared().keyspace().pages(), visitor, LONGEST_STRING);
            merge = visitor;
            snapshot = reader;
        }
        try {
            require(reader.feed(body, length) == length);
        } catch (RdbException refused) {
            throw new PeerProtocolException(
                    "a snapshot that cannot be merged: " + refused.getMessage());
        }
        if (visitor.isComplete()) {
            merged(visitor);
        }
    }

    private void merged(MergeVisitor visitor) {
        context.log().merged(visitor.vector());
        if (visitor.changedKeys() > 0) {
            context.shared().historyBroken().run();
        }
        LOG.info("Merged with node {}: {} keys taken over", peer, visitor.changedKeys());
        endSnapshot();
    }

    private void endSnapshot() {
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
        if (merge != null) {
            merge.close();
            merge = null;
        }
    }

    private static VersionVector vector(String text) throws PeerProtocolException {
        return VersionVector.parse(text)
                .orElseThrow(() -> new PeerProtocolException("a malformed vector"));
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.US_ASCII);
    }

    private static void require(boolean holds) throws PeerProtocolException {
        if (!holds) {
            throw new PeerProtocolException("a malformed frame");
        }
    }

    @Override
    public void close() {
        endSnapshot();
        applier.close();
    }
}
