package io.keydb.server.replication;

import io.keydb.server.client.Client;
import io.keydb.server.log.LogEnd;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import io.keydb.server.net.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What this node remembers of a connection that reads from it: a plain replica or an active peer.
 *
 * <pre>
 *   HANDSHAKE --PSYNC--> SYNCING (snapshot) --> AWAITING_ACK --REPLCONF ACK--> ONLINE
 *       |                                                                        ^
 *       +---------------------- PSYNC, what it lacks is in the log --------------+
 * </pre>
 *
 * A plain replica gets nothing behind the snapshot before its first acknowledgement: it looks for
 * the end mark at the end of what it has received.
 *
 * <p>Threads: written on the connection's event loop; the volatile fields are read by any thread.
 */
final class ReplicaSession {
    /** How far the reader has come. */
    enum Stage {
        HANDSHAKE("wait_bgsave"),
        SYNCING("wait_bgsave"),
        AWAITING_ACK("send_bulk"),
        ONLINE("online");

        private final String wireName;

        Stage(String wireName) {
            this.wireName = wireName;
        }

        /** The name INFO uses. */
        String wireName() {
            return wireName;
        }
    }

    private final Client client;
    private final Connection connection;
    private volatile Stage stage = Stage.HANDSHAKE;
    private volatile int listeningPort;
    private volatile String announcedAddress = "";
    private volatile long acknowledgedOffset;
    private volatile long acknowledgedNumber;
    private volatile long syncedOffset = -1;
    private volatile long syncedNumber = -1;
    private volatile long lastHeardMillis;
    private volatile @Nullable Origin peer;
    private boolean takesEndMark;
    private boolean wantsSnapshotOnly;
    private volatile boolean omitsKeys;
    private volatile boolean omitsFunctions;
    private boolean speaksPeerDialect;
    private @Nullable VersionVector vector;
    private volatile @Nullable LogPump pump;
    private @Nullable PeerDialect peerDialect;
    private volatile @Nullable LogReader waitingReader;
    private long awaitedSinceMillis;
    private long laggingSinceMillis;
    private volatile long cutOffset = -1;

    ReplicaSession(Client client, Connection connection, long nowMillis) {
        this.client = client;
        this.connection = connection;
        this.lastHeardMillis = nowMillis;
    }

    Client client() {
        return client;
    }

    Connection connection() {
        return connection;
    }

    Stage stage() {
        return stage;
    }

    void stage(Stage next) {
        stage = next;
    }

    /** The port it says it listens on. */
    int listeningPort() {
        return listeningPort;
    }

    void listeningPort(int port) {
        listeningPort = port;
    }

    /** The address it says it has, or the one it comes from. */
    String address() {
        return announcedAddress.isEmpty() ? connection.remoteHost() : announcedAddress;
    }

    void announcedAddress(String address) {
        announcedAddress = address;
    }

    long acknowledgedOffset() {
        return acknowledgedOffset;
    }

    void acknowledgedOffset(long offset) {
        acknowledgedOffset = offset;
    }

    /** Number of the last unit of this node that a peer has. */
    long acknowledgedNumber() {
        return acknowledgedNumber;
    }

    void acknowledgedNumber(long number) {
        acknowledgedNumber = number;
    }

    /** Plain bytes that it has on its disk; -1 when it has not said so. */
    long syncedOffset() {
        return syncedOffset;
    }

    void syncedOffset(long offset) {
        syncedOffset = offset;
    }

    /** Number of the last unit of this node that a peer has on its disk, -1 as above. */
    long syncedNumber() {
        return syncedNumber;
    }

    void syncedNumber(long number) {
        syncedNumber = number;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
    }

    /** Whether it can read a sync of unknown length. */
    boolean takesEndMark() {
        return takesEndMark;
    }

    void takesEndMark(boolean yes) {
        takesEndMark = yes;
    }

    /** Whether it wants a snapshot and nothing behind it, as {@code redis-cli --rdb} does. */
    boolean wantsSnapshotOnly() {
        return wantsSnapshotOnly;
    }

