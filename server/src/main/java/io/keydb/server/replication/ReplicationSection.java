package io.keydb.server.replication;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.ReplicationIds;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.List;
import java.util.Map;

/**
 * INFO replication. A plain node shows exactly stock's fields; an active node shows its id, its
 * links and its version vector in the place of a replica's fields.
 *
 * <p>Threads: safe.
 */
public final class ReplicationSection implements ReportSection {
    static final Statistic REPLICAS =
            gauge(
                    "connected_slaves",
                    "redis_connected_slaves",
                    "Connections that read from this node: replicas and peers.");
    static final Statistic OFFSET =
            gauge(
                    "master_repl_offset",
                    "redis_master_repl_offset",
                    "Bytes of writes a replica would have been sent.");
    static final Statistic BACKLOG_ACTIVE =
            gauge("repl_backlog_active", "redis_repl_backlog_is_active", "1 while a log is kept.");
    static final Statistic BACKLOG_SIZE =
            gauge(
                    "repl_backlog_size",
                    "redis_replication_backlog_bytes",
                    "How much of the log is kept for those who come back, at least.");
    static final Statistic BACKLOG_FIRST =
            gauge(
                    "repl_backlog_first_byte_offset",
                    "redis_repl_backlog_first_byte_offset",
                    "Offset of the first byte that is kept.");
    static final Statistic BACKLOG_HELD =
            gauge(
                    "repl_backlog_histlen",
                    "redis_repl_backlog_history_bytes",
                    "Bytes of writes that are kept.");
    static final Statistic LINKS =
            gauge("connected_links", "keydb_links_merged", "Links to peers that are merged.");
    static final Statistic LINKS_CONFIGURED =
            gauge("", "keydb_links", "Links to peers, connected or not.");
    static final Statistic TOMBSTONES =
            gauge("", "keydb_tombstones", "Deleted keys that are remembered for peers.");
    static final Statistic SNAPSHOT_BYTES =
            gauge(
                    "",
                    "keydb_snapshot_saved_bytes",
                    "Memory that old versions of changed keys take for running snapshots.");
    static final Statistic LOG_BYTES = gauge("", "keydb_log_bytes", "Memory the log takes.");

    static final Statistic PRIMARY =
            gauge("", "redis_slave_info", "1 on a replica, labelled with its primary.");
    static final Statistic PRIMARY_UP =
            gauge("", "redis_master_link_up", "1 while the link to the primary is up.");
    static final Statistic PRIMARY_HEARD =
            gauge(
                    "",
                    "redis_master_last_io_seconds_ago",
                    "Seconds since the primary was heard of; -1 while the link is down.");
    static final Statistic PRIMARY_SYNC =
            gauge(
                    "",
                    "redis_master_sync_in_progress",
                    "1 while all data is received from the primary.");
    static final Statistic APPLIED =
            gauge(
                    "slave_repl_offset",
                    "redis_slave_repl_offset",
                    "Offset up to which a replica has applied the writes of its primary.");
    static final Statistic PRIORITY =
            gauge(
                    "slave_priority",
                    "redis_slave_priority",
                    "What those who choose a new primary go by; 0 means never this one.");
    static final Statistic REPLICA_OFFSET =
            gauge(
                    "",
                    "redis_connected_slave_offset_bytes",
                    "Offset each replica has acknowledged.");
    static final Statistic REPLICA_LAG =
            gauge(
                    "",
                    "redis_connected_slave_lag_seconds",
                    "Seconds since each replica was heard of.");
    static final Statistic SECOND_OFFSET =
            gauge(
                    "second_repl_offset",
                    "redis_second_repl_offset",
                    "Offset up to which the history before the last failover is accepted.");

    public static final List<Statistic> ALL =
            List.of(
                    REPLICAS,
                    OFFSET,
                    BACKLOG_ACTIVE,
                    BACKLOG_SIZE,
                    BACKLOG_FIRST,
                    BACKLOG_HELD,
                    LINKS,
                    LINKS_CONFIGURED,
                    TOMBSTONES,
                    SNAPSHOT_BYTES,
                    LOG_BYTES,
                    PRIMARY,
                    PRIMARY_UP,
                    PRIMARY_HEARD,
                    PRIMARY_SYNC,
                    APPLIED,
                    PRIORITY,
                    REPLICA_OFFSET,
                    REPLICA_LAG,
                    SECOND_OFFSET);

    private final Replication replication;
    private final OrderedLog log;

    ReplicationSection(Replication replication) {
        this.replication = replication;
        this.log = replication.log();
    }

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public void report(Report report) {
        report.text("role", replication.role());
        if (replication.isActive()) {
            links(report);
        }
        PrimaryLink primary = replication.primary();
        if (primary != null) {
            primary(report, primary);
        }
        replicas(report);
        history(report);
        report.number(SNAPSHOT_BYTES, replication.snapshots().savedBytes());
        report.number(LOG_BYTES, log.heldBytes());
    }

    private void links(Report report) {
        long now = replication.clock().millis();
        List<PeerLink> links = replication.links();
        report.text("node_id", log.origins().own().node().hex());
        report.number(
                LINKS, links.stream().filter(link -> link.state() == LinkState.MERGED).count());
        report.number(LINKS_CONFIGURED, links.size());
        for (int i = 0; i < links.size(); i++) {
            PeerLink link = links.get(i);
            NodeId peer = link.peer();
            report.text(
                    "link" + i,
                    "host="
                            + link.upstream().host()
                            + ",port="
                            + link.upstream().port()
                            + ",node_id="
                            + (peer == null ? "-" : peer.hex())
                            + ",state="
                            + link.state().wireName()
                            + ",last_io_seconds_ago="
                            + Math.max(0, now - link.lastHeardMillis()) / 1000);
        }
        report.text("replication_vector", vector());
        report.number(TOMBSTONES, replication.tombstones());
    }

