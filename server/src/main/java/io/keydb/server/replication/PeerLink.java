package io.keydb.server.replication;

import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import io.keydb.server.net.LinkHandler;
import io.keydb.server.net.OutboundLink;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link of an active node to a peer that it reads from. Connects, introduces itself, tells what
 * it has, takes what it lacks, and begins anew when the connection is lost, until it is closed.
 *
 * <pre>
 *   CONNECTING --connected--> HANDSHAKE --+KEYDBSTREAM--> MERGING --vector reached--> MERGED
 *       ^                                                                               |
 *       +------------------------------- lost, refused, timed out ---------------------+
 * </pre>
 *
 * A link that leads to this node itself is noticed by the node's id; it is kept, and tried now and
 * then, because names change.
 *
 * <p>Threads: confined to the event loop of the current connection; the volatile fields are read by
 * any thread. {@link #open} and {@link #close} from any thread.
 */
final class PeerLink implements LinkHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final int FAILURES_WHEN_SELF = 20;

    /**
     * Peers send something every second; {@code repl-timeout} may make this shorter, not longer.
     */
    private static final long MOST_SILENT_MILLIS = 15_000;

    private final Upstream upstream;
    private final PeerContext context;
    private Redelivery redelivery = new Redelivery();
    private final Connector connector;
    private final Origin own;
    private final boolean isFromStart;
    private volatile LinkState state = LinkState.CONNECTING;
    private volatile @Nullable OutboundLink connection;
    private volatile @Nullable NodeId peer;
    private volatile long lastHeardMillis;
    private volatile boolean wasMerged;
    private volatile boolean isClosed;
    private volatile int failures;
    private @Nullable Handshake handshake;
    private @Nullable PeerFrames frames;
    private String lastTrouble = "";

    /**
     * @param isFromStart whether the node had it when it started
     */
    PeerLink(Upstream upstream, PeerContext context, Connector connector, boolean isFromStart) {
        this.isFromStart = isFromStart;
        this.upstream = upstream;
        this.context = context;
        this.connector = connector;
        this.own = context.log().origins().own();
    }

    Upstream upstream() {
        return upstream;
    }

    /** Whether the node had it when it started. */
    boolean isFromStart() {
        return isFromStart;
    }

    LinkState state() {
        return state;
    }

    /** The node at the other end; null before it has introduced itself. */
    @Nullable NodeId peer() {
        return peer;
    }

    /** Whether it has been merged since this process started. */
    boolean wasMerged() {
        return wasMerged;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    void open() {
        lastHeardMillis = now();
        connector.connect(upstream, failures, this, this::failed);
    }

    void close() {
        isClosed = true;
        OutboundLink current = connection;
        if (current != null) {
            current.close();
        }
    }

    /** Sends an acknowledgement, and gives a silent connection up. Any thread. */
    void beat() {
        OutboundLink current = connection;
        if (current == null) {
            return;
        }
        long timeout = Math.min(MOST_SILENT_MILLIS, context.settings().timeoutMillis());
        if (now() - lastHeardMillis > timeout) {
            LOG.warn("Node {} was silent for too long; connecting anew", upstream);
            current.close();
        } else {
            current.eventLoop().execute(this::acknowledge);
        }
    }

    @Override
    public void connected(OutboundLink link) {
        if (isClosed) {
            link.close();
            return;
        }
        connection = link;
        redelivery = new Redelivery();
        state = LinkState.HANDSHAKE;
        lastHeardMillis = now();
        VersionVector vector = context.log().vector();
        Handshake opening =
                Handshake.active(
                        context.settings(),
                        new Handshake.Introduction(own.toString(), vector.toString()));
        handshake = opening;
        link.send(opening.request());
    }

    @Override
    public int received(OutboundLink link, long address, int length) {
        lastHeardMillis = now();
        int taken = 0;
        try {
            Handshake opening = handshake;
            while (opening != null && taken < length) {
                String line = LineReader.line(address + taken, length - taken);
                if (line == null) {
                    return taken;
                }
                taken += LineReader.lengthWithEnd(address + taken);
                answered(link, opening, line);
                opening = handshake;
            }
            PeerFrames current = frames;
            if (current != null) {
                taken += current.take(address + taken, length - taken);
                checkMerged(current);
                if (current.isHeldUp()) {
                    redelivery.soon(link, length - taken);
                } else {
                    redelivery.done(link);
                }
            }
            return taken;
        } catch (PeerProtocolException refused) {
            trouble(refused.reason());
            link.close();
            return length;
        }
    }

    private void answered(OutboundLink link, Handshake opening, String line)
            throws PeerProtocolException {
        if (line.isEmpty()) {
            return;
        }
        if (opening.isAtPsync()) {
            if (!line.startsWith(Handshake.STREAM_REPLY)) {
                throw new PeerProtocolException("it answered PSYNC with: " + line);
            }
            begin();
            return;
        }
        Optional<String> refusal = opening.answered(line);
        if (refusal.isPresent()) {
            throw new PeerProtocolException(refusal.get());
        }
        if (!opening.peerName().isEmpty() && peerOf(opening).equals(own.node())) {
            failures = FAILURES_WHEN_SELF;
            throw new PeerProtocolException("this is the node itself");
        }
        link.send(opening.request());
    }

    private static NodeId peerOf(Handshake opening) throws PeerProtocolException {
        return NodeKnowledge.origin(opening.peerName())
                .orElseThrow(() -> new PeerProtocolException("it has no node id"))
                .node();
    }

    private void begin() throws PeerProtocolException {
        Handshake opening = Objects.requireNonNull(handshake);
        Origin origin = NodeKnowledge.origin(opening.peerName()).orElseThrow();
        handshake = null;
        peer = origin.node();
        context.nodes().contact(origin, now());
        frames = new PeerFrames(context, origin.node(), this::acknowledge);
        state = LinkState.MERGING;
    }

    private void checkMerged(PeerFrames current) {
        if (state == LinkState.MERGING) {
            VersionVector target = current.target();
            if (target != null && context.log().vector().covers(target)) {
                state = LinkState.MERGED;
                wasMerged = true;
                failures = 0;
                lastTrouble = "";
                LOG.info("Linked with node {} at {}", peer, upstream);
                acknowledge();
            }
        }
    }

    private void acknowledge() {
        OutboundLink current = connection;
        if (current != null && frames != null) {
            current.send(
                    Handshake.encode(
                            List.of("REPLCONF", Handshake.ACK_WORD, context.ownKnowledge().get())));
        }
    }

    @Override
    public void closed(OutboundLink link, @Nullable Throwable cause) {
        connection = null;
        handshake = null;
        PeerFrames current = frames;
        frames = null;
        if (current != null) {
            current.close();
        }
        boolean wasUp = state == LinkState.MERGED;
        state = LinkState.CONNECTING;
        if (isClosed) {
            return;
        }
        if (wasUp) {
            LOG.warn("Link to node {} at {} lost; connecting anew", peer, upstream);
        }
        lost(
                cause == null ? "the connection was closed" : String.valueOf(cause.getMessage()),
                wasUp);
    }

    private void failed(String reason) {
        lost(reason, false);
    }

    private void lost(String reason, boolean isToldAlready) {
        if (isClosed) {
            return;
        }
        if (failures == 0 && !isToldAlready) {
            LOG.info("No link to {} yet: {}; trying again", upstream, reason);
        }
        failures++;
        connector.connect(upstream, failures, this, this::failed);
    }

    /** Says once what stands against the link. */
    private void trouble(String reason) {
        if (!reason.equals(lastTrouble)) {
            lastTrouble = reason;
            LOG.warn("No link with {}: {}", upstream, reason);
        }
    }

    private long now() {
        return context.shared().keyspace().clock().millis();
    }
}
