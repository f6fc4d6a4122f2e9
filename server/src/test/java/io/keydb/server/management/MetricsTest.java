package io.keydb.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.Statistic;
import org.junit.jupiter.api.Test;

/** A report becomes valid Prometheus text. */
class MetricsTest {
    private enum Example implements Statistic {
        CLIENTS(Kind.GAUGE, "redis_connected_clients"),
        CALLS(Kind.COUNTER, "redis_commands_total"),
        HIDDEN(Kind.GAUGE, "");

        private final Kind kind;
        private final String metric;

        Example(Kind kind, String metric) {
            this.kind = kind;
            this.metric = metric;
        }

        @Override
        public Kind kind() {
            return kind;
        }

        @Override
        public String field() {
            return "";
        }

        @Override
        public String metric() {
            return metric;
        }

        @Override
        public String sentence() {
            return "Sentence of " + name() + ".";
        }
    }

    @Test
    void samplesOfAMetricStandTogether() {
        Metrics metrics = new Metrics();
        metrics.labelled(Example.CALLS, "cmd", "get", 3);
        metrics.number(Example.CLIENTS, 7);
        metrics.labelled(Example.CALLS, "cmd", "a\"b\\c\nd", 0.5);
        metrics.number(Example.HIDDEN, 1);
        metrics.text("role", "master");
        assertThat(metrics)
                .hasToString(
                        """
                        # HELP redis_commands_total Sentence of CALLS.
                        # TYPE redis_commands_total counter
                        redis_commands_total{cmd="get"} 3
                        redis_commands_total{cmd="a\\"b\\\\c\\nd"} 0.5
                        # HELP redis_connected_clients Sentence of CLIENTS.
                        # TYPE redis_connected_clients gauge
                        redis_connected_clients 7
                        """);
    }
}
