package io.keydb.server.replication;

import io.keydb.server.command.Condition;
import io.keydb.server.keyspace.ExpiryMode;
import io.keydb.server.log.UnitAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plain node: a primary, or the replica of one.
 *
 * <p>Threads: safe; the role is changed under the monitor.
 */
final class PlainNode {
    private static final Logger LOG = LoggerFactory.getLogger(PlainNode.class);

    private final PlainContext context;
    private final UnitAppender appender;
    private static final byte[] ROLE_CHANGED =
            ("UNBLOCKED force unblock from blocking operation, instance state changed"
                            + " (master -> replica?)")
                    .getBytes(StandardCharsets.US_ASCII);

    private final Connector connector;
    private volatile @Nullable PrimaryLink primary;
    private int resumedDatabase;

    /**
     * @param resumedDatabase the database that the history of a loaded file has selected
     */
    PlainNode(
            PlainContext context, UnitAppender appender, Connector connector, int resumedDatabase) {
        this.resumedDatabase = resumedDatabase;
        this.context = context;
        this.appender = appender;
        this.connector = connector;
    }

    /** The link to the primary; null on a primary. */
    @Nullable PrimaryLink primary() {
        return primary;
    }

    /** REPLICAOF host port; false when that is the primary already. */
    synchronized boolean follow(Upstream upstream) {
        PrimaryLink old = primary;
        if (old != null && old.upstream().isSame(upstream.host(), upstream.port())) {
            return false;
        }
        boolean mayContinue = context.log().isActive();
        if (old != null) {
            old.close(); // readers of this node stay as long as its history does
        } else {
            context.replicas().dismissPlain(context.log());
        }
        context.keyspace().expiryMode(ExpiryMode.HIDE);
        appender.replica();
        PrimaryLink link =
                new PrimaryLink(upstream, context, connector, mayContinue, selectedBy(old));
        primary = link;
        updateConditions();
        show(List.of(upstream.host(), Integer.toString(upstream.port())));
        LOG.info("Replicating from {}", upstream);
        context.dispatcher().blocking().failAll(ROLE_CHANGED);
        context.waiters().failAll(ROLE_CHANGED);
        link.open();
        return true;
    }

    /** What CONFIG GET tells, and CONFIG REWRITE keeps for the next start. */
    private void show(List<String> words) {
        context.settings().configuration().put(ReplicationDirectives.REPLICAOF, words);
    }

    /** The database in which what follows in the history goes on. */
    private int selectedBy(@Nullable PrimaryLink old) {
        if (old != null) {
            synchronized (context.streamLock()) {
                return old.streamDatabase();
            }
        }
        int database = resumedDatabase;
        resumedDatabase = 0;
        return database;
    }

    /** REPLICAOF NO ONE; false when this is a primary already. */
    synchronized boolean lead() {
        PrimaryLink old = primary;
        if (old == null) {
            return false;
        }
        old.close();
        primary = null;
        context.conditions().clear(Condition.STALE);
        context.conditions().clear(Condition.READ_ONLY_REPLICA);
        context.keyspace().expiryMode(ExpiryMode.REMOVE);
        context.log().branch();
        context.replicas().dismissPlain(context.log());
        boolean keepsLog = context.log().isActive();
        appender.wanted(keepsLog, keepsLog);
        show(List.of());
        LOG.info("MASTER MODE enabled: this server takes writes");
        return true;
    }

    /**
     * Ends the link.
     *
     * @return whether no thread of it uses the data any more, within that time
     */
    synchronized boolean stop(long graceMillis) throws InterruptedException {
        PrimaryLink link = primary;
        if (link == null) {
            return true;
        }
        link.close();
        return link.awaitEnd(graceMillis);
    }

    /** Applies what the configuration says about replicas. */
    synchronized void updateConditions() {
        PrimaryLink link = primary;
        if (link != null) {
            boolean readOnly =
                    context.settings()
                            .configuration()
                            .value(ReplicationDirectives.REPLICA_READ_ONLY);
            context.conditions().set(Condition.READ_ONLY_REPLICA, readOnly);
            link.updateStale();
        }
    }

    void beat() {
        PrimaryLink link = primary;
        if (link != null) {
            link.beat();
        }
    }
}
