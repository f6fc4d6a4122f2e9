package io.keydb.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes and metrics answer over HTTP as Kubernetes and Prometheus expect. */
class ManagementServerTest {
    private volatile Optional<String> objection = Optional.empty();
    private final ManagementServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    ManagementServerTest() throws IOException {
        Readiness links =
                new Readiness() {
                    @Override
                    public String name() {
                        return "replication";
                    }

                    @Override
                    public Optional<String> objection() {
                        return objection;
                    }
                };
        server =
                ManagementServer.start(
                        "127.0.0.1", 0, new Probes(List.of(links)), () -> "redis_up 1\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readyFollowsTheConditions() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        objection = Optional.of("link \"a\" is\nmerging");
        HttpResponse<String> unready = get("/health/ready");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body())
                .isEqualTo(
                        "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"replication\",\"status\":"
                                + "\"DOWN\",\"data\":{\"reason\":"
                                + "\"link \\\"a\\\" is\\u000amerging\"}}]}\n");
    }

    @Test
    void liveDoesNotDependOnTheConditions() throws Exception {
        objection = Optional.of("loading");
        HttpResponse<String> live = get("/health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("{\"status\":\"UP\",\"checks\":[]}\n");
    }

    @Test
    void metricsAreMarkedAsPrometheusText() throws Exception {
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.body()).isEqualTo("redis_up 1\n");
        assertThat(metrics.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(get("/health/ready/x").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
        HttpRequest post =
                HttpRequest.newBuilder(uri("/metrics"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
