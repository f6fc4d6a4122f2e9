package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.merge.ServerSideApply.Conflict;
import io.keydb.e2e.controlplane.schema.Violation;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A refused request: a Kubernetes {@code Status}, in the words of the real API server.
 *
 * <p>Threads: immutable.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    private ApiException(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /** The {@code Status} object of the answer. */
    public ObjectNode status() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }

    private static ObjectNode details(ResourceKind kind, String name) {
        ObjectNode details = Json.object().put("name", name);
        if (!kind.group().isEmpty()) {
            details.put("group", kind.group());
        }
        return details.put("kind", kind.plural());
    }

    static ApiException notFound(ResourceKind kind, String name) {
        return new ApiException(
                404,
                "NotFound",
                kind.qualifiedPlural() + " \"" + name + "\" not found",
                details(kind, name));
    }

    /** A document names a kind that is not served. */
    public static ApiException unknownKind(String apiVersion, String kind) {
        return new ApiException(
                404,
                "NotFound",
                "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\"",
                Json.object());
    }

    static ApiException noSuchPath() {
        return new ApiException(
                404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    static ApiException alreadyExists(ResourceKind kind, String name) {
        return new ApiException(
                409,
                "AlreadyExists",
                kind.qualifiedPlural() + " \"" + name + "\" already exists",
                details(kind, name));
    }

    static ApiException conflict(ResourceKind kind, String name, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on "
                        + kind.qualifiedPlural()
                        + " \""
                        + name
                        + "\": "
                        + why,
                details(kind, name));
    }

    static ApiException staleVersion(ResourceKind kind, String name) {
        return conflict(
                kind,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiException applyConflicts(List<Conflict> conflicts) {
        String plural = conflicts.size() == 1 ? "conflict" : "conflicts";
        String list =
                conflicts.stream()
                        .map(
                                conflict ->
                                        "conflict with "
                                                + conflict.manager()
                                                + ": "
                                                + conflict.field())
                        .collect(Collectors.joining("\n"));
        ObjectNode details = Json.object();
        ArrayNode causes = details.putArray("causes");
        conflicts.forEach(
                conflict ->
                        causes.addObject()
                                .put("reason", "FieldManagerConflict")
                                .put("message", "conflict with " + conflict.manager())
                                .put("field", conflict.field()));
        return new ApiException(
                409,
                "Conflict",
                "Apply failed with " + conflicts.size() + " " + plural + ": " + list,
                details);
    }

    static ApiException invalid(ResourceKind kind, String name, List<Violation> violations) {
        String list =
                violations.size() == 1
                        ? violations.getFirst().text()
                        : violations.stream()
                                .map(Violation::text)
                                .collect(Collectors.joining(", ", "[", "]"));
        ObjectNode details = details(kind, name).put("kind", kind.kind());
        ArrayNode causes = details.putArray("causes");
        violations.forEach(
                violation ->
                        causes.addObject()
                                .put("reason", violation.reason())
                                .put("message", violation.message())
                                .put("field", violation.field()));
        return new ApiException(
                422,
                "Invalid",
                kind.qualifiedKind() + " \"" + name + "\" is invalid: " + list,
                details);
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message, Json.object());
    }

    static ApiException unprocessable(String message) {
        return new ApiException(422, "Invalid", message, Json.object());
    }

    static ApiException forbidden(ResourceKind kind, String name, String why) {
        return new ApiException(
                403,
                "Forbidden",
                kind.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why,
                details(kind, name));
    }

    static ApiException methodNotAllowed() {
        return new ApiException(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Json.object());
    }

    static ApiException unsupportedMediaType(String type) {
        return new ApiException(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json,"
                        + " application/strategic-merge-patch+json, application/apply-patch+yaml: "
                        + type,
                Json.object());
    }

    static ApiException expired(long asked, long current) {
        return new ApiException(
                410,
                "Expired",
                "too old resource version: " + asked + " (" + current + ")",
                Json.object());
    }

    static ApiException internal(String message) {
        return new ApiException(
                500, "InternalError", "Internal error occurred: " + message, Json.object());
    }
}
