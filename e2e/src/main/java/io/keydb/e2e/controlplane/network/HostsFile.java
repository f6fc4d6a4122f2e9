package io.keydb.e2e.controlplane.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.Selector;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cluster's DNS as a hosts file, for processes started with {@code -Djdk.net.hosts.file}.
 *
 * <p>It names Services ({@code cart-rw.default.svc}), the pods behind headless Services, and each
 * such pod ({@code cart-0-0.cart-headless.default.svc}), all with and without {@code
 * .cluster.local}. Pods that are not ready are named only where the Service publishes them. The
 * file is replaced as a whole, so a reader never sees half of it.
 *
 * <p>Threads: one of its own follows the store.
 */
public final class HostsFile implements AutoCloseable {

    private static final ObjectStore.Key WHOLE = new ObjectStore.Key("", "hosts", "", "file");
    private static final String LOCAL = "127.0.0.1 localhost";

    private final Api api;
    private final Path file;
    private final WorkQueue queue;
    private Set<String> written = Set.of();

    public HostsFile(Api api, Path file) {
        this.api = api;
        this.file = file;
        this.queue = new WorkQueue("hosts-file", api.store(), _ -> write());
        write();
        queue.follow(ResourceKinds.SERVICE, (_, _) -> List.of(WHOLE));
        queue.follow(ResourceKinds.POD, (_, _) -> List.of(WHOLE));
    }

    /** Where the file is. */
    public Path path() {
        return file;
    }

    private synchronized void write() {
        Set<String> lines = new TreeSet<>();
        lines.add(LOCAL);
        for (JsonNode service : api.list(ResourceKinds.SERVICE, "", Selector.ALL)) {
            String address = Json.text(service, "spec", "clusterIP");
            String name = Json.text(service, "metadata", "name");
            String namespace = Json.text(service, "metadata", "namespace");
            if (address.equals("None")) {
                addPods(service, name, namespace, lines);
            } else if (!address.isEmpty()) {
                lines.add(line(address, name, namespace));
            }
        }
        if (lines.equals(written)) {
            return;
        }
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, String.join("\n", lines) + "\n");
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            written = lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addPods(JsonNode service, String name, String namespace, Set<String> lines) {
        Selector selector = Selector.ofLabels(Json.at(service, "spec", "selector"));
        boolean all = Json.at(service, "spec", "publishNotReadyAddresses").asBoolean();
        for (JsonNode pod : api.list(ResourceKinds.POD, namespace, selector)) {
            String address = Json.text(pod, "status", "podIP");
            if (address.isEmpty() || !(all || Pods.isReady(pod))) {
                continue;
            }
            lines.add(line(address, name, namespace));
            if (Json.text(pod, "spec", "subdomain").equals(name)) {
                lines.add(
                        line(address, Json.text(pod, "spec", "hostname") + "." + name, namespace));
            }
        }
    }

    private static String line(String address, String name, String namespace) {
        String full = name + "." + namespace + ".svc";
        return address + " " + full + ".cluster.local " + full + " " + name + "." + namespace;
    }

    @Override
    public void close() {
        queue.close();
    }
}
