package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.ResourceKind.Names;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All kinds the API serves: Kubernetes' own, and the custom ones that definitions add.
 *
 * <p>Threads: safe, a copy-on-write list.
 */
public final class ResourceKinds {

    public static final ResourceKind POD = status("", "v1", Names.of("Pod", "pods", "po"));
    public static final ResourceKind SERVICE =
            status("", "v1", Names.of("Service", "services", "svc"));
    public static final ResourceKind CONFIG_MAP =
            plain("", "v1", Names.of("ConfigMap", "configmaps", "cm"));
    public static final ResourceKind SECRET = plain("", "v1", Names.of("Secret", "secrets"));
    public static final ResourceKind ENDPOINTS =
            plain("", "v1", Names.of("Endpoints", "endpoints", "ep"));
    public static final ResourceKind EVENT = plain("", "v1", Names.of("Event", "events", "ev"));
    public static final ResourceKind CLAIM =
            status("", "v1", Names.of("PersistentVolumeClaim", "persistentvolumeclaims", "pvc"));
    public static final ResourceKind VOLUME =
            cluster("", "v1", Names.of("PersistentVolume", "persistentvolumes", "pv"));
    public static final ResourceKind NAMESPACE =
            cluster("", "v1", Names.of("Namespace", "namespaces", "ns"));
    public static final ResourceKind NODE = cluster("", "v1", Names.of("Node", "nodes", "no"));
    public static final ResourceKind ENDPOINT_SLICE =
            plain("discovery.k8s.io", "v1", Names.of("EndpointSlice", "endpointslices"));
    public static final ResourceKind STATEFUL_SET =
            scaled("apps", "v1", Names.of("StatefulSet", "statefulsets", "sts"));
    public static final ResourceKind DEFINITION =
            cluster(
                    "apiextensions.k8s.io",
                    "v1",
                    Names.of(
                            "CustomResourceDefinition",
                            "customresourcedefinitions",
                            "crd",
                            "crds"));

    private static final List<ResourceKind> BUILT_IN =
            List.of(
                    POD,
                    SERVICE,
                    CONFIG_MAP,
                    SECRET,
                    ENDPOINTS,
                    EVENT,
                    CLAIM,
                    VOLUME,
                    NAMESPACE,
                    NODE,
                    ENDPOINT_SLICE,
                    STATEFUL_SET,
                    DEFINITION,
                    plain("", "v1", Names.of("ServiceAccount", "serviceaccounts", "sa")),
                    scaled("apps", "v1", Names.of("Deployment", "deployments", "deploy")),
                    plain("apps", "v1", Names.of("ControllerRevision", "controllerrevisions")),
                    plain("coordination.k8s.io", "v1", Names.of("Lease", "leases")),
                    plain("events.k8s.io", "v1", Names.of("Event", "events", "ev")),
                    status(
                            "policy",
                            "v1",
                            Names.of("PodDisruptionBudget", "poddisruptionbudgets", "pdb")),
                    plain(
                            "networking.k8s.io",
                            "v1",
                            Names.of("NetworkPolicy", "networkpolicies", "netpol")),
                    plain("rbac.authorization.k8s.io", "v1", Names.of("Role", "roles")),
                    plain(
                            "rbac.authorization.k8s.io",
                            "v1",
                            Names.of("RoleBinding", "rolebindings")),
                    new ResourceKind(
                            "rbac.authorization.k8s.io",
                            "v1",
                            Names.of("ClusterRole", "clusterroles"),
                            false,
                            false,
                            null,
                            null),
                    new ResourceKind(
                            "rbac.authorization.k8s.io",
                            "v1",
                            Names.of("ClusterRoleBinding", "clusterrolebindings"),
                            false,
                            false,
                            null,
                            null),
                    new ResourceKind(
                            "storage.k8s.io",
                            "v1",
                            Names.of("StorageClass", "storageclasses", "sc"),
                            false,
                            false,
                            null,
                            null));

    private final List<ResourceKind> kinds = new CopyOnWriteArrayList<>(BUILT_IN);

    private static ResourceKind plain(String group, String version, Names names) {
        return new ResourceKind(group, version, names, true, false, null, null);
    }

    private static ResourceKind status(String group, String version, Names names) {
        return new ResourceKind(group, version, names, true, true, null, null);
    }

    private static ResourceKind cluster(String group, String version, Names names) {
        return new ResourceKind(group, version, names, false, true, null, null);
    }

    private static ResourceKind scaled(String group, String version, Names names) {
        ObjectNode scale = Json.object();
        scale.put("specReplicasPath", ".spec.replicas")
                .put("statusReplicasPath", ".status.replicas");
        return new ResourceKind(group, version, names, true, true, scale, null);
    }

    /** All kinds, in the order they were added. */
    public List<ResourceKind> all() {
        return List.copyOf(kinds);
    }

    /** The kind behind a URL. */
    public Optional<ResourceKind> byPlural(String group, String version, String plural) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group))
                .filter(kind -> kind.version().equals(version))
                .filter(kind -> kind.plural().equals(plural))
                .findFirst();
    }

    /** The kind a document names. */
    public Optional<ResourceKind> byKind(String apiVersion, String kindName) {
        return kinds.stream()
                .filter(kind -> kind.apiVersion().equals(apiVersion))
                .filter(kind -> kind.kind().equals(kindName))
                .findFirst();
    }

    /** The kinds of a group and version. */
    public List<ResourceKind> in(String group, String version) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
                .sorted(Comparator.comparing(ResourceKind::plural))
                .toList();
    }

    /** Replaces the kinds of one custom resource by others (none, when its definition goes). */
    void replaceCustom(String group, String plural, List<ResourceKind> replacement) {
        List<ResourceKind> added = new ArrayList<>(replacement);
        kinds.removeIf(kind -> kind.group().equals(group) && kind.plural().equals(plural));
        kinds.addAll(added);
    }

    /** Whether a group and plural is Kubernetes' own. */
    static boolean isBuiltIn(String group, String plural) {
        return BUILT_IN.stream()
                .anyMatch(kind -> kind.group().equals(group) && kind.plural().equals(plural));
    }

    /** A served kind of the stored collection; any version will do. */
    @Nullable ResourceKind anyOf(String group, String plural) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group) && kind.plural().equals(plural))
                .findFirst()
                .orElse(null);
    }
}
