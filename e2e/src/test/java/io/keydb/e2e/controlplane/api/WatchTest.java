package io.keydb.e2e.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.keydb.e2e.controlplane.Await;
import io.keydb.e2e.controlplane.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches over WebSocket and over a plain response. */
class WatchTest {

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ConfigMap create(String name, String color) {
        return server.client
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .addToLabels("color", color)
                                .endMetadata()
                                .build())
                .create();
    }

    private void paint(String name, String color) {
        server.client
                .configMaps()
                .withName(name)
                .edit(
                        map ->
                                new ConfigMapBuilder(map)
                                        .editMetadata()
                                        .addToLabels("color", color)
                                        .endMetadata()
                                        .build());
    }

    @Test
    void aWatchShowsWhatHappenedInOrder() {
        List<String> seen = new CopyOnWriteArrayList<>();
        create("a", "red");
        try (Watch _ =
                server.client.configMaps().withLabel("color", "red").watch(new Recorder(seen))) {
            Await.until(() -> !seen.isEmpty());
            create("b", "red");
            create("c", "blue");
            paint("a", "blue");
            paint("c", "red");
            paint("c", "red");
            server.client.configMaps().withName("b").delete();
            Await.until(() -> seen.size() >= 5);
            assertThat(seen)
                    .containsExactly("ADDED a", "ADDED b", "DELETED a", "ADDED c", "DELETED b");
        }
    }

    private record Recorder(List<String> seen) implements Watcher<ConfigMap> {
        @Override
        public void eventReceived(Action action, ConfigMap map) {
            seen.add(action + " " + map.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            seen.add("closed");
        }
    }

    @Test
    void informersFollow() {
        create("a", "red");
        try (SharedIndexInformer<ConfigMap> informer = server.client.configMaps().inform()) {
            Await.until(() -> informer.getStore().list().size() == 1);
            create("b", "red");
            server.client.configMaps().withName("a").delete();
            Await.until(() -> informer.getStore().listKeys().equals(List.of("default/b")));
        }
    }

    private List<JsonNode> stream(String query, int count) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        URI uri =
                URI.create(
                        server.url() + "/api/v1/namespaces/default/configmaps?watch=true&" + query);
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(uri.toURL().openStream(), StandardCharsets.UTF_8))) {
            while (events.size() < count) {
                String line = reader.readLine();
                if (line == null) {
                    break;
                }
                events.add(Json.parse(line));
            }
        }
        return events;
    }

    @Test
    void aWatchResumesAfterARevision() throws IOException {
        ConfigMap first = create("a", "red");
        create("b", "red");
        paint("a", "blue");
        List<JsonNode> events =
                stream("resourceVersion=" + first.getMetadata().getResourceVersion(), 2);
        assertThat(events.stream().map(event -> Json.text(event, "type")).toList())
                .containsExactly("ADDED", "MODIFIED");
    }

    @Test
    void aWatchEndsAtItsTimeLimit() throws IOException {
        create("a", "red");
        assertThat(stream("timeoutSeconds=1", 99)).hasSize(1);
    }

    @Test
    void aRevisionLostFromTheHistoryIsGone() throws IOException {
        for (int i = 0; i < 20_050; i++) {
            server.api.store().put(ResourceKinds.EVENT.key("default", "e"), Json.object());
        }
        List<JsonNode> events = stream("resourceVersion=3", 99);
        assertThat(events).hasSize(1);
        assertThat(Json.text(events.getFirst(), "type")).isEqualTo("ERROR");
        assertThat(Json.at(events.getFirst(), "object", "code").asInt()).isEqualTo(410);
    }

    @Test
    void theInitialListCanBePartOfTheWatch() throws IOException {
        create("a", "red");
        List<JsonNode> events = stream("sendInitialEvents=true&allowWatchBookmarks=true", 2);
        assertThat(Json.text(events.get(1), "type")).isEqualTo("BOOKMARK");
        assertThat(
                        Json.text(
                                events.get(1),
                                "object",
                                "metadata",
                                "annotations",
                                "k8s.io/initial-events-end"))
                .isEqualTo("true");
    }
}
