package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.List;
import java.util.Set;

/**
 * What stock servers tell about things that are not in this one, with the values a healthy server
 * shows: 0, or -1 where that means never. Clients and exporters ask for these fields.
 *
 * <p>Threads: immutable.
 */
final class AbsentFigures implements ReportSection {
    static final Statistic CLUSTER_CONNECTIONS =
            gauge(
                    "cluster_connections",
                    "",
                    "Connections of a cluster, of which this server is no node.");
    static final Statistic MEM_CLUSTER_LINKS =
            gauge(
                    "mem_cluster_links",
                    "redis_mem_cluster_links_bytes",
                    "Memory of links to other nodes of a cluster.");
    static final Statistic RDB_LAST_LOAD_KEYS_EXPIRED =
            gauge(
                    "rdb_last_load_keys_expired",
                    "redis_rdb_last_load_expired_keys",
                    "Keys of the dump file that had expired.");
    static final Statistic AOF_ENABLED =
            gauge("aof_enabled", "redis_aof_enabled", "1 while there is an append-only file.");
    static final Statistic AOF_REWRITE_IN_PROGRESS =
            gauge(
                    "aof_rewrite_in_progress",
                    "redis_aof_rewrite_in_progress",
                    "1 while the append-only file is rewritten.");
    static final Statistic AOF_REWRITE_SCHEDULED =
            gauge(
                    "aof_rewrite_scheduled",
                    "redis_aof_rewrite_scheduled",
                    "1 when a rewrite of the append-only file waits.");
    static final Statistic AOF_LAST_REWRITE_TIME_SEC =
            gauge(
                    "aof_last_rewrite_time_sec",
                    "redis_aof_last_rewrite_duration_sec",
                    "Seconds the last rewrite took; -1 for none.");
    static final Statistic AOF_CURRENT_REWRITE_TIME_SEC =
            gauge(
                    "aof_current_rewrite_time_sec",
                    "redis_aof_current_rewrite_duration_sec",
                    "Seconds since the running rewrite began; -1 for none.");
    static final Statistic AOF_REWRITES =
            counter("aof_rewrites", "", "Rewrites of the append-only file.");
    static final Statistic AOF_REWRITES_CONSECUTIVE_FAILURES =
            gauge(
                    "aof_rewrites_consecutive_failures",
                    "",
                    "Rewrites that failed one after the other.");
    static final Statistic AOF_LAST_COW_SIZE =
            gauge(
                    "aof_last_cow_size",
                    "redis_aof_last_cow_size_bytes",
                    "Memory copied because of a fork.");
    static final Statistic MODULE_FORK_IN_PROGRESS =
            gauge(
                    "module_fork_in_progress",
                    "redis_module_fork_in_progress",
                    "1 while a module has forked.");
    static final Statistic MODULE_FORK_LAST_COW_SIZE =
            gauge(
                    "module_fork_last_cow_size",
                    "redis_module_fork_last_cow_size",
                    "Memory copied because of a fork.");
    static final Statistic LATEST_FORK_USEC =
            gauge("latest_fork_usec", "redis_latest_fork_usec", "Microseconds the last fork took.");
    static final Statistic TOTAL_FORKS = counter("total_forks", "", "Forks since the start.");
    static final Statistic MIGRATE_CACHED_SOCKETS =
            gauge(
                    "migrate_cached_sockets",
                    "redis_migrate_cached_sockets_total",
                    "Connections kept open for MIGRATE.");
    static final Statistic SLAVE_EXPIRES_TRACKED_KEYS =
            gauge(
                    "slave_expires_tracked_keys",
                    "redis_slave_expires_tracked_keys",
                    "Keys a writable replica has to expire itself; here every node knows its"
                            + " keys.");
    static final Statistic DUMP_PAYLOAD_SANITIZATIONS =
            counter(
                    "dump_payload_sanitizations",
                    "redis_dump_payload_sanitizations",
                    "Payloads checked in depth because a directive asks for it; here all are.");
    static final Statistic IO_THREADED_READS_PROCESSED =
            counter(
                    "io_threaded_reads_processed",
                    "redis_io_threaded_reads_processed",
                    "Reads handed to other threads; here each event loop does its own.");
    static final Statistic IO_THREADED_WRITES_PROCESSED =
            counter(
                    "io_threaded_writes_processed",
                    "redis_io_threaded_writes_processed",
                    "Writes handed to other threads; here each event loop does its own.");
    static final Statistic REPLY_BUFFER_SHRINKS =
            counter(
                    "reply_buffer_shrinks",
                    "redis_reply_buffer_shrinks_total",
                    "Buffers of clients made smaller; here they belong to event loops.");
    static final Statistic REPLY_BUFFER_EXPANDS =
            counter(
                    "reply_buffer_expands",
                    "redis_reply_buffer_expands_total",
                    "Buffers of clients made larger; here they belong to event loops.");
    static final Statistic EXPIRED_STALE_PERC =
            gauge(
                    "expired_stale_perc",
                    "redis_expired_stale_percentage",
                    "Estimated percentage of keys that have expired and are still there; here"
                            + " expired keys are found by a table of their own.");
    static final Statistic USED_CPU_SYS_CHILDREN =
            counter(
                    "used_cpu_sys_children",
                    "redis_cpu_sys_children_seconds_total",
                    "Processor time of forked processes.");
    static final Statistic USED_CPU_USER_CHILDREN =
            counter(
                    "used_cpu_user_children",
                    "redis_cpu_user_children_seconds_total",
                    "Processor time of forked processes.");