    void wantsSnapshotOnly(boolean yes) {
        wantsSnapshotOnly = yes;
    }

    /** Whether its snapshot is to have no keys. Any thread. */
    boolean omitsKeys() {
        return omitsKeys;
    }

    /** Whether its snapshot is to have no functions. Any thread. */
    boolean omitsFunctions() {
        return omitsFunctions;
    }

    /** It wants a part of the snapshot. */
    void omits(boolean keys, boolean functionsToo) {
        omitsKeys = keys;
        omitsFunctions = functionsToo;
    }

    boolean speaksPeerDialect() {
        return speaksPeerDialect;
    }

    void speaksPeerDialect(boolean yes) {
        speaksPeerDialect = yes;
    }

    /** Which active node it is; null for a plain replica. */
    @Nullable Origin peer() {
        return peer;
    }

    void peer(Origin origin) {
        peer = origin;
    }

    /** What a peer has said it has. */
    @Nullable VersionVector vector() {
        return vector;
    }

    void vector(VersionVector told) {
        vector = told;
    }

    @Nullable LogPump pump() {
        return pump;
    }

    @Nullable PeerDialect peerDialect() {
        return peerDialect;
    }

    void feed(LogPump newPump, @Nullable PeerDialect dialect) {
        pump = newPump;
        peerDialect = dialect;
    }

    /** The snapshot that it is being sent is of this offset. Any thread. */
    void cutOffset(long offset) {
        cutOffset = offset;
    }

    /** Plain bytes up to {@code end} that it has not been sent. */
    long lagBytes(long end) {
        LogPump current = pump;
        long sent = stage == Stage.ONLINE && current != null ? current.sentOffset() : cutOffset;
        return sent < 0 ? 0 : end - sent;
    }

    /** Whether everything up to {@code end} has gone out to it. Any thread. */
    boolean hasLeft(long end) {
        return lagBytes(end) <= 0 && connection.pendingOutputBytes() == 0;
    }

    long laggingSinceMillis() {
        return laggingSinceMillis;
    }

    void laggingSinceMillis(long millis) {
        laggingSinceMillis = millis;
    }

    /** The snapshot is sent; the reader goes on from here when it has loaded it. */
    void awaitAcknowledgement(LogReader reader) {
        waitingReader = reader;
        stage = Stage.AWAITING_ACK;
    }

    /** Whether the log has given up what it kept for a reader that still loads its snapshot. */
    boolean isOverrun() {
        LogReader reader = waitingReader;
        return reader != null && reader.isOverrun();
    }

    /** The reader is ready for the log. */
    void goOnline(long nowMillis) {
        LogReader reader = waitingReader;
        LogPump current = pump;
        if (reader != null && current != null) {
            waitingReader = null;
            lastHeardMillis = Math.max(lastHeardMillis, nowMillis);
            stage = Stage.ONLINE;
            current.start(reader, cutOffset);
        }
    }

    long awaitedSinceMillis() {
        return awaitedSinceMillis;
    }

    void awaitedSinceMillis(long millis) {
        awaitedSinceMillis = millis;
    }

    /** Whether it has asked for the log. */
    boolean isReader() {
        return stage != Stage.HANDSHAKE;
    }

    /** Whether it reads as a stock replica does. */
    boolean isPlainReader() {
        return isReader() && peer == null;
    }

    /** Ends the connection when it has been sent the log up to there. On its event loop. */
    void finish(LogEnd last) {
        LogPump current = pump;
        if (current == null) {
            connection.close();
        } else {
            current.finish(last);
        }
    }

    /** Ends the feed. On the connection's event loop. */
    void release() {
        LogPump current = pump;
        if (current != null) {
            current.stop();
        }
        LogReader reader = waitingReader;
        if (reader != null) {
            reader.close();
        }
        PeerDialect dialect = peerDialect;
        if (dialect != null) {
            dialect.close();
        }
        waitingReader = null;
        pump = null;
        peerDialect = null;
    }
}
