package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns requests on resource URLs into verbs.
 *
 * <p>Threads: safe; no state of its own.
 */
final class ResourceRequests {

    private static final Set<String> REVIEWS =
            Set.of("selfsubjectaccessreviews", "subjectaccessreviews", "localsubjectaccessreviews");

    private final Api api;
    private final PodLogs logs;

    ResourceRequests(Api api, PodLogs logs) {
        this.api = api;
        this.logs = logs;
    }

    Optional<ResourceKind> kind(RequestPath path) {
        return api.kinds().byPlural(path.group(), path.version(), path.plural());
    }

    void answer(Exchange exchange, RequestPath path) {
        if (path.group().equals("authorization.k8s.io") && REVIEWS.contains(path.plural())) {
            answerReview(exchange);
            return;
        }
        ResourceKind kind = kind(path).orElseThrow(ApiException::noSuchPath);
        if (path.name().isEmpty()) {
            answerCollection(exchange, kind, path.namespace());
            return;
        }
        switch (path.subresource()) {
            case "" -> answerObject(exchange, kind, path);
            case "status" -> {
                if (!kind.status()) {
                    throw ApiException.noSuchPath();
                }
                answerObject(exchange, kind, path);
            }
            case "scale" -> answerScale(exchange, kind, path);
            case "log" -> answerLog(exchange, kind, path);
            case "eviction" -> answerEviction(exchange, kind, path);
            default -> throw ApiException.noSuchPath();
        }
    }

    /** There is no authorization: every review is answered with yes. */
    private static void answerReview(Exchange exchange) {
        ObjectNode review = (ObjectNode) exchange.body();
        review.putObject("status").put("allowed", true);
        exchange.send(201, review);
    }