    static final Statistic REWRITE_OK =
            gauge(
                    "",
                    "redis_aof_last_bgrewrite_status",
                    "1 unless the last rewrite of the append-only file failed.");
    static final Statistic WRITE_OK =
            gauge(
                    "",
                    "redis_aof_last_write_status",
                    "1 unless the last write to the append-only file failed.");

    private static final Set<Statistic> NEVER =
            Set.of(AOF_LAST_REWRITE_TIME_SEC, AOF_CURRENT_REWRITE_TIME_SEC);
    private static final List<Statistic> CLIENTS_ALL = List.of(CLUSTER_CONNECTIONS);
    private static final List<Statistic> MEMORY_ALL = List.of(MEM_CLUSTER_LINKS);
    private static final List<Statistic> PERSISTENCE_ALL =
            List.of(
                    RDB_LAST_LOAD_KEYS_EXPIRED,
                    AOF_ENABLED,
                    AOF_REWRITE_IN_PROGRESS,
                    AOF_REWRITE_SCHEDULED,
                    AOF_LAST_REWRITE_TIME_SEC,
                    AOF_CURRENT_REWRITE_TIME_SEC,
                    AOF_REWRITES,
                    AOF_REWRITES_CONSECUTIVE_FAILURES,
                    AOF_LAST_COW_SIZE,
                    MODULE_FORK_IN_PROGRESS,
                    MODULE_FORK_LAST_COW_SIZE);
    private static final List<Statistic> STATS_ALL =
            List.of(
                    LATEST_FORK_USEC,
                    TOTAL_FORKS,
                    MIGRATE_CACHED_SOCKETS,
                    SLAVE_EXPIRES_TRACKED_KEYS,
                    DUMP_PAYLOAD_SANITIZATIONS,
                    IO_THREADED_READS_PROCESSED,
                    IO_THREADED_WRITES_PROCESSED,
                    REPLY_BUFFER_SHRINKS,
                    REPLY_BUFFER_EXPANDS,
                    EXPIRED_STALE_PERC);
    private static final List<Statistic> CPU_ALL =
            List.of(USED_CPU_SYS_CHILDREN, USED_CPU_USER_CHILDREN);

    private final String section;
    private final List<Statistic> statistics;

    private AbsentFigures(String section, List<Statistic> statistics) {
        this.section = section;
        this.statistics = statistics;
    }

    /** What belongs into these sections, each behind what the server itself tells there. */
    static List<ReportSection> all() {
        return List.of(
                new AbsentFigures("clients", CLIENTS_ALL),
                new AbsentFigures("memory", MEMORY_ALL),
                new AbsentFigures("persistence", PERSISTENCE_ALL),
                new AbsentFigures("stats", STATS_ALL),
                new AbsentFigures("cpu", CPU_ALL));
    }

    @Override
    public String name() {
        return section;
    }

    @Override
    public void report(Report report) {
        for (Statistic statistic : statistics) {
            report.number(statistic, NEVER.contains(statistic) ? -1 : 0);
        }
        if (section.equals("persistence")) {
            report.text("aof_last_bgrewrite_status", "ok");
            report.number(REWRITE_OK, 1);
            report.text("aof_last_write_status", "ok");
            report.number(WRITE_OK, 1);
        }
    }
}
