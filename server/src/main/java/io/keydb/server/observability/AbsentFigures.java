package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.List;

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

    private static final List<Statistic> CLIENTS_ALL = List.of(CLUSTER_CONNECTIONS);
    private static final List<Statistic> MEMORY_ALL = List.of(MEM_CLUSTER_LINKS);
    private static final List<Statistic> PERSISTENCE_ALL =
            List.of(MODULE_FORK_IN_PROGRESS, MODULE_FORK_LAST_COW_SIZE);
    private static final List<Statistic> STATS_ALL =
            List.of(
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
            report.number(statistic, 0);
        }
    }
}
