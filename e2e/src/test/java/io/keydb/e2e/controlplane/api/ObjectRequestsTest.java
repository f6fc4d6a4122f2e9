package io.keydb.e2e.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.keydb.e2e.controlplane.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests on objects, seen through the client the operator uses. */
class ObjectRequestsTest {

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ConfigMap configMap(String name, Map<String, String> labels) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withLabels(labels)
                .endMetadata()
                .addToData("key", "value")
                .build();
    }

    private ConfigMap bare(String name) {
        return new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().build();
    }

    @Test
    void aCreatedObjectHasSystemMetadataAndReadsBack() {
        ConfigMap created = server.client.resource(configMap("a", Map.of())).create();
        assertThat(created.getMetadata().getUid()).isNotEmpty();
        assertThat(created.getMetadata().getCreationTimestamp()).isNotEmpty();
        assertThat(server.client.configMaps().withName("a").get().getData())
                .containsEntry("key", "value");
    }

    @Test
    void aSecondCreateIsRefusedInTheServersWords() {
        server.client.resource(configMap("a", Map.of())).create();
        assertThatThrownBy(() -> server.client.resource(configMap("a", Map.of())).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("configmaps \"a\" already exists");
    }

    @Test
    void aNamespaceMustExist() {
        assertThatThrownBy(
                        () ->
                                server.client
                                        .configMaps()
                                        .inNamespace("nowhere")
                                        .resource(bare("a"))
                                        .create())
                .hasMessageContaining("namespaces \"nowhere\" not found");
    }

    @Test
    void aNameMustBeASubdomain() {
        assertThatThrownBy(() -> server.client.resource(configMap("A_b", Map.of())).create())
                .hasMessageContaining(
                        "ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\": a lowercase");
    }

    @Test
    void aStaleVersionIsRefused() {
        ConfigMap first = server.client.resource(configMap("a", Map.of())).create();
        server.client
                .configMaps()
                .withName("a")
                .edit(map -> new ConfigMapBuilder(map).addToData("x", "1").build());
        assertThatThrownBy(() -> server.client.resource(first).update())
                .hasMessageContaining(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified");
    }

    @Test
    void aReplacementThatChangesNothingKeepsTheVersion() {
        ConfigMap first = server.client.resource(configMap("a", Map.of())).create();
        ConfigMap second = server.client.resource(first).update();
        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void labelSelectorsKnowSets() {
        server.client.resource(configMap("a", Map.of("tier", "one"))).create();
        server.client.resource(configMap("b", Map.of("tier", "two"))).create();
        server.client.resource(configMap("c", Map.of())).create();
        assertThat(
                        names(
                                server.client
                                        .configMaps()
                                        .withLabelIn("tier", "one", "three")
                                        .list()
                                        .getItems()))
                .containsExactly("a");
        assertThat(
                        names(
                                server.client
                                        .configMaps()
                                        .withLabelNotIn("tier", "one")
                                        .list()
                                        .getItems()))
                .containsExactly("b", "c");
        assertThat(names(server.client.configMaps().withoutLabel("tier").list().getItems()))
                .containsExactly("c");
        assertThat(names(server.client.configMaps().withLabel("tier").list().getItems()))
                .containsExactly("a", "b");
    }

    @Test
    void fieldSelectorsKnowNames() {
        server.client.resource(configMap("a", Map.of())).create();
        server.client.resource(configMap("b", Map.of())).create();
        assertThat(
                        names(
                                server.client
                                        .configMaps()
                                        .withField("metadata.name", "b")
                                        .list()
                                        .getItems()))
                .containsExactly("b");
        assertThat(
                        names(
                                server.client
                                        .configMaps()
                                        .withoutField("metadata.name", "b")
                                        .list()
                                        .getItems()))
                .containsExactly("a");
    }

    private static List<String> names(List<ConfigMap> maps) {
        return maps.stream().map(map -> map.getMetadata().getName()).toList();
    }

    @Test
    void patchesOfAllKindsChangeWhatTheyName() {
        server.client.resource(configMap("a", Map.of("keep", "1", "drop", "1"))).create();
        server.client
                .configMaps()
                .withName("a")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"drop\":null,\"new\":\"1\"}}}");
        server.client
                .configMaps()
                .withName("a")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"add\",\"path\":\"/data/a~1b\",\"value\":\"x\"},{\"op\":\"remove\",\"path\":\"/data/key\"}]");
        server.client
                .configMaps()
                .withName("a")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"c\":\"d\"}}");
        ConfigMap patched = server.client.configMaps().withName("a").get();
        assertThat(patched.getMetadata().getLabels()).isEqualTo(Map.of("keep", "1", "new", "1"));
        assertThat(patched.getData()).isEqualTo(Map.of("a/b", "x", "c", "d"));
    }

    @Test
    void aJsonPatchThatCannotBeDoneChangesNothing() {
        server.client.resource(configMap("a", Map.of())).create();
        assertThatThrownBy(
                        () ->
                                server.client
                                        .configMaps()
                                        .withName("a")
                                        .patch(
                                                PatchContext.of(PatchType.JSON),
                                                "[{\"op\":\"add\",\"path\":\"/data/x\",\"value\":\"x\"},"
                                                        + "{\"op\":\"test\",\"path\":\"/data/key\",\"value\":\"other\"}]"))
                .hasMessageContaining("testing value /data/key failed: test failed");
        assertThat(server.client.configMaps().withName("a").get().getData())
                .isEqualTo(Map.of("key", "value"));
    }

    @Test
    void secretsTurnTextIntoData() {
        Secret secret =
                new SecretBuilder()
                        .withNewMetadata()
                        .withName("s")
                        .endMetadata()
                        .addToStringData("k", "v")
                        .build();
        assertThat(server.client.resource(secret).create().getData())
                .isEqualTo(Map.of("k", "dg=="));
    }

    @Test
    void servicesGetAnAddressThatCannotChange() {
        Service service =
                new ServiceBuilder()
                        .withNewMetadata()
                        .withName("s")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("redis")
                        .withPort(6379)
                        .endPort()
                        .endSpec()
                        .build();
        Service created = server.client.resource(service).create();
        assertThat(created.getSpec().getClusterIP()).startsWith("127.9.0.");
        assertThat(created.getSpec().getPorts().getFirst().getProtocol()).isEqualTo("TCP");
        Service kept = server.client.resource(service).update();
        assertThat(kept.getSpec().getClusterIP()).isEqualTo(created.getSpec().getClusterIP());
        assertThatThrownBy(
                        () ->
                                server.client
                                        .services()
                                        .withName("s")
                                        .edit(
                                                old ->
                                                        new ServiceBuilder(old)
                                                                .editSpec()
                                                                .withClusterIP("127.9.0.200")
                                                                .endSpec()
                                                                .build()))
                .hasMessageContaining(
                        "spec.clusterIP: Invalid value: \"127.9.0.200\": field is immutable");
    }

    @Test
    void finalizersHoldADeletionBack() {
        ConfigMap map = configMap("a", Map.of());
        map.getMetadata().setFinalizers(List.of("keydb.io/hold"));
        server.client.resource(map).create();
        server.client.configMaps().withName("a").delete();
        ConfigMap held = server.client.configMaps().withName("a").get();
        assertThat(held.getMetadata().getDeletionTimestamp()).isNotEmpty();
        assertThatThrownBy(
                        () ->
                                server.client
                                        .configMaps()
                                        .withName("a")
                                        .edit(
                                                old ->
                                                        new ConfigMapBuilder(old)
                                                                .editMetadata()
                                                                .addToFinalizers("keydb.io/late")
                                                                .endMetadata()
                                                                .build()))
                .hasMessageContaining(
                        "no new finalizers can be added if the object is being deleted");
        server.client
                .configMaps()
                .withName("a")
                .edit(
                        old ->
                                new ConfigMapBuilder(old)
                                        .editMetadata()
                                        .withFinalizers()
                                        .endMetadata()
                                        .build());
        assertThat(server.client.configMaps().withName("a").get()).isNull();
    }

    private ConfigMap owned(String name, ConfigMap owner) {
        ConfigMap map = configMap(name, Map.of());
        map.addOwnerReference(owner).setBlockOwnerDeletion(true);
        return server.client.resource(map).create();
    }

    @Test
    void dependentsFollowTheirOwner() {
        ConfigMap owner = server.client.resource(configMap("owner", Map.of())).create();
        ConfigMap child = owned("child", owner);
        owned("grandchild", child);
        server.client
                .resource(owner)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
        Await.until(() -> server.client.configMaps().list().getItems().isEmpty());
    }

    @Test
    void aForegroundDeletionWaitsForDependents() {
        ConfigMap owner = server.client.resource(configMap("owner", Map.of())).create();
        ConfigMap child = configMap("child", Map.of());
        child.addOwnerReference(owner).setBlockOwnerDeletion(true);
        child.getMetadata().setFinalizers(List.of("keydb.io/hold"));
        server.client.resource(child).create();
        server.client
                .resource(owner)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        Await.until(
                () ->
                        server.client
                                        .configMaps()
                                        .withName("child")
                                        .get()
                                        .getMetadata()
                                        .getDeletionTimestamp()
                                != null);
        assertThat(server.client.configMaps().withName("owner").get().getMetadata().getFinalizers())
                .containsExactly("foregroundDeletion");
        server.client
                .configMaps()
                .withName("child")
                .edit(
                        old ->
                                new ConfigMapBuilder(old)
                                        .editMetadata()
                                        .removeFromFinalizers("keydb.io/hold")
                                        .endMetadata()
                                        .build());
        Await.until(() -> server.client.configMaps().list().getItems().isEmpty());
    }

    @Test
    void orphansForgetTheirOwnerAndStay() {
        ConfigMap owner = server.client.resource(configMap("owner", Map.of())).create();
        owned("child", owner);
        server.client.resource(owner).withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
        Await.until(() -> server.client.configMaps().withName("owner").get() == null);
        assertThat(
                        server.client
                                .configMaps()
                                .withName("child")
                                .get()
                                .getMetadata()
                                .getOwnerReferences())
                .isEmpty();
    }

    @Test
    void aNamespaceTakesItsContentWithIt() {
        server.client
                .namespaces()
                .resource(
                        new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                                .withNewMetadata()
                                .withName("other")
                                .endMetadata()
                                .build())
                .create();
        server.client.configMaps().inNamespace("other").resource(bare("a")).create();
        server.client.namespaces().withName("other").delete();
        Await.until(() -> server.client.namespaces().withName("other").get() == null);
        assertThat(server.client.configMaps().inAnyNamespace().list().getItems()).isEmpty();
    }
}
