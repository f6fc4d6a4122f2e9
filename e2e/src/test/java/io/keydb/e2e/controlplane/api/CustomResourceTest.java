package io.keydb.e2e.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Custom resources: schema, defaults, pruning, CEL, status and scale. */
class CustomResourceTest {

    private static final WriteOptions PERSON = WriteOptions.by("person");

    private static final String DEFINITION =
            """
            metadata: {name: boxes.test.keydb.io}
            spec:
              group: test.keydb.io
              scope: Namespaced
              names: {kind: Box, plural: boxes, shortNames: [bx]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [mode]
                        properties:
                          mode: {type: string, enum: [One, Many]}
                          replicas: {type: integer, minimum: 1, maximum: 9, default: 1}
                          size: {type: string, pattern: '^[0-9]+Gi$'}
                          storage:
                            type: object
                            default: {}
                            properties:
                              keep: {type: boolean, default: true}
                          config: {type: object, additionalProperties: {type: string}}
                          namespace: {type: string}
                          ports:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items:
                              type: object
                              required: [name]
                              properties:
                                name: {type: string}
                                port: {type: integer}
                              x-kubernetes-validations:
                              - {rule: self.port >= oldSelf.port, message: ports only grow}
                        x-kubernetes-validations:
                        - rule: self.mode != 'One' || self.replicas == 1
                          message: mode One has one replica
                        - rule: "!has(self.size) || !has(oldSelf.size) || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0"
                          messageExpression: "'size cannot shrink from ' + oldSelf.size + ' to ' + self.size"
                          reason: FieldValueForbidden
                          fieldPath: .size
                        - rule: "!has(self.config) || !self.config.exists(key, key in ['port', 'dir'])"
                          message: port and dir belong to the operator
                        - rule: "!has(self.__namespace__) || self.__namespace__ != 'kube-system'"
                      status:
                        type: object
                        properties:
                          replicas: {type: integer}
                          phase: {type: string}
            """;

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
        server.api.create(ResourceKinds.DEFINITION, "", yaml(DEFINITION), PERSON);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) Json.parseYaml(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private ResourceKind box() {
        return server.api.kinds().byPlural("test.keydb.io", "v1", "boxes").orElseThrow();
    }

    private ObjectNode create(String spec) {
        return server.api.create(
                box(), "default", yaml("metadata: {name: b}\nspec: " + spec), PERSON);
    }

    private ObjectNode merge(String patch) {
        return server.api.patch(box(), "default", "b", Api.PatchType.MERGE, yaml(patch), PERSON);
    }

    @Test
    void defaultsAreFilledInAndUnknownFieldsPruned() {
        ObjectNode created = create("{mode: One, colour: red}");
        assertThat(Json.write(created.path("spec")))
                .isEqualTo("{\"mode\":\"One\",\"replicas\":1,\"storage\":{\"keep\":true}}");
    }

    @Test
    void strictWritesRefuseUnknownFields() {
        assertThatThrownBy(
                        () ->
                                server.api.create(
                                        box(),
                                        "default",
                                        yaml(
                                                "{metadata: {name: b}, spec: {mode: One, colour: red}}"),
                                        PERSON.strictly()))
                .hasMessageContaining("strict decoding error: unknown field \"spec.colour\"");
    }

    @Test
    void theSchemaRefusesInTheServersWords() {
        assertThatThrownBy(() -> create("{}"))
                .hasMessage("Box.test.keydb.io \"b\" is invalid: spec.mode: Required value");
        assertThatThrownBy(() -> create("{mode: Two}"))
                .hasMessage(
                        "Box.test.keydb.io \"b\" is invalid: spec.mode: Unsupported value: \"Two\": supported values:"
                                + " \"One\", \"Many\"");
        assertThatThrownBy(() -> create("{mode: Many, replicas: 12, size: 1Mi}"))
                .hasMessage(
                        "Box.test.keydb.io \"b\" is invalid: [spec.replicas: Invalid value: 12: spec.replicas in body"
                                + " should be less than or equal to 9, spec.size: Invalid value: \"1Mi\": spec.size in body"
                                + " should match '^[0-9]+Gi$']");
        assertThatThrownBy(() -> create("{mode: Many, replicas: two}"))
                .hasMessage(
                        "Box.test.keydb.io \"b\" is invalid: spec.replicas: Invalid value: \"string\": spec.replicas in"
                                + " body must be of type integer: \"string\"");
    }

    @Test
    void rulesRefuseWithTheirMessage() {
        assertThatThrownBy(() -> create("{mode: One, replicas: 3}"))
                .hasMessage(
                        "Box.test.keydb.io \"b\" is invalid: spec: Invalid value: \"object\": mode One has one replica");
        assertThatThrownBy(() -> create("{mode: One, config: {port: '1'}}"))
                .hasMessageContaining("port and dir belong to the operator");
        assertThatThrownBy(() -> create("{mode: One, namespace: kube-system}"))
                .hasMessageContaining("failed rule: !has(self.__namespace__)");
    }

    @Test
    void transitionRulesCompareWithTheOldValue() {
        create("{mode: Many, size: 2Gi, ports: [{name: a, port: 5}]}");
        merge("spec: {size: 3Gi}");
        assertThatThrownBy(() -> merge("spec: {size: 1Gi}"))
                .hasMessage(
                        "Box.test.keydb.io \"b\" is invalid: spec.size: Forbidden: size cannot shrink from 3Gi to 1Gi");
        assertThatThrownBy(() -> merge("spec: {ports: [{name: b, port: 1}, {name: a, port: 4}]}"))
                .hasMessageContaining("spec.ports[1]: Invalid value: \"object\": ports only grow");
        merge("spec: {ports: [{name: b, port: 1}, {name: a, port: 6}]}");
    }

    @Test
    void aRuleThatNamesNoFieldIsRefusedWithItsDefinition() {
        ObjectNode definition = yaml(DEFINITION.replace("boxes", "crates").replace("Box", "Crate"));
        ((ObjectNode)
                        definition.at(
                                "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations/0"))
                .put("rule", "self.moed == 'One'");
        assertThatThrownBy(
                        () -> server.api.create(ResourceKinds.DEFINITION, "", definition, PERSON))
                .hasMessageContaining("x-kubernetes-validations[0].rule: Invalid value")
                .hasMessageContaining("undefined field 'moed'");
    }

    @Test
    void statusIsWrittenThroughItsSubresourceAlone() {
        create("{mode: Many}");
        ObjectNode ignored = merge("{spec: {replicas: 2}, status: {phase: Wrong}}");
        assertThat(ignored.has("status")).isFalse();
        assertThat(Json.at(ignored, "metadata", "generation").asLong()).isEqualTo(2);
        ObjectNode written =
                server.api.patch(
                        box(),
                        "default",
                        "b",
                        Api.PatchType.MERGE,
                        yaml("{spec: {replicas: 7}, status: {phase: Running}}"),
                        PERSON.onStatus());
        assertThat(Json.at(written, "spec", "replicas").asLong()).isEqualTo(2);
        assertThat(Json.text(written, "status", "phase")).isEqualTo("Running");
        assertThat(Json.at(written, "metadata", "generation").asLong()).isEqualTo(2);
    }

    @Test
    void scaleReadsAndWritesTheDeclaredPaths() {
        create("{mode: Many}");
        server.client.genericKubernetesResources("test.keydb.io/v1", "Box").withName("b").scale(4);
        assertThat(Json.at(server.api.get(box(), "default", "b"), "spec", "replicas").asLong())
                .isEqualTo(4);
    }

    @Test
    void keyedListsOfTheSchemaMergeOnApply() {
        create("{mode: Many, ports: [{name: a, port: 5}]}");
        ObjectNode applied =
                server.api.patch(
                        box(),
                        "default",
                        "b",
                        Api.PatchType.APPLY,
                        yaml("spec: {ports: [{name: b, port: 6}]}"),
                        WriteOptions.by("operator"));
        assertThat(Json.at(applied, "spec", "ports").findValuesAsText("name"))
                .containsExactly("a", "b");
    }

    @Test
    void aDefinitionTakesItsResourcesAlong() {
        create("{mode: Many}");
        server.client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("boxes.test.keydb.io")
                .delete();
        assertThat(server.api.store().list("test.keydb.io", "boxes", "")).isEmpty();
        assertThat(server.api.kinds().byPlural("test.keydb.io", "v1", "boxes")).isEmpty();
    }

    @Test
    void discoveryNamesTheKind() {
        assertThat(
                        server.client.getApiGroups().getGroups().stream()
                                .map(group -> group.getName())
                                .toList())
                .contains("test.keydb.io", "apps");
        assertThat(
                        server.client
                                .getApiResources("test.keydb.io/v1")
                                .getResources()
                                .getFirst()
                                .getShortNames())
                .isEqualTo(List.of("bx"));
        assertThat(server.client.getKubernetesVersion().getMinor()).isEqualTo("33");
    }
}
