package io.keydb.e2e.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * How to reach a KeyDB resource of the cluster from this machine.
 *
 * <p>Threads: stateless.
 */
final class ConnectionHints {

    private static final List<String> NUMBERS =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private final ControlPlane cluster;

    ConnectionHints(ControlPlane cluster) {
        this.cluster = cluster;
    }

    /** Whether a resource is ready, as its operator sees the present specification. */
    static boolean isReady(JsonNode resource) {
        long generation = Json.at(resource, "metadata", "generation").asLong();
        if (Json.at(resource, "status", "observedGeneration").asLong() != generation) {
            return false;
        }
        for (JsonNode condition : Json.at(resource, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return false;
    }

    /** The lines that tell a person what has become ready and how to use it. */
    List<String> lines(JsonNode resource) {
        String name = Json.text(resource, "metadata", "name");
        String namespace = Json.text(resource, "metadata", "namespace");
        List<String> lines = new ArrayList<>();
        lines.add(name + " is ready: " + summary(Json.at(resource, "status", "members")));
        String secret = Json.text(resource, "status", "authSecret");
        String option =
                secret.isEmpty()
                        ? ""
                        : " --no-auth-warning -a \"$(cat "
                                + password(namespace, name, secret)
                                + ")\"";
        lines.add("  writes      redis-cli -h " + address(namespace, name + "-rw") + option);
        lines.add("  any member  redis-cli -h " + address(namespace, name + "-any") + option);
        if (!secret.isEmpty()) {
            lines.add(
                    "  password    in Secret "
                            + secret
                            + ": kubectl --kubeconfig "
                            + shown(cluster.kubeconfig())
                            + " get secret "
                            + secret
                            + " -n "
                            + namespace
                            + " -o jsonpath='{.data.password}' | base64 -d");
        }
        return lines;
    }

    private static String summary(JsonNode members) {
        int serving = 0;
        for (JsonNode member : members) {
            serving += member.path("serving").asBoolean() ? 1 : 0;
        }
        String number = serving < NUMBERS.size() ? NUMBERS.get(serving) : Integer.toString(serving);
        return serving == 1 ? "one writable member" : number + " writable members, linked";
    }

    private String address(String namespace, String service) {
        JsonNode found = cluster.api().find(ResourceKinds.SERVICE, namespace, service);
        if (found == null) {
            return service;
        }
        return Json.text(found, "spec", "clusterIP")
                + " -p "
                + Json.at(found, "spec", "ports").path(0).path("port").asInt();
    }

    /**
     * Writes the password to a file that only its owner reads, so that a command line need not show
     * it.
     */
    private String password(String namespace, String name, String secret) {
        JsonNode found = cluster.api().find(ResourceKinds.SECRET, namespace, secret);
        Path file = cluster.state().resolve("passwords").resolve(namespace + "." + name);
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
            String encoded = found == null ? "" : Json.text(found, "data", "password");
            Files.writeString(
                    file, new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shown(file);
    }

    /** A path as it is shortest to type. */
    static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }
}
