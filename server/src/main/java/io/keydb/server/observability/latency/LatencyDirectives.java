package io.keydb.server.observability.latency;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Directives of measuring how long things take.
 *
 * <p>Threads: immutable.
 */
public final class LatencyDirectives {
    private static final int MOST_PERCENTILES = 64;
    private static final int DECIMALS = 6;

    private LatencyDirectives() {}

    public static final Directive<Long> LATENCY_MONITOR_THRESHOLD =
            directive("latency-monitor-threshold")
                    .integer(0, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc(
                            "What holds up others for so many milliseconds is kept for LATENCY; 0"
                                    + " keeps nothing.");

    public static final Directive<Boolean> LATENCY_TRACKING =
            directive("latency-tracking")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Keeps how the durations of each command are distributed, for LATENCY"
                                    + " HISTOGRAM and INFO latencystats.");

    public static final Directive<List<String>> LATENCY_TRACKING_INFO_PERCENTILES =
            directive("latency-tracking-info-percentiles")
                    .words(MOST_PERCENTILES, "50", "99", "99.9")
                    .mutable()
                    .checked(LatencyDirectives::percentiles)
                    .doc("The percentiles of durations that INFO latencystats shows.");

    public static final List<Directive<?>> ALL =
            List.of(LATENCY_MONITOR_THRESHOLD, LATENCY_TRACKING, LATENCY_TRACKING_INFO_PERCENTILES);

    private static List<String> percentiles(List<String> words) throws InvalidValue {
        List<String> percentiles = new ArrayList<>();
        for (String word : words) {
            BigDecimal percentile = number(word);
            if (percentile.signum() < 0 || percentile.compareTo(BigDecimal.valueOf(100)) > 0) {
                throw new InvalidValue(
                        "latency-tracking-info-percentiles parameters should sit between"
                                + " [0.0,100.0]");
            }
            percentiles.add(plain(percentile));
        }
        return List.copyOf(percentiles);
    }

    private static BigDecimal number(String word) throws InvalidValue {
        try {
            return new BigDecimal(word);
        } catch (NumberFormatException noNumber) {
            throw new InvalidValue("Invalid latency-tracking-info-percentiles parameters");
        }
    }

    private static String plain(BigDecimal percentile) {
        BigDecimal rounded = percentile.setScale(DECIMALS, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
