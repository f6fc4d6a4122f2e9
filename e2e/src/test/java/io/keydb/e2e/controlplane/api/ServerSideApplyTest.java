package io.keydb.e2e.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Server-side apply: merging, ownership, conflicts. */
class ServerSideApplyTest {

    private static final WriteOptions OPERATOR = WriteOptions.by("operator");
    private static final WriteOptions PERSON = WriteOptions.by("person");

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ObjectNode apply(ResourceKind kind, String name, String yaml, WriteOptions options) {
        try {
            return server.api.patch(
                    kind, "default", name, Api.PatchType.APPLY, Json.parseYaml(yaml), options);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theClientsApplyCreatesAndChanges() {
        ConfigMap map =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("a")
                        .withNamespace("default")
                        .endMetadata()
                        .withData(Map.of("x", "1", "y", "1"))
                        .build();
        server.client.resource(map).fieldManager("operator").forceConflicts().serverSideApply();
        map.setData(Map.of("x", "2"));
        ConfigMap changed =
                server.client
                        .resource(map)
                        .fieldManager("operator")
                        .forceConflicts()
                        .serverSideApply();
        assertThat(changed.getData()).isEqualTo(Map.of("x", "2"));
        assertThat(changed.getMetadata().getManagedFields()).hasSize(1);
        assertThat(
                        changed.getMetadata()
                                .getManagedFields()
                                .getFirst()
                                .getFieldsV1()
                                .getAdditionalProperties())
                .isEqualTo(Map.of("f:data", Map.of("f:x", Map.of())));
    }

    @Test
    void anApplyThatChangesNothingIsNoWrite() {
        ObjectNode first = apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", OPERATOR);
        ObjectNode second = apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", OPERATOR);
        assertThat(Json.text(second, "metadata", "resourceVersion"))
                .isEqualTo(Json.text(first, "metadata", "resourceVersion"));
    }

    @Test
    void fieldsOfOthersStayAndOwnDroppedFieldsGo() {
        apply(
                ResourceKinds.CONFIG_MAP,
                "a",
                "data: {mine: '1', shared: '1', dropped: '1'}",
                OPERATOR);
        apply(ResourceKinds.CONFIG_MAP, "a", "data: {theirs: '1', shared: '1'}", PERSON);
        ObjectNode result = apply(ResourceKinds.CONFIG_MAP, "a", "data: {mine: '2'}", OPERATOR);
        assertThat(Json.write(result.path("data")))
                .isEqualTo("{\"mine\":\"2\",\"shared\":\"1\",\"theirs\":\"1\"}");
    }

    @Test
    void aMapThatBecomesEmptyByDroppingGoes() {
        apply(
                ResourceKinds.CONFIG_MAP,
                "a",
                "metadata: {labels: {a: b}}\ndata: {x: '1'}",
                OPERATOR);
        ObjectNode result = apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", OPERATOR);
        assertThat(result.path("metadata").has("labels")).isFalse();
    }

    @Test
    void aConflictNamesManagerAndField() {
        apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", OPERATOR);
        assertThatThrownBy(() -> apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '2'}", PERSON))
                .isInstanceOf(ApiException.class)
                .hasMessage("Apply failed with 1 conflict: conflict with \"operator\": .data.x");
    }

    @Test
    void forceTakesTheFieldOver() {
        apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", OPERATOR);
        apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '2'}", PERSON.forced());
        ObjectNode result = apply(ResourceKinds.CONFIG_MAP, "a", "{}", OPERATOR);
        assertThat(Json.text(result, "data", "x")).isEqualTo("2");
    }

    @Test
    void anUpdateTakesWhatItChanges() {
        apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1', y: '1'}", OPERATOR);
        server.client
                .configMaps()
                .withName("a")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"x\":\"2\"}}");
        assertThatThrownBy(
                        () ->
                                apply(
                                        ResourceKinds.CONFIG_MAP,
                                        "a",
                                        "data: {x: '1', y: '1'}",
                                        OPERATOR))
                .hasMessageContaining("using v1: .data.x");
        ObjectNode result = apply(ResourceKinds.CONFIG_MAP, "a", "data: {y: '1'}", OPERATOR);
        assertThat(Json.text(result, "data", "x")).isEqualTo("2");
    }

