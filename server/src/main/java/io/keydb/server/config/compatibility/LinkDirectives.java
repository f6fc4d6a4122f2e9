package io.keydb.server.config.compatibility;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives that tune how servers written in C replicate.
 *
 * <p>Threads: immutable.
 */
public final class LinkDirectives {
    private LinkDirectives() {}

    /** When a replica loads what it receives without a file. */
    public enum DisklessLoad {
        DISABLED,
        ON_EMPTY_DB,
        SWAPDB
    }

    /** What is done about a command of the primary that fails. */
    public enum ErrorBehavior {
        IGNORE,
        PANIC,
        PANIC_ON_REPLICAS
    }

    public static final Directive<Boolean> REPL_DISABLE_TCP_NODELAY =
            directive("repl-disable-tcp-nodelay")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("What goes to replicas is sent in batches, and at once.");

    public static final Directive<DisklessLoad> REPL_DISKLESS_LOAD =
            directive("repl-diskless-load")
                    .choice(DisklessLoad.DISABLED)
                    .mutable()
                    .deniedWhileLoading()
                    .withoutEffect(
                            "A replica that has data keeps them until all of a full sync has come,"
                                    + " in a temporary file; one that has none loads it straight from"
                                    + " the connection.");

    public static final Directive<Boolean> REPLICA_LAZY_FLUSH =
            directive("replica-lazy-flush")
                    .toggle(false)
                    .alias("slave-lazy-flush")
                    .mutable()
                    .withoutEffect(
                            "Data that a full sync replaces is freed in slices, beside other"
                                    + " work.");

    public static final Directive<Boolean> REPLICA_IGNORE_DISK_WRITE_ERRORS =
            directive("replica-ignore-disk-write-errors")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("A replica never ends itself over a disk that fails.");

    public static final Directive<ErrorBehavior> PROPAGATION_ERROR_BEHAVIOR =
            directive("propagation-error-behavior")
                    .choice(ErrorBehavior.IGNORE)
                    .mutable()
                    .withoutEffect(
                            "A replica never ends itself over a command of its primary that"
                                    + " fails.");

    public static final Directive<Boolean> DUAL_CHANNEL_REPLICATION_ENABLED =
            directive("dual-channel-replication-enabled")
                    .toggle(false)
                    .mutable()
                    .withoutEffect(
                            "A full sync has a thread of its own, and writes go on meanwhile.");

    public static final Directive<Boolean> MULTI_MASTER_NO_FORWARD =
            directive("multi-master-no-forward")
                    .toggle(false)
                    .mutable()
                    .withoutEffect(
                            "Active nodes send each other what the other lacks, and nothing"
                                    + " twice.");

    public static final Directive<Long> REPLICA_QUORUM =
            directive("replica-quorum")
                    .integer(-1, -1, Integer.MAX_VALUE)
                    .mutable()
                    .withoutEffect("An active node serves whichever of its peers are there.");

    public static final Directive<Boolean> ALLOW_WRITE_DURING_LOAD =
            directive("allow-write-during-load")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("An active node takes writes while it merges.");

    public static final Directive<Boolean> ENABLE_KEYDB_FASTSYNC =
            directive("enable-keydb-fastsync")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("A full sync is a snapshot that streams while writes go on.");

    public static final Directive<Long> REPL_BACKLOG_DISK_RESERVE =
            directive("repl-backlog-disk-reserve")
                    .memory(0)
                    .withoutEffect(
                            "What replicas and peers may have missed is kept in memory only.");

    public static final Directive<Boolean> FORCE_BACKLOG_DISK_RESERVE =
            directive("force-backlog-disk-reserve")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("As for `repl-backlog-disk-reserve`.");

    public static final List<Directive<?>> ALL =
            List.of(
                    REPL_DISABLE_TCP_NODELAY,
                    REPL_DISKLESS_LOAD,
                    REPLICA_LAZY_FLUSH,
                    REPLICA_IGNORE_DISK_WRITE_ERRORS,
                    PROPAGATION_ERROR_BEHAVIOR,
                    DUAL_CHANNEL_REPLICATION_ENABLED,
                    MULTI_MASTER_NO_FORWARD,
                    REPLICA_QUORUM,
                    ALLOW_WRITE_DURING_LOAD,
                    ENABLE_KEYDB_FASTSYNC,
                    REPL_BACKLOG_DISK_RESERVE,
                    FORCE_BACKLOG_DISK_RESERVE);
}
