package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.Statistic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Metrics have the names and kinds that redis_exporter gives them, so that its dashboards work. */
class ExporterNamesTest {
    /** Fields whose value is a word, with a metric that no field belongs to. */
    private static final Set<String> WORDS =
            Set.of("rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status");

    private static final Set<String> SHOWN_UNDER_ANOTHER_NAME = Set.of("server_threads");

    private record Shown(String metric, String kind) {}

    @Test
    void everyFieldOfInfoHasTheNameOfTheExporter() throws Exception {
        Map<String, Shown> exporter = exporter();
        Map<String, Statistic> declared = new HashMap<>();
        Declarations.statistics().values().stream()
                .flatMap(List::stream)
                .forEach(statistic -> declared.put(statistic.field(), statistic));
        Set<String> metrics =
                Declarations.statistics().values().stream()
                        .flatMap(List::stream)
                        .map(Statistic::metric)
                        .collect(Collectors.toSet());
        for (String field : fields()) {
            Shown shown = exporter.get(field);
            if (shown == null || SHOWN_UNDER_ANOTHER_NAME.contains(field)) {
                continue;
            }
            assertThat(metrics.contains(shown.metric()))
                    .as("%s of %s is declared", shown.metric(), field)
                    .isTrue();
            if (!WORDS.contains(field)) {
                Statistic statistic =
                        Objects.requireNonNull(declared.get(field), field + " is declared");
                assertThat(statistic.metric()).as(field).isEqualTo(shown.metric());
                assertThat(statistic.kind().name().toLowerCase(Locale.ROOT))
                        .as(field)
                        .isEqualTo(shown.kind());
            }
        }
    }

    @Test
    void whatTheExporterMakesOfSeveralFieldsIsThere() {
        Set<String> metrics = new HashSet<>();
        Declarations.statistics()
                .values()
                .forEach(all -> all.forEach(statistic -> metrics.add(statistic.metric())));
        assertThat(metrics)
                .contains(
                        "redis_up",
                        "redis_instance_info",
                        "redis_start_time_seconds",
                        "redis_hz",
                        "redis_configured_hz",
                        "redis_server_threads_total",
                        "redis_commands_total",
                        "redis_commands_duration_seconds_total",
                        "redis_commands_rejected_calls_total",
                        "redis_commands_failed_calls_total",
                        "redis_errors_total",
                        "redis_db_keys",
                        "redis_db_keys_expiring",
                        "redis_db_avg_ttl_seconds",
                        "redis_slave_info",
                        "redis_master_link_up",
                        "redis_master_last_io_seconds_ago",
                        "redis_master_sync_in_progress",
                        "redis_connected_slave_offset_bytes",
                        "redis_connected_slave_lag_seconds");
    }

    @Test
    void everyFieldStandsOnceInInfo() throws Exception {
        assertThat(fields()).doesNotHaveDuplicates();
    }

    private static List<String> fields() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            return client.call("INFO", "everything")
                    .lines()
                    .filter(line -> line.contains(":"))
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .toList();
        }
    }

    private static Map<String, Shown> exporter() throws IOException {
        try (InputStream in =
                ExporterNamesTest.class.getResourceAsStream("redis-exporter-names.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(
                            Collectors.toMap(
                                    words -> words[0], words -> new Shown(words[1], words[2])));
        }
    }
}
