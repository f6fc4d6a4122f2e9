package io.keydb.server.tracking;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of client-side caching.
 *
 * <p>Threads: immutable.
 */
public final class TrackingDirectives {
    private TrackingDirectives() {}

    public static final Directive<Long> TRACKING_TABLE_MAX_KEYS =
            directive("tracking-table-max-keys")
                    .integer(1_000_000, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Keys for which it is remembered which clients keep copies; beyond,"
                                    + " some are forgotten and invalidated. 0 is no limit.");

    public static final List<Directive<?>> ALL = List.of(TRACKING_TABLE_MAX_KEYS);
}