    private String vector() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<NodeId, Long> entry : log.vector().latest().entrySet()) {
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(entry.getKey()).append('=').append(entry.getValue());
        }
        return text.toString();
    }

    private void primary(Report report, PrimaryLink primary) {
        long now = replication.clock().millis();
        SyncReceiver sync = primary.sync();
        report.text("master_host", primary.upstream().host());
        report.text("master_port", Integer.toString(primary.upstream().port()));
        report.text("master_link_status", primary.isUp() ? "up" : "down");
        report.text(
                "master_last_io_seconds_ago",
                primary.isUp() ? seconds(now - primary.lastHeardMillis()) : "-1");
        report.text("master_sync_in_progress", sync == null ? "0" : "1");
        report.text(
                "slave_read_repl_offset",
                Long.toString(log.plainOffset() + primary.waitingBytes()));
        report.number(APPLIED, log.plainOffset());
        if (sync != null) {
            long total = sync.totalBytes();
            report.text("master_sync_total_bytes", Long.toString(total));
            report.text("master_sync_read_bytes", Long.toString(sync.receivedBytes()));
            report.text(
                    "master_sync_left_bytes",
                    Long.toString(total == 0 ? -1 : total - sync.receivedBytes()));
            report.text("master_sync_perc", percent(sync.receivedBytes(), total));
            report.text(
                    "master_sync_last_io_seconds_ago", seconds(now - primary.lastHeardMillis()));
        }
        if (!primary.isUp()) {
            report.text("master_link_down_since_seconds", seconds(now - primary.downSinceMillis()));
        }
        report.number(PRIORITY, replication.configuration().value(ReplicationDirectives.PRIORITY));
        report.text(
                "slave_read_only",
                replication.configuration().value(ReplicationDirectives.REPLICA_READ_ONLY)
                        ? "1"
                        : "0");
        report.text(
                "replica_announced",
                replication.configuration().value(ReplicationDirectives.ANNOUNCED) ? "1" : "0");
        primaryMetrics(report, primary, now);
    }

    private void primaryMetrics(Report report, PrimaryLink primary, long now) {
        String[] labels = {
            "master_host",
            primary.upstream().host(),
            "master_port",
            Integer.toString(primary.upstream().port())
        };
        boolean isUp = primary.isUp();
        long heard = isUp ? Math.max(0, now - primary.lastHeardMillis()) / 1000 : -1;
        report.described(PRIMARY, 1, labels);
        report.described(PRIMARY_UP, isUp ? 1 : 0, labels);
        report.described(PRIMARY_HEARD, heard, labels);
        report.described(PRIMARY_SYNC, primary.sync() == null ? 0 : 1, labels);
    }

    private static String percent(long part, long whole) {
        long hundredths = whole == 0 ? 0 : part * 10_000 / whole;
        return hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100;
    }

    private void replicas(Report report) {
        long now = replication.clock().millis();
        List<ReplicaSession> readers = replication.replicas().readers();
        report.number(REPLICAS, readers.size());
        long least = replication.configuration().value(ReplicationDirectives.MIN_REPLICAS_TO_WRITE);
        long lag = replication.configuration().value(ReplicationDirectives.MIN_REPLICAS_MAX_LAG);
        if (least > 0 && lag > 0) {
            report.text(
                    "min_slaves_good_slaves",
                    Integer.toString(replication.replicas().good(now, lag * 1000)));
        }
        for (int i = 0; i < readers.size(); i++) {
            ReplicaSession session = readers.get(i);
            report.text(
                    "slave" + i,
                    "ip="
                            + session.address()
                            + ",port="
                            + session.listeningPort()
                            + ",state="
                            + session.stage().wireName()
                            + ",offset="
                            + session.acknowledgedOffset()
                            + ",lag="
                            + seconds(now - session.lastHeardMillis()));
            replicaMetrics(report, session, now);
        }
    }

    private static void replicaMetrics(Report report, ReplicaSession session, long now) {
        String[] labels = {
            "slave_ip",
            session.address(),
            "slave_port",
            Integer.toString(session.listeningPort()),
            "slave_state",
            session.stage().wireName()
        };
        report.described(REPLICA_OFFSET, session.acknowledgedOffset(), labels);
        long lag = Math.max(0, now - session.lastHeardMillis()) / 1000;
        report.described(REPLICA_LAG, lag, labels);
    }

    private void history(Report report) {
        ReplicationIds ids = log.ids();
        boolean isKept = log.isActive();
        report.text("master_failover_state", "no-failover");
        report.text("master_replid", ids.id());
        report.text("master_replid2", ids.previousId());
        report.number(OFFSET, log.plainOffset());
        report.number(SECOND_OFFSET, ids.previousOffset());
        report.number(BACKLOG_ACTIVE, isKept ? 1 : 0);
        report.number(
                BACKLOG_SIZE,
                replication.configuration().value(ReplicationDirectives.BACKLOG_SIZE));
        long first = log.firstPlainOffset();
        report.number(BACKLOG_FIRST, isKept ? first + 1 : 0);
        report.number(BACKLOG_HELD, isKept ? log.plainOffset() - first : 0);
    }

    private static String seconds(long millis) {
        return Long.toString(Math.max(0, millis) / 1000);
    }
}