    private static final String STATEFUL_SET =
            """
            spec:
              serviceName: s
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec:
                  containers:
                  - name: server
                    image: keydb:1
                    ports:
                    - {containerPort: 6379, name: redis}
                    - {containerPort: 8080, name: management}
                    env:
                    - {name: A, value: '1'}
                    - {name: B, value: '1'}
            """;

    @Test
    void keyedListsMergeItemByItem() {
        apply(ResourceKinds.STATEFUL_SET, "a", STATEFUL_SET, OPERATOR);
        apply(
                ResourceKinds.STATEFUL_SET,
                "a",
                "spec: {template: {spec: {containers: [{name: server, env: [{name: C, value: '1'}]}, {name: side, image: x}]}}}",
                PERSON);
        ObjectNode result =
                apply(
                        ResourceKinds.STATEFUL_SET,
                        "a",
                        STATEFUL_SET
                                .replace("        - {name: B, value: '1'}\n", "")
                                .replace("        - {containerPort: 8080, name: management}\n", ""),
                        OPERATOR);
        JsonNode containers = Json.at(result, "spec", "template", "spec", "containers");
        assertThat(names(containers)).containsExactly("server", "side");
        assertThat(names(containers.get(0).path("env"))).containsExactly("A", "C");
        assertThat(names(containers.get(0).path("ports"))).containsExactly("redis");
        assertThat(Json.at(result, "metadata", "generation").asLong()).isEqualTo(3);
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(Json.text(item, "name")));
        return names;
    }

    @Test
    void defaultsOfTheServerAreNobodysAndStay() {
        ObjectNode first = apply(ResourceKinds.STATEFUL_SET, "a", STATEFUL_SET, OPERATOR);
        assertThat(Json.text(first, "spec", "podManagementPolicy")).isEqualTo("OrderedReady");
        assertThat(
                        first.at("/metadata/managedFields/0/fieldsV1/f:spec")
                                .has("f:podManagementPolicy"))
                .isFalse();
        ObjectNode second = apply(ResourceKinds.STATEFUL_SET, "a", STATEFUL_SET, OPERATOR);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void statusIsOwnedThroughItsSubresource() {
        apply(ResourceKinds.STATEFUL_SET, "a", STATEFUL_SET + "status: {replicas: 9}\n", OPERATOR);
        assertThat(server.api.get(ResourceKinds.STATEFUL_SET, "default", "a").has("status"))
                .isFalse();
        ObjectNode result =
                apply(
                        ResourceKinds.STATEFUL_SET,
                        "a",
                        "spec: {replicas: 5}\nstatus: {replicas: 1}",
                        OPERATOR.onStatus());
        assertThat(Json.at(result, "status", "replicas").asLong()).isEqualTo(1);
        assertThat(Json.at(result, "spec", "replicas").asLong()).isEqualTo(1);
        assertThat(result.at("/metadata/managedFields").findValuesAsText("subresource"))
                .containsExactly("status");
        ObjectNode applied = apply(ResourceKinds.STATEFUL_SET, "a", STATEFUL_SET, OPERATOR);
        assertThat(Json.at(applied, "status", "replicas").asLong()).isEqualTo(1);
    }

    @Test
    void ownerReferencesAreKeyedByUid() {
        apply(
                ResourceKinds.CONFIG_MAP,
                "a",
                "metadata: {ownerReferences: [{apiVersion: v1, kind: Namespace, name: default, uid: "
                        + Json.text(
                                server.api.get(ResourceKinds.NAMESPACE, "", "default"),
                                "metadata",
                                "uid")
                        + "}]}",
                OPERATOR);
        ObjectNode result = apply(ResourceKinds.CONFIG_MAP, "a", "data: {x: '1'}", PERSON);
        assertThat(Json.at(result, "metadata", "ownerReferences")).hasSize(1);
    }
}
