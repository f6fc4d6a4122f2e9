package io.keydb.server.config.compatibility;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of crash reports, messages at the start and helps for tests of servers written in C.
 *
 * <p>Threads: immutable.
 */
public final class DiagnosticDirectives {
    private DiagnosticDirectives() {}

    public static final Directive<Boolean> ALWAYS_SHOW_LOGO =
            directive("always-show-logo").toggle(false).withoutEffect("There is no logo.");

    public static final Directive<Boolean> ENABLE_MOTD =
            directive("enable-motd")
                    .toggle(true)
                    .withoutEffect("No message of the day is fetched from anywhere.");

    public static final Directive<Boolean> CRASH_LOG_ENABLED =
            directive("crash-log-enabled")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Whether a process that ends by SIGABRT, or as DEBUG wants it, leaves a"
                                    + " report in the log: all threads, INFO and CLIENT LIST. A fault"
                                    + " of Java itself leaves `hs_err_pid*.log` in any case.");

    public static final Directive<Boolean> CRASH_MEMCHECK_ENABLED =
            directive("crash-memcheck-enabled")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("The report of a crash tests no memory.");

    public static final Directive<Boolean> USE_EXIT_ON_PANIC =
            directive("use-exit-on-panic")
                    .toggle(false)
                    .mutable()
                    .hidden()
                    .doc(
                            "Ends the process with code 1 instead of SIGABRT where DEBUG PANIC and"
                                    + " its kind end it.");

    public static final Directive<Long> WATCHDOG_PERIOD =
            directive("watchdog-period")
                    .integer(0, 0, Integer.MAX_VALUE)
                    .mutable()
                    .hidden()
                    .withoutEffect(
                            "`SLOWLOG` and `LATENCY` tell what was slow; a thread dump what is.");

    public static final Directive<String> IGNORE_WARNINGS =
            directive("ignore-warnings")
                    .text("")
                    .mutable()
                    .withoutEffect("There is no warning over which the server refuses to start.");

    public static final Directive<Boolean> HIDE_USER_DATA_FROM_LOG =
            directive("hide-user-data-from-log")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("The log never holds keys or values.");

    public static final Directive<Boolean> EXTENDED_REDIS_COMPATIBILITY =
            directive("extended-redis-compatibility")
                    .toggle(false)
                    .mutable()
                    .withoutEffect(
                            "The server is called `keydb` where its name does not matter, and tells"
                                    + " the version of Redis where it does.");

    public static final Directive<Boolean> ENABLE_DEBUG_ASSERT =
            directive("enable-debug-assert")
                    .toggle(false)
                    .hidden()
                    .withoutEffect("A help for the developers of stock servers.");

    public static final Directive<String> DEBUG_CONTEXT =
            directive("debug-context")
                    .text("")
                    .mutable()
                    .hidden()
                    .withoutEffect("A help for the developers of stock servers.");

    public static final Directive<String> LIST_MAX_ZIPLIST_ENTRIES =
            directive("list-max-ziplist-entries")
                    .text("")
                    .fileOnly()
                    .withoutEffect("Stock servers have dropped it too; old files may hold it.");

    public static final Directive<String> LIST_MAX_ZIPLIST_VALUE =
            directive("list-max-ziplist-value")
                    .text("")
                    .fileOnly()
                    .withoutEffect("Stock servers have dropped it too; old files may hold it.");

    public static final Directive<Boolean> TESTMODE =
            directive("testmode")
                    .toggle(false)
                    .fileOnly()
                    .withoutEffect("A help for the developers of KeyDB.");

    public static final Directive<String> VERSION_OVERRIDE =
            directive("version-override")
                    .text("")
                    .fileOnly()
                    .withoutEffect(
                            "A help for the developers of KeyDB: `INFO` tells the version of Redis"
                                    + " that is spoken, and the server's own.");

    public static final Directive<List<String>> RDBFUZZ_MODE =
            directive("rdbfuzz-mode")
                    .words(1)
                    .fileOnly()
                    .withoutEffect("A help for the developers of KeyDB.");

    public static final List<Directive<?>> ALL =
            List.of(
                    ALWAYS_SHOW_LOGO,
                    ENABLE_MOTD,
                    CRASH_LOG_ENABLED,
                    CRASH_MEMCHECK_ENABLED,
                    USE_EXIT_ON_PANIC,
                    WATCHDOG_PERIOD,
                    IGNORE_WARNINGS,
                    HIDE_USER_DATA_FROM_LOG,
                    EXTENDED_REDIS_COMPATIBILITY,
                    ENABLE_DEBUG_ASSERT,
                    DEBUG_CONTEXT,
                    LIST_MAX_ZIPLIST_ENTRIES,
                    LIST_MAX_ZIPLIST_VALUE,
                    TESTMODE,
                    VERSION_OVERRIDE,
                    RDBFUZZ_MODE);
}
