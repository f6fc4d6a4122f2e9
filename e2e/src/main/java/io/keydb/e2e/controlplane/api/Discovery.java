package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients ask before they ask for objects: version, groups, and the resources of a group.
 *
 * <p>Threads: stateless; reads the kinds at each request.
 */
final class Discovery {

    private static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");

    private final ResourceKinds kinds;

    Discovery(ResourceKinds kinds) {
        this.kinds = kinds;
    }

    /** The answer to a discovery path, or nothing when it is none. */
    Optional<ObjectNode> answer(String path) {
        String[] parts = path.replaceAll("^/+|/+$", "").split("/+");
        return switch (parts[0]) {
            case "version" -> Optional.of(version());
            case "api" -> parts.length == 1 ? Optional.of(coreVersions()) : resources("", parts, 1);
            case "apis" ->
                    switch (parts.length) {
                        case 1 -> Optional.of(groups());
                        case 2 -> group(parts[1]);
                        default -> resources(parts[1], parts, 2);
                    };
            default -> Optional.empty();
        };
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "33")
                .put("gitVersion", "v1.33.0")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2025-04-23T13:36:26Z")
                .put("goVersion", "go1.24.2")
                .put("compiler", "gc")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private Map<String, Set<String>> versionsByGroup() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        kinds.all().stream()
                .filter(kind -> !kind.group().isEmpty())
                .forEach(
                        kind ->
                                groups.computeIfAbsent(kind.group(), _ -> new LinkedHashSet<>())
                                        .add(kind.version()));
        return groups;
    }

    private ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versionsByGroup().forEach((name, versions) -> groups.add(groupOf(name, versions)));
        return list;
    }

    private Optional<ObjectNode> group(String name) {
        Set<String> versions = versionsByGroup().get(name);
        return versions == null
                ? Optional.empty()
                : Optional.of(
                        groupOf(name, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
    }

    private static ObjectNode groupOf(String name, Set<String> versions) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode list = group.putArray("versions");
        versions.forEach(
                version ->
                        list.addObject()
                                .put("groupVersion", name + "/" + version)
                                .put("version", version));
        group.set("preferredVersion", list.get(0).deepCopy());
        return group;
    }

    private Optional<ObjectNode> resources(String group, String[] parts, int versionAt) {
        if (parts.length != versionAt + 1) {
            return Optional.empty();
        }
        List<ResourceKind> served = kinds.in(group, parts[versionAt]);
        if (served.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", served.getFirst().apiVersion());
        ArrayNode resources = list.putArray("resources");
        for (ResourceKind kind : served) {
            ObjectNode entry = resource(resources, kind, "");
            entry.put("singularName", kind.names().singular());
            ArrayNode shortNames = entry.putArray("shortNames");
            kind.names().shortNames().forEach(shortNames::add);
            VERBS.forEach(entry.putArray("verbs")::add);
            if (kind.status()) {
                subresourceVerbs(resource(resources, kind, "/status"));
            }
            if (kind.scale() != null) {
                subresourceVerbs(
                        resource(resources, kind, "/scale")
                                .put("kind", "Scale")
                                .put("group", "autoscaling")
                                .put("version", "v1"));
            }
        }
        return Optional.of(list);
    }

    private static ObjectNode resource(ArrayNode resources, ResourceKind kind, String suffix) {
        return resources
                .addObject()
                .put("name", kind.plural() + suffix)
                .put("singularName", "")
                .put("namespaced", kind.namespaced())
                .put("kind", kind.kind());
    }

    private static void subresourceVerbs(ObjectNode entry) {
        entry.putArray("verbs").add("get").add("patch").add("update");
    }
}
