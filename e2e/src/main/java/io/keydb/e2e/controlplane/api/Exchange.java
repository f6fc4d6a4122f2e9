package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;

/**
 * One request and its answer.
 *
 * <p>Threads: confined to the thread that answers.
 *
 * @param request the request line and headers
 * @param content the body
 */
record Exchange(HttpServerRequest request, Buffer content) {

    String method() {
        return request.method().name();
    }

    /** A query parameter, or the empty string. */
    String parameter(String name) {
        String value = request.getParam(name);
        return value == null ? "" : value;
    }

    /** The media type of the body, without parameters. */
    String contentType() {
        String value = request.getHeader("content-type");
        return value == null ? "" : value.replaceAll(";.*", "").strip();
    }

    /** The body; YAML where the content type says so. */
    JsonNode body() {
        String text = content.toString(StandardCharsets.UTF_8);
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            return contentType().endsWith("yaml") ? Json.parseYaml(text) : Json.parse(text);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("error decoding the body: " + e.getOriginalMessage());
        }
    }

    Selector selector() {
        return Selector.parse(parameter("labelSelector"), parameter("fieldSelector"));
    }

    /** How the request wants its write carried out. */
    WriteOptions writeOptions(String subresource) {
        String manager = parameter("fieldManager");
        if (manager.isEmpty()) {
            String agent = request.getHeader("user-agent");
            manager = agent == null || agent.isBlank() ? "unknown" : agent.split("[/ ]")[0];
        }
        return new WriteOptions(
                manager,
                subresource,
                parameter("force").equals("true"),
                parameter("dryRun").equals("All"),
                parameter("fieldValidation").equals("Strict"));
    }

    void send(int code, JsonNode body) {
        request.response()
                .setStatusCode(code)
                .putHeader("content-type", "application/json")
                .end(Json.write(body));
    }

    void sendText(String text) {
        request.response().putHeader("content-type", "text/plain; charset=utf-8").end(text);
    }
}
