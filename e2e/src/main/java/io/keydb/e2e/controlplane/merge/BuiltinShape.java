package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shapes of Kubernetes' own types, by field name, as their API definitions mark them.
 *
 * <p>A name decides almost everywhere ({@code containers} is keyed by {@code name} wherever it
 * occurs); the few names that mean different things in different kinds are told apart by the kind
 * and the field above.
 *
 * <p>Threads: immutable.
 *
 * @param kind kind of the object, for example {@code Service}
 * @param parent name of the field above this one, or the empty string
 * @param name name of this field, or the empty string for the object itself
 * @param insideList whether this is an item of the list {@code name}
 */
public record BuiltinShape(String kind, String parent, String name, boolean insideList)
        implements Shape {

    private static final Map<String, List<Key>> KEYED =
            Map.ofEntries(
                    keyed("containers", "name"),
                    keyed("initContainers", "name"),
                    keyed("ephemeralContainers", "name"),
                    keyed("env", "name"),
                    keyed("volumes", "name"),
                    keyed("imagePullSecrets", "name"),
                    keyed("claims", "name"),
                    keyed("volumeMounts", "mountPath"),
                    keyed("volumeDevices", "devicePath"),
                    keyed("hostAliases", "ip"),
                    keyed("podIPs", "ip"),
                    keyed("hostIPs", "ip"),
                    keyed("conditions", "type"),
                    keyed("ownerReferences", "uid"),
                    keyed("topologySpreadConstraints", "topologyKey", "whenUnsatisfiable"));

    private static final List<Key> SERVICE_PORTS =
            List.of(new Key("port", null), new Key("protocol", TextNode.valueOf("TCP")));

    private static final List<Key> CONTAINER_PORTS =
            List.of(new Key("containerPort", null), new Key("protocol", TextNode.valueOf("TCP")));

    private static final Set<String> SETS = Set.of("finalizers");

    private static final Set<String> ATOMIC_MAPS =
            Set.of(
                    "selector",
                    "labelSelector",
                    "namespaceSelector",
                    "podSelector",
                    "nodeSelector",
                    "fieldRef",
                    "resourceFieldRef",
                    "secretKeyRef",
                    "configMapKeyRef",
                    "claimRef",
                    "dataSource",
                    "involvedObject",
                    "scaleTargetRef");

    /** The shape of a whole object of a kind. */
    public static Shape of(String kind) {
        return new BuiltinShape(kind, "", "", false);
    }

    @Override
    public Kind kind(JsonNode value) {
        if (value.isObject()) {
            return !insideList && ATOMIC_MAPS.contains(name) ? Kind.ATOMIC : Kind.GRANULAR;
        }
        if (value.isArray() && !insideList) {
            return !keys().isEmpty()
                    ? Kind.KEYED_LIST
                    : SETS.contains(name) ? Kind.SET : Kind.ATOMIC;
        }
        return Kind.ATOMIC;
    }

    @Override
    public List<Key> keys() {
        if (name.equals("ports")) {
            return switch (parent) {
                case "spec" -> kind.equals("Service") ? SERVICE_PORTS : List.of();
                case "containers", "initContainers" -> CONTAINER_PORTS;
                default -> List.of();
            };
        }
        if (name.equals("conditions") && !parent.equals("status")) {
            return List.of();
        }
        return KEYED.getOrDefault(name, List.of());
    }

    @Override
    public Shape field(String field) {
        return new BuiltinShape(kind, name, field, false);
    }

    @Override
    public Shape item() {
        return new BuiltinShape(kind, parent, name, true);
    }

    private static Map.Entry<String, List<Key>> keyed(String list, String... keys) {
        return Map.entry(
                list, java.util.Arrays.stream(keys).map(key -> new Key(key, null)).toList());
    }
}
