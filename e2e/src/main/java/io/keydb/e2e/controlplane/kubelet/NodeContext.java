package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ApiException;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.network.AddressBlock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What all pods of the node share.
 *
 * <p>Threads: immutable; what it refers to is safe.
 *
 * @param api the API
 * @param addresses where pods get their addresses
 * @param runtime what runs behind the server's image
 * @param ledger where processes are started
 * @param state the node's directory
 * @param hostsFile the cluster's names
 * @param backOff waits between restarts
 */
public record NodeContext(
        Api api,
        AddressBlock addresses,
        ServerRuntime runtime,
        ProcessLedger ledger,
        Path state,
        Path hostsFile,
        BackOff backOff) {

    /** The node's name. */
    public static final String NAME = "local";

    private static final WriteOptions WRITER = WriteOptions.by("kubelet");

    /** Where pods have their directories. */
    Path pods() {
        return state.resolve("pods");
    }

    /** Where volume claims have their directories. */
    public Path claims() {
        return state.resolve("volumes");
    }

    /** The log file of a pod. */
    public Path log(String namespace, String pod) {
        return state.resolve("logs").resolve(namespace + "_" + pod + ".log");
    }

    /** Records an event on a pod; one that happens again is counted. */
    void event(JsonNode pod, String type, String reason, String message) {
        String namespace = Json.text(pod, "metadata", "namespace");
        String hash =
                Integer.toHexString(
                        (Json.text(pod, "metadata", "uid") + reason + message).hashCode());
        String name = Json.text(pod, "metadata", "name") + "." + hash;
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            if (api.find(ResourceKinds.EVENT, namespace, name) == null) {
                api.create(
                        ResourceKinds.EVENT,
                        namespace,
                        eventOf(pod, name, type, reason, message, now),
                        WRITER);
                return;
            }
            api.update(
                    ResourceKinds.EVENT,
                    namespace,
                    name,
                    WRITER,
                    event ->
                            event.put("count", event.path("count").asLong() + 1)
                                    .put("lastTimestamp", now));
        } catch (ApiException _) {
            // An event that cannot be recorded, for instance in a namespace that is going, is no
            // reason to fail.
        }
    }

    private static ObjectNode eventOf(
            JsonNode pod, String name, String type, String reason, String message, String now) {
        ObjectNode event = Json.object();
        event.putObject("metadata").put("name", name);
        event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", Json.text(pod, "metadata", "name"))
                .put("namespace", Json.text(pod, "metadata", "namespace"))
                .put("uid", Json.text(pod, "metadata", "uid"));
        event.put("type", type).put("reason", reason).put("message", message);
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1L);
        event.putObject("source").put("component", "kubelet").put("host", NAME);
        event.put("reportingComponent", "kubelet").put("reportingInstance", NAME);
        return event;
    }
}
