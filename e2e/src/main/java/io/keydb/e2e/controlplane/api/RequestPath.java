package io.keydb.e2e.controlplane.api;

import java.util.List;
import java.util.Optional;

/**
 * What a resource URL names.
 *
 * <pre>
 *   /api/v1/namespaces/{namespace}/{plural}/{name}/{subresource}
 *   /apis/{group}/{version}/namespaces/{namespace}/{plural}/{name}/{subresource}
 * </pre>
 *
 * <p>Threads: immutable.
 *
 * @param group API group, empty for the core group
 * @param version API version
 * @param namespace namespace, empty for all or for cluster-wide kinds
 * @param plural plural name of the kind
 * @param name object name, empty for the collection
 * @param subresource subresource, empty for the object itself
 */
record RequestPath(
        String group,
        String version,
        String namespace,
        String plural,
        String name,
        String subresource) {

    /** The path's meaning, or nothing when it is no resource path. */
    static Optional<RequestPath> parse(String path) {
        List<String> parts = List.of(path.replaceAll("^/+|/+$", "").split("/+"));
        String group;
        List<String> rest;
        if (parts.size() >= 3 && parts.get(0).equals("api")) {
            group = "";
            rest = parts.subList(1, parts.size());
        } else if (parts.size() >= 4 && parts.get(0).equals("apis")) {
            group = parts.get(1);
            rest = parts.subList(2, parts.size());
        } else {
            return Optional.empty();
        }
        String version = rest.getFirst();
        rest = rest.subList(1, rest.size());
        String namespace = "";
        boolean ofNamespaceItself =
                rest.size() == 3
                        && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
        if (rest.getFirst().equals("namespaces") && rest.size() >= 3 && !ofNamespaceItself) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        if (rest.size() > 3) {
            return Optional.empty();
        }
        return Optional.of(
                new RequestPath(
                        group,
                        version,
                        namespace,
                        rest.getFirst(),
                        rest.size() > 1 ? rest.get(1) : "",
                        rest.size() > 2 ? rest.get(2) : ""));
    }
}
