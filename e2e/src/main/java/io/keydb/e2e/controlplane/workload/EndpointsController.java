package io.keydb.e2e.controlplane.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.Selector;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.network.Pods;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the Endpoints and the EndpointSlice of every Service with a selector: which pods it
 * reaches, and which of them are ready. Both belong to their Service and go with it.
 *
 * <p>Threads: one of its own.
 */
public final class EndpointsController implements AutoCloseable {

    private static final WriteOptions WRITER = WriteOptions.by("endpoints-controller").forced();

    private final Api api;
    private final WorkQueue queue;

    public EndpointsController(Api api) {
        this.api = api;
        this.queue = new WorkQueue("endpoints", api.store(), this::reconcile);
        queue.follow(ResourceKinds.SERVICE, (key, _) -> List.of(key));
        queue.follow(ResourceKinds.POD, this::servicesOf);
    }

    private List<ObjectStore.Key> servicesOf(ObjectStore.Key pod, JsonNode document) {
        List<ObjectStore.Key> keys = new ArrayList<>();
        for (JsonNode service : api.list(ResourceKinds.SERVICE, pod.namespace(), Selector.ALL)) {
            JsonNode selector = Json.at(service, "spec", "selector");
            if (!selector.isEmpty() && Selector.ofLabels(selector).test(document)) {
                keys.add(
                        ResourceKinds.SERVICE.key(
                                pod.namespace(), Json.text(service, "metadata", "name")));
            }
        }
        return keys;
    }

    private void reconcile(ObjectStore.Key key) {
        ObjectNode service = api.store().get(key);
        if (service == null || Json.at(service, "spec", "selector").isEmpty()) {
            return;
        }
        Selector selector = Selector.ofLabels(Json.at(service, "spec", "selector"));
        boolean publishAll = Json.at(service, "spec", "publishNotReadyAddresses").asBoolean();
        List<ObjectNode> reachable =
                api.list(ResourceKinds.POD, key.namespace(), selector).stream()
                        .filter(pod -> !address(pod).isEmpty())
                        .toList();
        apply(
                ResourceKinds.ENDPOINT_SLICE,
                key.namespace(),
                key.name() + "-local",
                sliceOf(service, reachable, publishAll));
        apply(
                ResourceKinds.ENDPOINTS,
                key.namespace(),
                key.name(),
                endpointsOf(service, reachable, publishAll));
    }

    private void apply(ResourceKind kind, String namespace, String name, ObjectNode body) {
        Json.ensure(body, "metadata").put("name", name).put("namespace", namespace);
        api.patch(kind, namespace, name, Api.PatchType.APPLY, body, WRITER);
    }

    private static String address(JsonNode pod) {
        return Json.text(pod, "status", "podIP");
    }

    private static boolean ready(JsonNode pod, boolean publishAll) {
        return publishAll || (Pods.isReady(pod) && !Pods.isTerminating(pod));
    }

    private static ObjectNode sliceOf(
            ObjectNode service, List<ObjectNode> pods, boolean publishAll) {
        ObjectNode slice = Json.object().put("addressType", "IPv4");
        Json.ensure(slice, "metadata", "labels")
                .put("kubernetes.io/service-name", Json.text(service, "metadata", "name"))
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        own(slice, service);
        ArrayNode endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : pods) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(address(pod));
            endpoint.putObject("conditions")
                    .put("ready", ready(pod, publishAll))
                    .put("serving", publishAll || Pods.isReady(pod))
                    .put("terminating", Pods.isTerminating(pod));
            endpoint.set("targetRef", reference(pod));
            endpoint.put("nodeName", Json.text(pod, "spec", "nodeName"));
        }
        addPorts(slice.putArray("ports"), service, pods);
        return slice;
    }

    private static ObjectNode endpointsOf(
            ObjectNode service, List<ObjectNode> pods, boolean publishAll) {
        ObjectNode endpoints = Json.object();
        own(endpoints, service);
        ArrayNode subsets = endpoints.putArray("subsets");
        if (pods.isEmpty()) {
            return endpoints;
        }
        ObjectNode subset = subsets.addObject();
        for (ObjectNode pod : pods) {
            String list = ready(pod, publishAll) ? "addresses" : "notReadyAddresses";
            ObjectNode item = subset.withArray(list).addObject().put("ip", address(pod));
            item.set("targetRef", reference(pod));
        }
        addPorts(subset.putArray("ports"), service, pods);
        return endpoints;
    }

    private static void addPorts(ArrayNode ports, ObjectNode service, List<ObjectNode> pods) {
        for (JsonNode port : Json.at(service, "spec", "ports")) {
            ports.addObject()
                    .put("name", Json.text(port, "name"))
                    .put("port", targetPort(port, pods))
                    .put("protocol", Json.text(port, "protocol"));
        }
    }

    private static void own(ObjectNode object, ObjectNode service) {
        Json.ensure(object, "metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", Json.text(service, "metadata", "name"))
                .put("uid", Json.text(service, "metadata", "uid"))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    private static ObjectNode reference(JsonNode pod) {
        return Json.object()
                .put("kind", "Pod")
                .put("namespace", Json.text(pod, "metadata", "namespace"))
                .put("name", Json.text(pod, "metadata", "name"))
                .put("uid", Json.text(pod, "metadata", "uid"));
    }

    /** The number behind a target port; a name is looked up among the container ports. */
    private static long targetPort(JsonNode port, List<ObjectNode> pods) {
        JsonNode target = port.path("targetPort");
        if (target.isNumber()) {
            return target.asLong();
        }
        for (ObjectNode pod : pods) {
            for (JsonNode container : Json.at(pod, "spec", "containers")) {
                for (JsonNode candidate : container.path("ports")) {
                    if (Json.text(candidate, "name").equals(target.asText())) {
                        return candidate.path("containerPort").asLong();
                    }
                }
            }
        }
        return port.path("port").asLong();
    }

    @Override
    public void close() {
        queue.close();
    }
}
