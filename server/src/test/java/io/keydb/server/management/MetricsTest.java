package io.keydb.server.management;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.Statistic;
import org.junit.jupiter.api.Test;

/** A report becomes valid Prometheus text. */
class MetricsTest {
    private static final Statistic CLIENTS =
            gauge("connected_clients", "redis_connected_clients", "Sentence of clients.");
    private static final Statistic CALLS =
            counter("", "redis_commands_total", "Sentence of calls.");
    private static final Statistic HIDDEN = gauge("hidden", "", "Sentence of hidden.");

    @Test
    void samplesOfAMetricStandTogether() {
        Metrics metrics = new Metrics();
        metrics.labelled(CALLS, "cmd", "get", 3);
        metrics.number(CLIENTS, 7);
        metrics.labelledFraction(CALLS, "cmd", "a\"b\\c\nd", 0.5);
        metrics.number(HIDDEN, 1);
        metrics.text("role", "master");
        assertThat(metrics)
                .hasToString(
                        """
                        # HELP redis_commands_total Sentence of calls.
                        # TYPE redis_commands_total counter
                        redis_commands_total{cmd="get"} 3
                        redis_commands_total{cmd="a\\"b\\\\c\\nd"} 0.5
                        # HELP redis_connected_clients Sentence of clients.
                        # TYPE redis_connected_clients gauge
                        redis_connected_clients 7
                        """);
    }
}
