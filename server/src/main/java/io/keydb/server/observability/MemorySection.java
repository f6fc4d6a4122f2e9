package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.command.ScriptFigures;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.ActiveDefragmentation;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.memory.MemoryUse;
import io.keydb.server.memory.Pages;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.Locale;

/**
 * INFO memory: what is in use, what the system has given for it, and the limit.
 *
 * <p>Threads: safe; the peak is taken by the cron and by whoever asks.
 */
public final class MemorySection implements ReportSection {
    static final Statistic USED =
            gauge(
                    "used_memory",
                    "redis_memory_used_bytes",
                    "Bytes of off-heap memory in use for data and buffers; what maxmemory limits.");
    static final Statistic RESIDENT =
            gauge(
                    "used_memory_rss",
                    "redis_memory_used_rss_bytes",
                    "Bytes of memory the whole process holds.");
    static final Statistic PEAK =
            gauge(
                    "used_memory_peak",
                    "redis_memory_used_peak_bytes",
                    "Largest value of used_memory since the start.");
    static final Statistic OVERHEAD =
            gauge(
                    "used_memory_overhead",
                    "redis_memory_used_overhead_bytes",
                    "The part of used_memory that is not data: buffers of connections and the"
                            + " log.");
    static final Statistic STARTUP =
            gauge(
                    "used_memory_startup",
                    "redis_memory_used_startup_bytes",
                    "Value of used_memory when the server had started.");
    static final Statistic DATASET =
            gauge(
                    "used_memory_dataset",
                    "redis_memory_used_dataset_bytes",
                    "The part of used_memory that is data.");
    static final Statistic COMMITTED =
            gauge(
                    "allocator_active",
                    "redis_allocator_active_bytes",
                    "Bytes of the pages in which used_memory lies.");
    static final Statistic RETAINED =
            gauge(
                    "allocator_resident",
                    "redis_allocator_resident_bytes",
                    "Bytes of these pages and of the free ones kept for reuse.");
    static final Statistic MACHINE =
            gauge(
                    "total_system_memory",
                    "redis_total_system_memory_bytes",
                    "Bytes of memory the machine has.");
    static final Statistic LIMIT =
            gauge("maxmemory", "redis_memory_max_bytes", "Limit of used_memory; 0 for none.");
    static final Statistic NOT_COUNTED =
            gauge(
                    "mem_not_counted_for_evict",
                    "redis_mem_not_counted_for_eviction_bytes",
                    "The part of used_memory that maxmemory does not limit: what is kept for slow"
                            + " replicas only.");
    static final Statistic BACKLOG =
            gauge(
                    "mem_replication_backlog",
                    "redis_mem_replication_backlog_bytes",
                    "Bytes of the log, without what is kept for slow replicas only.");
    static final Statistic CONNECTIONS =
            gauge(
                    "mem_clients_normal",
                    "redis_mem_clients_normal",
                    "Bytes of the buffers of connections.");
    static final Statistic LAZILY_TO_FREE =
            gauge(
                    "lazyfree_pending_objects",
                    "redis_lazyfree_pending_objects",
                    "Big values that are deleted and not freed yet.");
    static final Statistic LAZILY_FREED =
            gauge(
                    "lazyfreed_objects",
                    "redis_lazyfreed_objects",
                    "Big values that were deleted and freed in slices.");
    static final Statistic FRAGMENTATION =
            gauge(
                    "mem_fragmentation_ratio",
                    "redis_mem_fragmentation_ratio",
                    "Memory of the process divided by used_memory.");
    static final Statistic ALLOCATED =
            gauge(
                    "allocator_allocated",
                    "redis_allocator_allocated_bytes",
                    "Value of used_memory: there is one allocator.");
    static final Statistic CELLS_RATIO =
            gauge(
                    "allocator_frag_ratio",
                    "redis_allocator_frag_ratio",
                    "allocator_active divided by used_memory.");
    static final Statistic CELLS_WASTE =
            gauge(
                    "allocator_frag_bytes",
                    "redis_allocator_frag_bytes",
                    "Bytes of pages that hold nothing.");
    static final Statistic PAGES_RATIO =
            gauge(
                    "allocator_rss_ratio",
                    "redis_allocator_rss_ratio",
                    "allocator_resident divided by allocator_active.");
    static final Statistic PAGES_WASTE =
            gauge("allocator_rss_bytes", "redis_allocator_rss_bytes", "Bytes of free pages.");
    static final Statistic PROCESS_RATIO =
            gauge(
                    "rss_overhead_ratio",
                    "keydb_rss_overhead_ratio",
                    "Memory of the process divided by allocator_resident.");
    static final Statistic PROCESS_WASTE =
            gauge(
                    "rss_overhead_bytes",
                    "keydb_rss_overhead_bytes",
                    "Memory of the process that is not the allocator's: Java's own.");
    static final Statistic FRAGMENTATION_BYTES =
            gauge(
                    "mem_fragmentation_bytes",
                    "redis_mem_fragmentation_bytes",
                    "Memory of the process less used_memory.");
    static final Statistic EVAL_STATE =
            gauge(
                    "used_memory_lua",
                    "redis_memory_used_lua_bytes",
                    "The same as used_memory_vm_eval, under its old name.");
    static final Statistic ALL_STATES =
            gauge(
                    "used_memory_vm_total",
                    "redis_memory_used_vm_total",
                    "Memory of the Lua states of scripts and functions.");
    static final Statistic ALL_TEXTS =
            gauge(
                    "used_memory_scripts",
                    "redis_memory_used_scripts_bytes",
                    "Memory of scripts and libraries.");
    static final Statistic LOG =
            gauge(
                    "mem_total_replication_buffers",
                    "redis_mem_total_replication_buffers_bytes",
                    "Memory of the log, which is the buffer of all replicas.");
    static final Statistic SLOW_REPLICAS =
            gauge(
                    "mem_clients_slaves",
                    "redis_mem_clients_slaves",
                    "Memory of the log that only slow replicas still need.");
    static final Statistic APPEND_BUFFER =
            gauge(
                    "mem_aof_buffer",
                    "redis_mem_aof_buffer_bytes",
                    "Memory of what waits for the append-only file apart from the log: none.");
    static final Statistic HEAP =
            gauge(
                    "java_heap_used",
                    "keydb_java_heap_used_bytes",
                    "Bytes of the Java heap in use; data is not on it.");
    static final Statistic HEAP_LIMIT =
            gauge("java_heap_max", "keydb_java_heap_max_bytes", "Limit of the Java heap.");

