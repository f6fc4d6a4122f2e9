package io.keydb.server.observability.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Configuration.Assignment;
import io.keydb.server.config.Directives;
import io.keydb.server.support.TestClock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatencyMonitorTest {
    private static final long MILLI = 1_000_000;

    private final TestClock clock = new TestClock(1_700_000_000_000L);
    private final Configuration configuration =
            new Configuration(Directives.of(LatencyDirectives.ALL));
    private final LatencyMonitor monitor = new LatencyMonitor(configuration, clock);

    @BeforeEach
    void watchFrom100Millis() throws Exception {
        configuration.change(List.of(new Assignment("latency-monitor-threshold", "100")));
    }

    @Test
    void whatIsShorterThanTheThresholdIsIgnored() throws Exception {
        monitor.took("command", 100 * MILLI - 1);
        assertThat(monitor.events()).isEmpty();
        monitor.took("command", 100 * MILLI);
        assertThat(monitor.events()).hasSize(1);
        configuration.change(List.of(new Assignment("latency-monitor-threshold", "0")));
        monitor.took("fork", 5000 * MILLI);
        assertThat(monitor.event("fork")).isNull();
    }

    @Test
    void theWorstOfEachSecondIsKept() {
        monitor.took("command", 200 * MILLI);
        monitor.took("command", 300 * MILLI);
        monitor.took("command", 150 * MILLI);
        clock.advanceMillis(1000);
        monitor.took("command", 120 * MILLI);
        LatencyMonitor.Event event = monitor.events().getFirst();
        assertThat(event.worst()).isEqualTo(300);
        assertThat(event.spikes())
                .containsExactly(
                        new LatencySeries.Spike(1_700_000_000, 300),
                        new LatencySeries.Spike(1_700_000_001, 120));
    }

    @Test
    void onlyTheLastSecondsAreKept() {
        for (int i = 0; i < LatencySeries.MOST + 10; i++) {
            monitor.took("command", (500 - i) * MILLI);
            clock.advanceMillis(1000);
        }
        LatencyMonitor.Event event = monitor.events().getFirst();
        assertThat(event.spikes()).hasSize(LatencySeries.MOST);
        assertThat(event.spikes().getFirst().millis()).isEqualTo(490);
        assertThat(event.worst()).isEqualTo(500);
    }

    @Test
    void resetForgetsOneOrAll() {
        monitor.took("command", 200 * MILLI);
        monitor.took("expire-cycle", 200 * MILLI);
        assertThat(monitor.reset("COMMAND")).isTrue();
        assertThat(monitor.reset("command")).isFalse();
        monitor.took("fast-command", 200 * MILLI);
        assertThat(monitor.reset()).isEqualTo(2);
        assertThat(monitor.events()).isEmpty();
    }

    @Test
    void theGraphRisesWithTheSpikes() {
        for (int i = 1; i <= 5; i++) {
            monitor.took("command", i * 100 * MILLI);
            clock.advanceMillis(i == 1 ? 90_000 : 1000);
        }
        LatencyMonitor.Event event = monitor.events().getFirst();
        assertThat(LatencyGraph.of(event, clock.millis() / 1000))
                .isEqualTo(
                        "command - high 500 ms, low 100 ms (all time high 500 ms)\n"
                                + "-".repeat(80)
                                + "\n"
                                + "   _#\n"
                                + "  _||\n"
                                + " _|||\n"
                                + "_||||\n"
                                + "     \n"
                                + "14321\n"
                                + "mssss\n");
    }

    @Test
    void theDoctorCountsAndAdvises() {
        monitor.took("command", 200 * MILLI);
        clock.advanceMillis(4000);
        monitor.took("command", 400 * MILLI);
        LatencyDoctor.Settings settings = new LatencyDoctor.Settings(100, -1, 10);
        assertThat(LatencyDoctor.report(monitor.events(), settings, clock.millis() / 1000))
                .contains(
                        "1. command: 2 latency spikes (average 300ms, mean deviation 100ms, period"
                                + " 2.00 sec). Worst all time event 400ms.\n")
                .contains("CONFIG SET slowlog-log-slower-than 100000 ")
                .contains("SLOWLOG GET");
    }

    @Test
    void everyEventHasAdviceExceptUnknownOnes() {
        LatencyDoctor.Settings settings = new LatencyDoctor.Settings(100, 10_000, 10);
        for (String event :
                List.of(
                        "command",
                        "fast-command",
                        "expire-cycle",
                        "eviction-del",
                        "eviction-cycle",
                        "active-defrag-cycle",
                        "aof-fsync-always",
                        "aof-write-alone")) {
            monitor.took(event, 200 * MILLI);
            assertThat(LatencyDoctor.report(monitor.events(), settings, clock.millis() / 1000))
                    .as(event)
                    .contains("I have a few advices for you:\n\n- ");
            monitor.reset();
        }
        monitor.took("other", 200 * MILLI);
        assertThat(LatencyDoctor.report(monitor.events(), settings, clock.millis() / 1000))
                .doesNotContain("advices");
    }
}
