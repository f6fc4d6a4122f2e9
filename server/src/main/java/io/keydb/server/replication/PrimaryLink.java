package io.keydb.server.replication;

import io.keydb.server.command.Condition;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.ReplicationIds;
import io.keydb.server.net.AddressText;
import io.keydb.server.net.LinkHandler;
import io.keydb.server.net.OutboundLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link of a plain replica to its primary: a stock server, or one of ours.
 *
 * <pre>
 *   CONNECT --connected--> HANDSHAKE --+FULLRESYNC--> SYNC --loaded--> CONNECTED
 *      ^                             \--> +CONTINUE: -------------------> CONNECTED
 *      +----------- lost, refused, timed out, retry later ------------------+
 * </pre>
 *
 * A full sync is received beside the data that are there ({@link FullSyncs}); while it is loaded
 * the server answers LOADING. After a link was lost the replica asks for what it missed by the
 * history and offset it has reached.
 *
 * <p>Threads: confined to the event loop of the current connection; the volatile fields are read by
 * any thread. {@link #open} and {@link #close} from any thread.
 */
final class PrimaryLink implements LinkHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryLink.class);

    private static final String FULL = "+FULLRESYNC ";
    private static final String CONTINUE = "+CONTINUE";
    private static final byte[] SIGN_OF_LIFE = {'\n'};

    private final Upstream upstream;
    private final PlainContext context;
    private final Connector connector;
    private final Keyspace keyspace;
    private final OrderedLog log;
    private final FullSyncs fullSyncs;
    private volatile PrimaryState state = PrimaryState.CONNECT;
    private volatile @Nullable OutboundLink connection;
    private volatile long lastHeardMillis;
    private volatile long downSinceMillis;
    private volatile boolean isClosed;
    private volatile boolean wasUp;
    private volatile int waitingBytes;
    private volatile long askedOffset = -1;
    private Redelivery redelivery = new Redelivery();
    private volatile @Nullable PrimaryStream stream;
    private volatile @Nullable SyncReceiver sync;
    private @Nullable Handshake handshake;
    private @Nullable ReplicationIds announced;
    private long announcedOffset;
    private boolean mayContinue;
    private int streamDatabase;
    private int failures;
    private String lastTrouble = "";

    /**
     * @param mayContinue whether this node's history may be one that the primary continues
     * @param streamDatabase the database that this history has selected
     */
    PrimaryLink(
            Upstream upstream,
            PlainContext context,
            Connector connector,
            boolean mayContinue,
            int streamDatabase) {
        this.streamDatabase = streamDatabase;
        this.upstream = upstream;
        this.context = context;
        this.connector = connector;
        this.keyspace = context.keyspace();
        this.log = context.log();
        this.fullSyncs = new FullSyncs(context, upstream);
        this.mayContinue = mayContinue;
        this.downSinceMillis = now();
    }

    Upstream upstream() {
        return upstream;
    }

    PrimaryState state() {
        return state;
    }

    boolean isUp() {
        return state == PrimaryState.CONNECTED;
    }

    /** Whether it has been connected since it was made. */
    boolean wasUp() {
        return wasUp;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    long downSinceMillis() {
        return downSinceMillis;
    }

    /** The full sync that is running, or null. */
    @Nullable SyncReceiver sync() {
        return sync;
    }

    /** The database that the stream has selected. Under the lock of the stream. */
    int streamDatabase() {
        PrimaryStream current = stream;
        return current == null ? streamDatabase : current.database();
    }

    void open() {
        connector.connect(upstream, failures, this, this::failed);
    }

    /** Nothing more is applied when this returns. */
    void close() {
        isClosed = true;
        synchronized (context.streamLock()) {
            PrimaryStream current = stream;
            if (current != null) {
                current.stop();
            }
        }
        SyncReceiver receiver = sync;
        if (receiver != null) {
            receiver.cancel();
        }
        OutboundLink current = connection;
        if (current != null) {
            current.close();
        }
    }

    /** After {@link #close}: waits until no thread of this link uses the data any more. */
    boolean awaitEnd(long millis) throws InterruptedException {
        SyncReceiver receiver = sync;
        return receiver == null || receiver.awaitEnd(millis);
    }

    /** Sends an acknowledgement, and gives a silent connection up. Any thread, every second. */
    void beat() {
        OutboundLink current = connection;
        if (current == null) {
            return;
        }
        SyncReceiver receiver = sync;
        if (receiver != null && receiver.goesOnAlone()) {
            lastHeardMillis = now();
            current.send(SIGN_OF_LIFE);
        }
        if (waitingBytes > 0) {
            lastHeardMillis = now();
            if (!keyspace.standsStill()) {
                current.reading(true);
                current.eventLoop().execute(current::presentAgain);
            }
        }
        if (now() - lastHeardMillis > context.settings().timeoutMillis()) {
            LOG.warn("MASTER timeout: no data nor PING received...");
            current.close();
        } else if (isUp()) {
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
        state = PrimaryState.HANDSHAKE;
        lastHeardMillis = now();
        String id = mayContinue ? log.ids().id() : "?";
        long offset = mayContinue ? log.plainOffset() + 1 : -1;
        Handshake opening = Handshake.plain(context.settings(), id, offset);
        handshake = opening;
        link.send(opening.request());
    }

    @Override
    public int received(OutboundLink link, long address, int length) {
        lastHeardMillis = now();
        int taken = 0;
        try {
            int step = 1;
            while (taken < length && step > 0 && !isClosed) {
                step = take(link, address + taken, length - taken);
                taken += step;
            }
            return taken;
        } catch (PeerProtocolException refused) {
            trouble(refused.reason());
            link.close();
            return length;
        }
    }

    /** What has come stays unapplied; it is presented again, by the beat at the latest. */
    private void waitForEndOfPause(OutboundLink link, int length) {
        waitingBytes = length;
        if (length >= Redelivery.MOST_WAITING_BYTES) {
            link.reading(false);
        }
    }

    /** Bytes of the stream that have come and wait for the end of a pause. Any thread. */
    int waitingBytes() {
        return waitingBytes;
    }

    private int take(OutboundLink link, long address, int length) throws PeerProtocolException {
        PrimaryStream current = stream;
        if (current != null) {
            if (keyspace.standsStill()) {
                waitForEndOfPause(link, length);
                return 0;
            }
            waitingBytes = 0;
            int taken = current.take(address, length);
            if (current.isHeldUp()) {
                waitingBytes = length - taken;
                redelivery.soon(link, waitingBytes);
            } else {
                redelivery.done(link);
            }
            return taken;
        }
        SyncReceiver receiver = sync;
        if (receiver != null) {
            int taken = receiver.take(address, length);
            if (receiver instanceof StraightReceiver && receiver.isComplete()) {
                loaded(receiver);
            } else if (!receiver.takesMore()) {
                link.reading(false);
            }
            return taken;
        }
        String line = LineReader.line(address, length);
        if (line == null) {
            return 0;
        }
        if (!line.isEmpty()) {
            line(link, line);
        }
        return LineReader.lengthWithEnd(address);
    }

    private void line(OutboundLink link, String line) throws PeerProtocolException {
        Handshake opening = handshake;
        if (opening == null) {
            beginSync(link, line);
        } else if (opening.isAtPsync()) {
            synchronisation(line);
        } else {
            Optional<String> refusal = opening.answered(line);
            if (refusal.isPresent()) {
                throw new PeerProtocolException(refusal.get());
            }
            link.send(opening.request());
        }
    }

    /** Takes the answer to PSYNC. */
    private void synchronisation(String line) throws PeerProtocolException {
        if (line.startsWith(FULL)) {
            String[] parts = line.substring(FULL.length()).split(" ", -1);
            if (parts.length != 2 || parts[0].length() != 40) {
                throw new PeerProtocolException("it answered PSYNC with: " + line);
            }
            announced = ReplicationIds.of(parts[0]);
            announcedOffset = offset(parts[1], line);
            handshake = null;
            LOG.info("Full resync from primary {}", upstream);
        } else if (line.startsWith(CONTINUE)) {
            handshake = null;
            continueHistory(line.substring(CONTINUE.length()).strip());
        } else {
            throw new PeerProtocolException("it answered PSYNC with: " + line);
        }
    }

    private static long offset(String text, String line) throws PeerProtocolException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new PeerProtocolException("it answered PSYNC with: " + line);
        }
    }

    private void continueHistory(String newId) {
        ReplicationIds ids = log.ids();
        if (!newId.isEmpty() && !newId.equals(ids.id())) {
            long offset = log.plainOffset();
            log.follow(new ReplicationIds(newId, ids.id(), offset + 1), offset);
            context.replicas().disconnectPlain();
        }
        LOG.info("Partial resync with primary {} accepted", upstream);
        begin(streamDatabase);
    }

    private void beginSync(OutboundLink link, String line) throws PeerProtocolException {
        SyncFraming framing = SyncFraming.of(line);
        state = PrimaryState.SYNC;
        sync = fullSyncs.begin(framing, link, this::spoolEnded);
    }

    /** A snapshot that was received beside the data has been loaded, or was not. */
    private void spoolEnded(OutboundLink link, SyncReceiver receiver, @Nullable String failure) {
        if (sync != receiver) {
            return;
        }
        if (failure == null) {
            loaded(receiver);
        } else if (!isClosed) {
            trouble(failure);
        }
        if (connection != link) {
            closed(link, null); // lost meanwhile
        } else if (failure != null) {
            link.close();
        } else {
            link.reading(true);
            link.presentAgain();
        }
    }

    private void loaded(SyncReceiver receiver) {
        LOG.info(
                "MASTER <-> REPLICA sync: Finished with success: {} keys",
                receiver.loaded().keys());
        int database = receiver.loaded().streamDatabase();
        ReplicationIds ids = announced;
        if (ids != null) {
            log.resume(ids, announcedOffset);
        }
        mayContinue = true;
        context.dataReplaced().run();
        endSync();
        begin(database);
    }

    private void endSync() {
        SyncReceiver receiver = sync;
        if (receiver != null) {
            sync = null;
            receiver.close();
            mayContinue &= fullSyncs.ended(receiver);
        }
    }

    private String address() {
        OutboundLink current = connection;
        return AddressText.of(current == null ? null : current.remoteAddress());
    }

    /** Ends the connection; another one will be opened. */
    private void disconnect() {
        OutboundLink current = connection;
        if (current != null) {
            current.close();
        }
    }

    private void begin(int database) {
        askedOffset = -1;
        stream =
                new PrimaryStream(
                        context, database, address(), this::acknowledgeAsked, this::disconnect);
        state = PrimaryState.CONNECTED;
        wasUp = true;
        failures = 0;
        lastTrouble = "";
        updateStale();
        acknowledge();
    }

    private void acknowledge() {
        OutboundLink current = connection;
        if (current == null) {
            return;
        }
        List<String> words = new ArrayList<>();
        words.addAll(List.of("REPLCONF", "ACK", Long.toString(log.plainOffset())));
        long synced = context.file().get().syncedOffset();
        if (synced >= 0) {
            words.addAll(List.of("FACK", Long.toString(synced)));
        }
        current.send(Handshake.encode(words));
    }

    /** The primary wants to know how far this node is: now, and when that is on the disk. */
    private void acknowledgeAsked() {
        acknowledge();
        askedOffset = log.plainOffset();
        fileMoved();
    }

    /** More is on the disk than before. Any thread. */
    void fileMoved() {
        long asked = askedOffset;
        OutboundLink current = connection;
        if (asked >= 0 && current != null && context.file().get().syncedOffset() >= asked) {
            askedOffset = -1;
            current.eventLoop().execute(this::acknowledge);
        }
    }

    /** Raises or clears the condition of a replica that must not serve old data. */
    void updateStale() {
        boolean serves =
                context.settings().configuration().value(ReplicationDirectives.SERVE_STALE_DATA);
        context.conditions().set(Condition.STALE, !isClosed && !isUp() && !serves);
    }

    @Override
    public void closed(OutboundLink link, @Nullable Throwable cause) {
        connection = null;
        handshake = null;
        SyncReceiver receiver = sync;
        if (receiver != null && receiver.goesOnAlone()) {
            return; // connects again when it is loaded
        }
        endSync();
        PrimaryStream current = stream;
        if (current != null) {
            synchronized (context.streamLock()) {
                streamDatabase = current.database();
                stream = null;
            }
            current.close();
        }
        boolean wasConnected = isUp();
        state = PrimaryState.CONNECT;
        if (isClosed) {
            return;
        }
        if (wasConnected) {
            downSinceMillis = now();
            LOG.warn("Connection with primary {} lost", upstream);
        }
        updateStale();
        failed(cause == null ? "the connection was closed" : String.valueOf(cause.getMessage()));
    }

    private void failed(String reason) {
        if (isClosed) {
            return;
        }
        if (failures == 1) {
            LOG.info("No connection to primary {} yet: {}; trying again", upstream, reason);
        }
        failures++;
        connector.connect(upstream, failures, this, this::failed);
    }

    /** Says once what stands against the link. */
    private void trouble(String reason) {
        if (!reason.equals(lastTrouble)) {
            lastTrouble = reason;
            LOG.warn("No replication from {}: {}", upstream, reason);
        }
    }

    private long now() {
        return keyspace.clock().millis();
    }
}
