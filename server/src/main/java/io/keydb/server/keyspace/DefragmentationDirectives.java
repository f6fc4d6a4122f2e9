package io.keydb.server.keyspace;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of {@link ActiveDefragmentation}.
 *
 * <p>Threads: immutable.
 */
public final class DefragmentationDirectives {
    private DefragmentationDirectives() {}

    private static final int MOST_PERCENT = 1000;
    private static final int MOST_EFFORT = 99;

    public static final Directive<Boolean> ACTIVEDEFRAG =
            directive("activedefrag")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Whether data is moved together by and by, so that memory which is"
                                    + " mostly free goes back to the system.");

    public static final Directive<Long> IGNORE_BYTES =
            directive("active-defrag-ignore-bytes")
                    .memory(100L << 20, 1, Long.MAX_VALUE)
                    .mutable()
                    .doc("Memory that may be wasted by fragmentation before anything is moved.");

    public static final Directive<Long> THRESHOLD_LOWER =
            directive("active-defrag-threshold-lower")
                    .integer(10, 0, MOST_PERCENT)
                    .mutable()
                    .doc("Percentage of fragmentation from which on data is moved.");

    public static final Directive<Long> THRESHOLD_UPPER =
            directive("active-defrag-threshold-upper")
                    .integer(100, 0, MOST_PERCENT)
                    .mutable()
                    .doc("Percentage of fragmentation at which the greatest effort is made.");

    public static final Directive<Long> CYCLE_MIN =
            directive("active-defrag-cycle-min")
                    .integer(1, 1, MOST_EFFORT)
                    .mutable()
                    .doc("Percentage of time spent on moving data at the lower threshold.");

    public static final Directive<Long> CYCLE_MAX =
            directive("active-defrag-cycle-max")
                    .integer(25, 1, MOST_EFFORT)
                    .mutable()
                    .doc("Percentage of time spent on moving data at the upper threshold.");

    public static final Directive<Long> MAX_SCAN_FIELDS =
            directive("active-defrag-max-scan-fields")
                    .integer(1000, 1, Long.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Elements of a collection that are moved at once; larger collections"
                                    + " are moved in pieces.");

    public static final List<Directive<?>> ALL =
            List.of(
                    ACTIVEDEFRAG,
                    IGNORE_BYTES,
                    THRESHOLD_LOWER,
                    THRESHOLD_UPPER,
                    CYCLE_MIN,
                    CYCLE_MAX,
                    MAX_SCAN_FIELDS);
}
