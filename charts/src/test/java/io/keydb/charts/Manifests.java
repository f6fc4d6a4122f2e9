package io.keydb.charts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.keydb.crd.v1alpha1.KeyDB;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads rendered manifests into typed objects, strictly: a field that its kind does not have is an
 * error, where an API server would only warn.
 *
 * <p>Threads: safe, the mappers are only read.
 */
final class Manifests {
    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.of(
                    "Service", Service.class,
                    "ServiceAccount", ServiceAccount.class,
                    "CustomResourceDefinition", CustomResourceDefinition.class,
                    "Deployment", Deployment.class,
                    "PodDisruptionBudget", PodDisruptionBudget.class,
                    "ClusterRole", ClusterRole.class,
                    "ClusterRoleBinding", ClusterRoleBinding.class,
                    "Role", Role.class,
                    "RoleBinding", RoleBinding.class,
                    "KeyDB", KeyDB.class);

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final ObjectMapper STRICT =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .setAnnotationIntrospector(new WithoutCatchAll());

    /** The fabric8 types keep unknown fields in a map; without that map they are refused. */
    private static final class WithoutCatchAll extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private Manifests() {}

    /**
     * The objects of a stream of YAML documents; kinds of other projects (PodMonitor) are left out.
     */
    static List<HasMetadata> read(String yaml) {
        List<HasMetadata> objects = new ArrayList<>();
        for (JsonNode document : documents(yaml)) {
            String kind = document.path("kind").asText();
            if (kind.equals("PodMonitor")) {
                continue;
            }
            Class<? extends HasMetadata> type = KINDS.get(kind);
            if (type == null) {
                throw new AssertionError("unexpected kind " + kind);
            }
            objects.add(STRICT.convertValue(document, type));
        }
        return objects;
    }

    /** The documents of a stream of YAML, empty ones left out. */
    static List<JsonNode> documents(String yaml) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            return documents.readAll().stream().filter(ObjectNode.class::isInstance).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