    static final Statistic SCRIPT_STATE =
            gauge(
                    "used_memory_vm_eval",
                    "redis_memory_used_vm_eval_bytes",
                    "Bytes of the Lua state in which scripts run, outside used_memory.");
    static final Statistic FUNCTION_STATE =
            gauge(
                    "used_memory_vm_functions",
                    "redis_memory_used_vm_functions_bytes",
                    "Bytes of the Lua state in which functions run, outside used_memory.");
    static final Statistic SCRIPTS =
            gauge("number_of_cached_scripts", "redis_number_of_cached_scripts", "Cached scripts.");
    static final Statistic SCRIPT_BYTES =
            gauge(
                    "used_memory_scripts_eval",
                    "redis_memory_used_scripts_eval_bytes",
                    "Bytes of the texts of cached scripts.");
    static final Statistic FUNCTIONS =
            gauge("number_of_functions", "redis_number_of_functions", "Functions of libraries.");
    static final Statistic LIBRARIES =
            gauge("number_of_libraries", "redis_number_of_libraries", "Libraries of functions.");
    static final Statistic LIBRARY_BYTES =
            gauge(
                    "used_memory_functions",
                    "redis_memory_used_functions_bytes",
                    "Bytes of the codes of libraries.");

    private final ScriptFigures scripts;
    private final Keyspace keyspace;
    private final Pages pages;
    private final MemoryUse use;
    private final Configuration configuration;
    private final ActiveDefragmentation defragmentation;
    private final long startupBytes;
    private volatile long peakBytes;

    public MemorySection(
            Keyspace keyspace,
            MemoryUse use,
            Configuration configuration,
            ActiveDefragmentation defragmentation,
            ScriptFigures scripts) {
        this.scripts = scripts;
        this.keyspace = keyspace;
        this.use = use;
        this.defragmentation = defragmentation;
        this.pages = keyspace.pages();
        this.configuration = configuration;
        this.startupBytes = use.used();
    }

    /** Notes a new peak. */
    public synchronized void sample() {
        peakBytes = Math.max(peakBytes, use.used());
    }

    /** What is used for what now. */
    MemoryFigures figures() {
        sample();
        return MemoryFigures.of(pages, use, peakBytes, startupBytes);
    }

    /** Bytes of the texts of cached scripts. */
    long scriptBytes() {
        return scripts.scriptBytes();
    }