    private void answerCollection(Exchange exchange, ResourceKind kind, String namespace) {
        switch (exchange.method()) {
            case "GET" -> exchange.send(200, list(kind, namespace, exchange.selector()));
            case "POST" ->
                    exchange.send(
                            201,
                            api.create(
                                    kind, namespace, exchange.body(), exchange.writeOptions("")));
            case "DELETE" -> {
                DeleteOptions options = deleteOptions(exchange);
                List<ObjectNode> found = api.list(kind, namespace, exchange.selector());
                for (ObjectNode object : found) {
                    api.delete(
                            kind,
                            Json.text(object, "metadata", "namespace"),
                            Json.text(object, "metadata", "name"),
                            options);
                }
                exchange.send(200, listOf(kind, found));
            }
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private ObjectNode list(ResourceKind kind, String namespace, Selector selector) {
        return api.store().transaction(() -> listOf(kind, api.list(kind, namespace, selector)));
    }

    private ObjectNode listOf(ResourceKind kind, List<ObjectNode> objects) {
        ObjectNode list =
                Json.object()
                        .put("kind", kind.kind() + "List")
                        .put("apiVersion", kind.apiVersion());
        list.putObject("metadata").put("resourceVersion", Long.toString(api.store().revision()));
        ArrayNode items = list.putArray("items");
        objects.forEach(items::add);
        return list;
    }

    private static DeleteOptions deleteOptions(Exchange exchange) {
        return DeleteOptions.parse(
                exchange.body(),
                exchange.parameter("propagationPolicy"),
                exchange.parameter("gracePeriodSeconds"));
    }

    private void answerObject(Exchange exchange, ResourceKind kind, RequestPath path) {
        String namespace = path.namespace();
        WriteOptions options = exchange.writeOptions(path.subresource());
        switch (exchange.method()) {
            case "GET" -> exchange.send(200, api.get(kind, namespace, path.name()));
            case "PUT" ->
                    exchange.send(
                            200,
                            api.replace(kind, namespace, path.name(), exchange.body(), options));
            case "PATCH" -> answerPatch(exchange, kind, path, options);
            case "DELETE" -> answerDelete(exchange, kind, path);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void answerPatch(
            Exchange exchange, ResourceKind kind, RequestPath path, WriteOptions options) {
        Api.PatchType type =
                switch (exchange.contentType()) {
                    case "application/json-patch+json" -> Api.PatchType.JSON;
                    case "application/merge-patch+json" -> Api.PatchType.MERGE;
                    case "application/strategic-merge-patch+json" -> Api.PatchType.STRATEGIC;
                    case "application/apply-patch+yaml" -> Api.PatchType.APPLY;
                    default -> throw ApiException.unsupportedMediaType(exchange.contentType());
                };
        if (type == Api.PatchType.APPLY && exchange.parameter("fieldManager").isEmpty()) {
            throw ApiException.unprocessable(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        boolean isNew = api.find(kind, path.namespace(), path.name()) == null;
        ObjectNode result =
                api.patch(kind, path.namespace(), path.name(), type, exchange.body(), options);
        exchange.send(isNew ? 201 : 200, result);
    }

    private void answerDelete(Exchange exchange, ResourceKind kind, RequestPath path) {
        ObjectNode last = api.delete(kind, path.namespace(), path.name(), deleteOptions(exchange));
        if (api.find(kind, path.namespace(), path.name()) != null) {
            exchange.send(200, last);
            return;
        }
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", path.name());
        if (!kind.group().isEmpty()) {
            details.put("group", kind.group());
        }
        details.put("kind", kind.plural()).put("uid", Json.text(last, "metadata", "uid"));
        exchange.send(200, status);
    }

    private void answerScale(Exchange exchange, ResourceKind kind, RequestPath path) {
        JsonNode scale = kind.scale();
        if (scale == null) {
            throw ApiException.noSuchPath();
        }
        String[] specPath = fields(scale, "specReplicasPath");
        ObjectNode current = api.get(kind, path.namespace(), path.name());
        ObjectNode shown = scaleOf(current, scale);
        if (!exchange.method().equals("GET")) {
            ObjectNode wanted =
                    switch (exchange.contentType()) {
                        case "application/merge-patch+json",
                                "application/strategic-merge-patch+json" ->
                                (ObjectNode)
                                        io.keydb.e2e.controlplane.merge.JsonMergePatch.apply(
                                                shown, exchange.body());
                        case "application/json-patch+json" ->
                                (ObjectNode)
                                        io.keydb.e2e.controlplane.merge.JsonPatch.apply(
                                                shown, exchange.body());
                        default -> (ObjectNode) exchange.body();
                    };
            long replicas = Json.at(wanted, "spec", "replicas").asLong();
            current =
                    api.update(
                            kind,
                            path.namespace(),
                            path.name(),
                            exchange.writeOptions("scale"),
                            object -> {
                                ObjectNode parent = object;
                                for (int i = 0; i < specPath.length - 1; i++) {
                                    parent = Json.ensure(parent, specPath[i]);
                                }
                                return (ObjectNode)
                                        withReplicas(
                                                object,
                                                parent,
                                                specPath[specPath.length - 1],
                                                replicas);
                            });
        }
        exchange.send(200, scaleOf(current, scale));
    }

    private static JsonNode withReplicas(
            ObjectNode object, ObjectNode parent, String field, long replicas) {
        parent.put(field, replicas);
        return object;
    }

    private static String[] fields(JsonNode scale, String name) {
        String path = Json.text(scale, name);
        return (path.startsWith(".") ? path.substring(1) : path).split("\\.");
    }

    private static ObjectNode scaleOf(ObjectNode object, JsonNode scale) {
        ObjectNode shown = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = shown.putObject("metadata");
        for (String field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.put(field, Json.text(object, "metadata", field));
        }
        shown.putObject("spec")
                .put("replicas", Json.at(object, fields(scale, "specReplicasPath")).asLong());
        ObjectNode status = shown.putObject("status");
        status.put("replicas", Json.at(object, fields(scale, "statusReplicasPath")).asLong());
        if (scale.has("labelSelectorPath")) {
            status.put("selector", Json.text(object, fields(scale, "labelSelectorPath")));
        }
        return shown;
    }

    private void answerLog(Exchange exchange, ResourceKind kind, RequestPath path) {
        api.get(kind, path.namespace(), path.name());
        Path file = logs.file(path.namespace(), path.name()).orElseThrow(ApiException::noSuchPath);
        try {
            List<String> lines = Files.readAllLines(file);
            String tail = exchange.parameter("tailLines");
            int from = tail.isEmpty() ? 0 : Math.max(0, lines.size() - Integer.parseInt(tail));
            exchange.sendText(String.join("\n", lines.subList(from, lines.size())) + "\n");
        } catch (IOException e) {
            throw ApiException.internal(String.valueOf(e.getMessage()));
        }
    }

    private void answerEviction(Exchange exchange, ResourceKind kind, RequestPath path) {
        api.delete(
                kind,
                path.namespace(),
                path.name(),
                DeleteOptions.parse(exchange.body().path("deleteOptions"), "", ""));
        ObjectNode status =
                Json.object()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("status", "Success");
        exchange.send(201, status);
    }
}
