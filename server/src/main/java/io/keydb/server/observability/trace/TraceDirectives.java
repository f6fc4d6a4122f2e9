package io.keydb.server.observability.trace;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of the slow log.
 *
 * <p>Threads: immutable.
 */
public final class TraceDirectives {
    private TraceDirectives() {}

    public static final Directive<Long> SLOWLOG_LOG_SLOWER_THAN =
            directive("slowlog-log-slower-than")
                    .integer(10_000, -1, Long.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Commands that take so many microseconds go to the slow log; 0 has all"
                                    + " of them, -1 none.");

    public static final Directive<Long> SLOWLOG_MAX_LEN =
            directive("slowlog-max-len")
                    .integer(128, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("So many entries are kept in the slow log.");

    public static final List<Directive<?>> ALL = List.of(SLOWLOG_LOG_SLOWER_THAN, SLOWLOG_MAX_LEN);
}
