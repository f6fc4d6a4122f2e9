package io.keydb.server.config.compatibility;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives that tune the hash tables, the allocator and the threads of servers written in C.
 *
 * <p>Threads: immutable.
 */
public final class EngineDirectives {
    private EngineDirectives() {}

    public static final Directive<Boolean> ACTIVEREHASHING =
            directive("activerehashing")
                    .toggle(true)
                    .mutable()
                    .withoutEffect(
                            "Tables grow and shrink in small steps with the commands that use them;"
                                    + " no step is worth a timer.");

    public static final Directive<Boolean> DYNAMIC_HZ =
            directive("dynamic-hz")
                    .toggle(true)
                    .mutable()
                    .withoutEffect(
                            "Background rounds are as many as `hz` says: idle clients cost them"
                                    + " nothing.");

    public static final Directive<Boolean> JEMALLOC_BG_THREAD =
            directive("jemalloc-bg-thread")
                    .toggle(true)
                    .mutable()
                    .withoutEffect(
                            "Memory comes from an allocator of its own, which gives empty pages"
                                    + " back at once.");

    public static final Directive<Boolean> IO_THREADS_DO_READS =
            directive("io-threads-do-reads")
                    .toggle(false)
                    .withoutEffect("Event loops always read, execute and reply.");

    public static final Directive<String> SERVER_CPULIST =
            directive("server_cpulist")
                    .optionalText()
                    .alias("server-cpulist")
                    .withoutEffect(
                            "Threads run where the kernel puts them; a cpuset or `taskset` limits"
                                    + " the whole process.");

    public static final Directive<String> BIO_CPULIST =
            directive("bio_cpulist")
                    .optionalText()
                    .alias("bio-cpulist")
                    .withoutEffect("As for `server_cpulist`.");

    public static final Directive<String> BGSAVE_CPULIST =
            directive("bgsave_cpulist")
                    .optionalText()
                    .alias("bgsave-cpulist")
                    .withoutEffect(
                            "Snapshots are written by a thread, not by a process of their own.");

    public static final Directive<String> AOF_REWRITE_CPULIST =
            directive("aof_rewrite_cpulist")
                    .optionalText()
                    .alias("aof-rewrite-cpulist")
                    .withoutEffect("As for `bgsave_cpulist`.");

    public static final Directive<String> LOCALE_COLLATE =
            directive("locale-collate")
                    .text("")
                    .mutable()
                    .withoutEffect(
                            "`SORT ALPHA` compares bytes, so that its order is the same on every"
                                    + " machine.");

    public static final Directive<Long> LOADING_PROCESS_EVENTS_INTERVAL_BYTES =
            directive("loading-process-events-interval-bytes")
                    .integer(2097152, 1024, Integer.MAX_VALUE)
                    .mutable()
                    .hidden()
                    .withoutEffect("Event loops go on while a thread loads.");

    public static final Directive<Long> LOADING_PROCESS_EVENTS_INTERVAL_KEYS =
            directive("loading-process-events-interval-keys")
                    .memory(8192)
                    .mutable()
                    .withoutEffect("As for `loading-process-events-interval-bytes`.");

    public static final Directive<Long> EVENTS_PER_IO_THREAD =
            directive("events-per-io-thread")
                    .integer(2, 0, Integer.MAX_VALUE)
                    .mutable()
                    .withoutEffect(
                            "Each connection belongs to one event loop, which does all its work.");

    public static final Directive<Long> PREFETCH_BATCH_MAX_SIZE =
            directive("prefetch-batch-max-size")
                    .integer(16, 0, 128)
                    .mutable()
                    .withoutEffect(
                            "Commands run one after the other as they come; nothing is fetched in"
                                    + " advance.");

    public static final Directive<Long> MAX_NEW_CONNECTIONS_PER_CYCLE =
            directive("max-new-connections-per-cycle")
                    .integer(10, 1, 1000)
                    .mutable()
                    .withoutEffect(
                            "An event loop accepts what is there, between the work for its other"
                                    + " clients.");

    public static final Directive<Long> MAX_NEW_TLS_CONNECTIONS_PER_CYCLE =
            directive("max-new-tls-connections-per-cycle")
                    .integer(1, 1, 1000)
                    .mutable()
                    .withoutEffect("As for `max-new-connections-per-cycle`.");

    public static final Directive<Boolean> RDB_DEL_SYNC_FILES =
            directive("rdb-del-sync-files")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("Files of full syncs are always deleted.");

    public static final List<Directive<?>> ALL =
            List.of(
                    ACTIVEREHASHING,
                    DYNAMIC_HZ,
                    JEMALLOC_BG_THREAD,
                    IO_THREADS_DO_READS,
                    SERVER_CPULIST,
                    BIO_CPULIST,
                    BGSAVE_CPULIST,
                    AOF_REWRITE_CPULIST,
                    LOCALE_COLLATE,
                    LOADING_PROCESS_EVENTS_INTERVAL_BYTES,
                    LOADING_PROCESS_EVENTS_INTERVAL_KEYS,
                    EVENTS_PER_IO_THREAD,
                    PREFETCH_BATCH_MAX_SIZE,
                    MAX_NEW_CONNECTIONS_PER_CYCLE,
                    MAX_NEW_TLS_CONNECTIONS_PER_CYCLE,
                    RDB_DEL_SYNC_FILES);
}