    /** Bytes of the codes of libraries. */
    long libraryBytes() {
        return scripts.libraryBytes();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void report(Report report) {
        sample();
        long used = use.used();
        long resident = ProcessFacts.residentBytes();
        bytes(report, USED, used);
        bytes(report, RESIDENT, resident);
        bytes(report, PEAK, peakBytes);
        report.text("used_memory_peak_perc", percent(used, peakBytes));
        long overhead = use.buffers();
        long dataset = used - overhead;
        report.number(OVERHEAD, overhead);
        report.number(STARTUP, startupBytes);
        report.number(DATASET, dataset);
        report.text("used_memory_dataset_perc", percent(dataset, used - startupBytes));
        report.number(ALLOCATED, used);
        long committed = MemoryFigures.committed(pages);
        report.number(COMMITTED, committed);
        report.number(RETAINED, committed + pages.retainedBytes());
        fragmentation(report, used, resident);
        bytes(report, MACHINE, ProcessFacts.machineBytes());
        scripts(report);
        bytes(report, LIMIT, configuration.value(KeyspaceDirectives.MAXMEMORY));
        report.text("maxmemory_policy", configuration.text(KeyspaceDirectives.MAXMEMORY_POLICY));
        report.fraction(FRAGMENTATION, ratio(resident, used));
        report.number(FRAGMENTATION_BYTES, resident - used);
        report.text("mem_allocator", "pages");
        buffers(report);
        report.number(LAZILY_TO_FREE, keyspace.discardedValues());
        report.number(LAZILY_FREED, keyspace.freedValues());
        report.number(DefragmentationFigures.RUNNING, defragmentation.effort());
        heap(report);
    }

    /** What replicas lag behind is kept in the log, for all of them together. */
    private void buffers(Report report) {
        long slow = use.notCounted();
        report.number(NOT_COUNTED, slow);
        report.number(BACKLOG, use.log() - slow);
        report.number(LOG, use.log());
        report.number(SLOW_REPLICAS, slow);
        report.number(CONNECTIONS, use.connections());
        report.number(APPEND_BUFFER, 0);
    }

    private void scripts(Report report) {
        long evalState = scripts.scriptStateBytes();
        long allStates = evalState + scripts.functionStateBytes();
        long texts = scripts.scriptBytes() + scripts.libraryBytes();
        report.number(EVAL_STATE, evalState);
        report.number(SCRIPT_STATE, evalState);
        report.text("used_memory_lua_human", HumanBytes.of(evalState));
        report.number(SCRIPT_BYTES, scripts.scriptBytes());
        report.number(SCRIPTS, scripts.scripts());
        report.number(FUNCTIONS, scripts.functions());
        report.number(LIBRARIES, scripts.libraries());
        report.number(FUNCTION_STATE, scripts.functionStateBytes());
        report.number(ALL_STATES, allStates);
        report.text("used_memory_vm_total_human", HumanBytes.of(allStates));
        report.number(LIBRARY_BYTES, scripts.libraryBytes());
        report.number(ALL_TEXTS, texts);
        report.text("used_memory_scripts_human", HumanBytes.of(texts));
    }

    /** What is lost from one level to the next: cells, their pages, pages held, the process. */
    private void fragmentation(Report report, long used, long resident) {
        long committed = MemoryFigures.committed(pages);
        long held = committed + pages.retainedBytes();
        report.fraction(CELLS_RATIO, ratio(committed, used));
        report.number(CELLS_WASTE, committed - used);
        report.fraction(PAGES_RATIO, ratio(held, committed));
        report.number(PAGES_WASTE, held - committed);
        report.fraction(PROCESS_RATIO, ratio(resident, held));
        report.number(PROCESS_WASTE, resident - held);
    }

    private static double ratio(long whole, long used) {
        return used == 0 ? 0 : whole / (double) used;
    }

    private static void heap(Report report) {
        Runtime runtime = Runtime.getRuntime();
        report.number(HEAP, runtime.totalMemory() - runtime.freeMemory());
        report.number(HEAP_LIMIT, runtime.maxMemory());
    }

    private static void bytes(Report report, Statistic statistic, long bytes) {
        report.number(statistic, bytes);
        report.text(statistic.field() + "_human", HumanBytes.of(bytes));
    }

    private static String percent(long part, long whole) {
        double ratio = whole <= 0 ? 0 : Math.clamp(part * 100.0 / whole, 0, 100);
        return String.format(Locale.ROOT, "%.2f%%", ratio);
    }
}
