package io.keydb.server.config.compatibility;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.List;

/**
 * Directives that tune what KeyDB has made of the server in C: its threads, its snapshots within
 * memory and its storage on flash.
 *
 * <p>Threads: immutable.
 */
public final class KeyDbEngineDirectives {
    private KeyDbEngineDirectives() {}

    /** How storage on flash is written. */
    public enum CacheMode {
        WRITEBACK,
        WRITETHROUGH
    }

    public static final Directive<Boolean> DELETE_ON_EVICT =
            directive("delete-on-evict")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("An evicted key is told to replicas as it is deleted.");

    public static final Directive<Boolean> USE_FORK =
            directive("use-fork").toggle(true).withoutEffect("Snapshots never fork.");

    public static final Directive<Boolean> TIME_THREAD_PRIORITY =
            directive("time-thread-priority")
                    .toggle(false)
                    .withoutEffect("No thread keeps the time.");

    public static final Directive<Boolean> PREFETCH_ENABLED =
            directive("prefetch-enabled")
                    .toggle(true)
                    .mutable()
                    .withoutEffect(
                            "Commands run one after the other as they come; nothing is fetched in"
                                    + " advance.");

    public static final Directive<Boolean> ALLOW_RDB_RESIZE_OP =
            directive("allow-rdb-resize-op")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("Tables grow in small steps while a dump is loaded too.");

    public static final Directive<Boolean> ENABLE_ASYNC_COMMANDS =
            directive("enable-async-commands")
                    .toggle(false)
                    .mutable()
                    .withoutEffect(
                            "Reads of different partitions never wait for each other anyway.");

    public static final Directive<Boolean> ENABLE_ASYNC_REHASH =
            directive("enable-async-rehash")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("As for `activerehashing`.");

    public static final Directive<Boolean> MULTITHREAD_LOAD_ENABLED =
            directive("multithread-load-enabled")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("A dump is loaded by one thread, while others serve.");

    public static final Directive<Long> MAX_SNAPSHOT_SLIP =
            directive("max-snapshot-slip")
                    .integer(400, 0, 5000)
                    .mutable()
                    .withoutEffect("A snapshot is exact: it holds the data as of one moment.");

    public static final Directive<Long> MAX_RAND_COUNT =
            directive("max-rand-count")
                    .integer(Long.MAX_VALUE / 2, 0, Long.MAX_VALUE / 2)
                    .mutable()
                    .withoutEffect(
                            "`proto-max-bulk-len` limits how many random elements a reply may"
                                    + " hold.");

    public static final Directive<Long> SEMI_ORDERED_SET_BUCKET_SIZE =
            directive("semi-ordered-set-bucket-size")
                    .integer(0, 0, 1024)
                    .mutable()
                    .withoutEffect("Tables have no buckets.");

    public static final Directive<List<String>> STORAGE_PROVIDER =
            directive("storage-provider")
                    .words(2)
                    .checked(KeyDbEngineDirectives::memoryOnly)
                    .doc("Only empty: all data lives in memory.");

    public static final Directive<String> STORAGE_PROVIDER_OPTIONS =
            directive("storage-provider-options")
                    .optionalText()
                    .withoutEffect("As for `storage-provider`.");

    public static final Directive<CacheMode> STORAGE_CACHE_MODE =
            directive("storage-cache-mode")
                    .choice(CacheMode.WRITETHROUGH)
                    .withoutEffect("As for `storage-provider`.");

    public static final Directive<Long> STORAGE_FLUSH_PERIOD =
            directive("storage-flush-period")
                    .integer(500, 1, 10000)
                    .mutable()
                    .withoutEffect("As for `storage-provider`.");

    public static final Directive<Long> MAXSTORAGE =
            directive("maxstorage").memory(0).mutable().withoutEffect("As for `storage-provider`.");

    public static final Directive<Boolean> FLASH_DISABLE_KEY_CACHE =
            directive("flash-disable-key-cache")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("As for `storage-provider`.");

    public static final Directive<String> SCRATCH_FILE_PATH =
            directive("scratch-file-path")
                    .optionalText()
                    .checked(KeyDbEngineDirectives::noScratchFile)
                    .doc("Only empty: all data lives in memory.");

    public static final Directive<String> DB_S3_OBJECT =
            directive("db-s3-object")
                    .optionalText()
                    .mutable()
                    .withoutEffect(
                            "The operator's `KeyDBSnapshotSchedule` keeps snapshots in object"
                                    + " stores.");

    public static final List<Directive<?>> ALL =
            List.of(
                    DELETE_ON_EVICT,
                    USE_FORK,
                    TIME_THREAD_PRIORITY,
                    PREFETCH_ENABLED,
                    ALLOW_RDB_RESIZE_OP,
                    ENABLE_ASYNC_COMMANDS,
                    ENABLE_ASYNC_REHASH,
                    MULTITHREAD_LOAD_ENABLED,
                    MAX_SNAPSHOT_SLIP,
                    MAX_RAND_COUNT,
                    SEMI_ORDERED_SET_BUCKET_SIZE,
                    STORAGE_PROVIDER,
                    STORAGE_PROVIDER_OPTIONS,
                    STORAGE_CACHE_MODE,
                    STORAGE_FLUSH_PERIOD,
                    MAXSTORAGE,
                    FLASH_DISABLE_KEY_CACHE,
                    SCRATCH_FILE_PATH,
                    DB_S3_OBJECT);

    private static List<String> memoryOnly(List<String> provider) throws InvalidValue {
        if (!provider.isEmpty()) {
            throw new InvalidValue("all data lives in memory: there is no storage on flash");
        }
        return provider;
    }

    private static String noScratchFile(String path) throws InvalidValue {
        if (!path.isEmpty()) {
            throw new InvalidValue("KeyDB not compliled with scratch-file support.");
        }
        return path;
    }
}
