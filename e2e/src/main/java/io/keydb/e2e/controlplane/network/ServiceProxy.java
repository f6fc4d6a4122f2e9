package io.keydb.e2e.controlplane.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The local kube-proxy: every port of a Service's cluster address is a relay to the ready
 * endpoints, in turn.
 *
 * <p>A port without endpoints is closed, so clients are refused at once. Connections to an endpoint
 * that is taken away are closed, so clients come back to one that serves.
 *
 * <p>Threads: one of its own follows Services and EndpointSlices; the relays have theirs.
 */
public final class ServiceProxy implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ServiceProxy.class.getName());
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final Api api;
    private final Map<ObjectStore.Key, Map<String, Port>> services = new HashMap<>();
    private final WorkQueue queue;

    public ServiceProxy(Api api) {
        this.api = api;
        this.queue = new WorkQueue("service-proxy", api.store(), this::synchronise);
        queue.follow(ResourceKinds.SERVICE, (key, _) -> List.of(key));
        queue.follow(ResourceKinds.ENDPOINT_SLICE, ServiceProxy::serviceOf);
    }

    private static List<ObjectStore.Key> serviceOf(ObjectStore.Key key, JsonNode slice) {
        return List.of(
                ResourceKinds.SERVICE.key(
                        key.namespace(), Json.text(slice, "metadata", "labels", SERVICE_LABEL)));
    }

    private synchronized void synchronise(ObjectStore.Key key) {
        JsonNode service = api.store().get(key);
        String address = service == null ? "" : Json.text(service, "spec", "clusterIP");
        Map<String, Port> ports = services.computeIfAbsent(key, _ -> new HashMap<>());
        Set<String> wanted = new HashSet<>();
        if (service != null && !address.isEmpty() && !address.equals("None")) {
            for (JsonNode declared : Json.at(service, "spec", "ports")) {
                String name = Json.text(declared, "name");
                int number = declared.path("port").asInt();
                String id = address + ":" + number + "/" + name;
                wanted.add(id);
                ports.computeIfAbsent(id, _ -> new Port(socketAddress(address, number)))
                        .serve(targets(key, name));
            }
        }
        Iterator<Map.Entry<String, Port>> present = ports.entrySet().iterator();
        while (present.hasNext()) {
            Map.Entry<String, Port> port = present.next();
            if (!wanted.contains(port.getKey())) {
                port.getValue().relay.close();
                present.remove();
            }
        }
        if (ports.isEmpty()) {
            services.remove(key);
        }
    }

    private List<InetSocketAddress> targets(ObjectStore.Key service, String portName) {
        List<InetSocketAddress> targets = new ArrayList<>();
        for (JsonNode slice :
                api.store().list("discovery.k8s.io", "endpointslices", service.namespace())) {
            if (!Json.text(slice, "metadata", "labels", SERVICE_LABEL).equals(service.name())) {
                continue;
            }
            for (JsonNode port : slice.path("ports")) {
                if (Json.text(port, "name").equals(portName)) {
                    int number = port.path("port").asInt();
                    slice.path("endpoints")
                            .forEach(endpoint -> addReady(endpoint, number, targets));
                }
            }
        }
        return targets;
    }

    private static void addReady(JsonNode endpoint, int port, List<InetSocketAddress> targets) {
        if (Json.at(endpoint, "conditions", "ready").asBoolean()) {
            endpoint.path("addresses")
                    .forEach(address -> targets.add(socketAddress(address.asText(), port)));
        }
    }

    private static InetSocketAddress socketAddress(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host + " is no address", e);
        }
    }

    @Override
    public void close() {
        queue.close();
        synchronized (this) {
            services.values().forEach(ports -> ports.values().forEach(port -> port.relay.close()));
            services.clear();
        }
    }

    /** One port of a service. */
    private static final class Port {
        private final Relay relay;
        private final AtomicInteger turn = new AtomicInteger();
        private volatile List<InetSocketAddress> targets = List.of();

        Port(InetSocketAddress address) {
            this.relay = Relay.choosing(address, this::next);
        }

        private Optional<InetSocketAddress> next() {
            List<InetSocketAddress> present = targets;
            return present.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            present.get(Math.floorMod(turn.getAndIncrement(), present.size())));
        }

        void serve(List<InetSocketAddress> ready) {
            targets = List.copyOf(ready);
            if (ready.isEmpty()) {
                relay.cut();
                return;
            }
            relay.closeConnections(target -> !ready.contains(target));
            try {
                relay.restore();
            } catch (IOException e) {
                LOG.log(
                        Level.ERROR,
                        () -> "cannot listen on " + relay.address() + ": " + e.getMessage());
            }
        }
    }
}
