package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One probe of a container: what is asked, how often, and how many answers decide.
 *
 * <p>Threads: immutable; an execution blocks its caller up to the time limit.
 *
 * @param declaration the probe as the pod declares it
 * @param container the container, whose port names it may use
 * @param address the pod's address
 */
record Probe(JsonNode declaration, JsonNode container, String address) {

    Duration initialDelay() {
        return Duration.ofSeconds(declaration.path("initialDelaySeconds").asLong(0));
    }

    Duration period() {
        return Duration.ofSeconds(Math.max(1, declaration.path("periodSeconds").asLong(10)));
    }

    private int timeoutMillis() {
        return (int)
                TimeUnit.SECONDS.toMillis(
                        Math.max(1, declaration.path("timeoutSeconds").asLong(1)));
    }

    int failureThreshold() {
        return declaration.path("failureThreshold").asInt(3);
    }

    int successThreshold() {
        return declaration.path("successThreshold").asInt(1);
    }

    /** Asks once; empty when the answer is good, else why not. */
    Optional<String> execute() {
        try {
            if (declaration.has("httpGet")) {
                return get(declaration.path("httpGet"));
            }
            if (declaration.has("tcpSocket")) {
                return connect(port(declaration.path("tcpSocket").path("port")));
            }
            if (declaration.has("exec")) {
                return run(Json.texts(Json.at(declaration, "exec", "command")));
            }
            return Optional.of("probe has no handler this kubelet knows");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> get(JsonNode request) throws IOException {
        String host = Json.text(request, "host").isEmpty() ? address : Json.text(request, "host");
        URI uri =
                URI.create(
                        "http://"
                                + host
                                + ":"
                                + port(request.path("port"))
                                + Json.text(request, "path"));
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        try {
            connection.setConnectTimeout(timeoutMillis());
            connection.setReadTimeout(timeoutMillis());
            connection.setUseCaches(false);
            connection.setRequestProperty("Connection", "close");
            int code = connection.getResponseCode();
            return code >= 200 && code < 400
                    ? Optional.empty()
                    : Optional.of("HTTP probe failed with statuscode: " + code);
        } finally {
            connection.disconnect();
        }
    }

    private Optional<String> connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), timeoutMillis());
            return Optional.empty();
        }
    }

    private Optional<String> run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(timeoutMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of("command timed out");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("command exited with code " + process.exitValue());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private int port(JsonNode port) {
        if (port.isNumber()) {
            return port.asInt();
        }
        for (JsonNode candidate : container.path("ports")) {
            if (Json.text(candidate, "name").equals(port.asText())) {
                return candidate.path("containerPort").asInt();
            }
        }
        throw new IllegalArgumentException("container has no port named " + port.asText());
    }
}
