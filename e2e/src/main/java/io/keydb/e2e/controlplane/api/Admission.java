package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.schema.CustomSchema;
import io.keydb.e2e.controlplane.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a document between a request and the store: system metadata, separation of
 * status, pruning, defaults and validation.
 *
 * <p>Threads: called under the store's lock.
 */
final class Admission {

    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final Set<String> WITHOUT_GENERATION =
            Set.of(
                    "ConfigMap",
                    "Secret",
                    "Service",
                    "Endpoints",
                    "Event",
                    "Lease",
                    "Namespace",
                    "Node");

    private final ObjectStore store;
    private final BuiltinRules builtin;

    Admission(ObjectStore store, ServiceAddresses addresses) {
        this.store = store;
        this.builtin = new BuiltinRules(addresses);
    }

    /** A private copy of a request's body, which must be of the kind the URL names. */
    static ObjectNode document(ResourceKind kind, JsonNode body) {
        if (!(Json.copy(body) instanceof ObjectNode object)) {
            throw ApiException.badRequest("the body is not an object");
        }
        String apiVersion = Json.text(object, "apiVersion");
        if (!apiVersion.isEmpty() && !apiVersion.equals(kind.apiVersion())) {
            throw ApiException.badRequest(
                    "the API version in the data ("
                            + apiVersion
                            + ") does not match the expected API version ("
                            + kind.apiVersion()
                            + ")");
        }
        String name = Json.text(object, "kind");
        if (!name.isEmpty() && !name.equals(kind.kind())) {
            throw ApiException.badRequest(
                    "the kind in the data ("
                            + name
                            + ") does not match the expected kind ("
                            + kind.kind()
                            + ")");
        }
        object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        return object;
    }

    /** Gives a new object its name and system metadata. */
    void prepareNew(ResourceKind kind, String namespace, ObjectNode object) {
        ObjectNode metadata = Json.ensure(object, "metadata");
        if (kind.namespaced()) {
            checkNamespace(kind, namespace, metadata);
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        if (Json.text(metadata, "name").isEmpty() && metadata.has("generateName")) {
            metadata.put("name", Json.text(metadata, "generateName") + suffix());
        }
        checkName(kind, metadata);
        metadata.remove(
                List.of(
                        "managedFields",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds",
                        "resourceVersion"));
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Api.now());
        if (counted(kind)) {
            metadata.put("generation", 1L);
        } else {
            metadata.remove("generation");
        }
        if (kind.status()) {
            object.remove("status");
        }
    }

    private static boolean counted(ResourceKind kind) {
        return kind.schema() != null || !WITHOUT_GENERATION.contains(kind.kind());
    }

    private void checkNamespace(ResourceKind kind, String namespace, ObjectNode metadata) {
        String stated = Json.text(metadata, "namespace");
        if (!stated.isEmpty() && !stated.equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        ObjectNode home = store.get(ResourceKinds.NAMESPACE.key("", namespace));
        if (home == null) {
            throw ApiException.notFound(ResourceKinds.NAMESPACE, namespace);
        }
        if (Json.at(home, "metadata").has("deletionTimestamp")) {
            throw ApiException.forbidden(
                    kind,
                    Json.text(metadata, "name"),
                    "unable to create new content in namespace "
                            + namespace
                            + " because it is being terminated");
        }
    }

    private static String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append(
                    SUFFIX_ALPHABET.charAt(
                            ThreadLocalRandom.current().nextInt(SUFFIX_ALPHABET.length())));
        }
        return text.toString();
    }

    private static void checkName(ResourceKind kind, ObjectNode metadata) {
        String name = Json.text(metadata, "name");
        if (name.isEmpty()) {
            throw ApiException.invalid(
                    kind,
                    "",
                    List.of(
                            new Violation(
                                    "FieldValueRequired",
                                    "metadata.name",
                                    "Required value: name or generateName is required")));
        }
        boolean label = kind.equals(ResourceKinds.SERVICE) || kind.equals(ResourceKinds.NAMESPACE);
        boolean free = kind.group().equals("rbac.authorization.k8s.io");
        if (!free
                && (!(label ? LABEL : SUBDOMAIN).matcher(name).matches()
                        || name.length() > (label ? 63 : 253))) {
            String rule =
                    label
                            ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
                                    + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc')"
                            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
                                    + " '.', and must start and end with an alphanumeric character (e.g. 'example.com')";
            throw ApiException.invalid(
                    kind,
                    name,
                    List.of(Violation.invalid("metadata.name", '"' + name + '"', rule)));
        }
    }

    /** Carries over what a request cannot change. */
    void prepareUpdate(
            ResourceKind kind, ObjectNode next, ObjectNode current, WriteOptions options) {
        ObjectNode metadata = Json.ensure(next, "metadata");
        JsonNode old = current.path("metadata");
        String name = Json.text(old, "name");
        checkPreconditions(kind, metadata, old);
        if (options.statusOnly()) {
            keepAllButStatus(next, current);
            metadata = Json.ensure(next, "metadata");
        } else if (kind.status()) {
            carryOver("status", next, current);
        }
        for (String field :
                List.of(
                        "name",
                        "namespace",
                        "uid",
                        "creationTimestamp",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds",
                        "generation",
                        "generateName",
                        "resourceVersion")) {
            carryOver(field, metadata, old);
        }
        next.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        checkFinalizers(kind, name, metadata, old);
    }

    private static void checkPreconditions(ResourceKind kind, ObjectNode metadata, JsonNode old) {
        String name = Json.text(old, "name");
        String version = Json.text(metadata, "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(old, "resourceVersion"))) {
            throw ApiException.staleVersion(kind, name);
        }
        String uid = Json.text(metadata, "uid");
        if (!uid.isEmpty() && !uid.equals(Json.text(old, "uid"))) {
            throw ApiException.conflict(
                    kind,
                    name,
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Json.text(old, "uid"));
        }
        String stated = Json.text(metadata, "name");
        if (!stated.isEmpty() && !stated.equals(name)) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + stated
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
    }

    private static void keepAllButStatus(ObjectNode next, ObjectNode current) {
        JsonNode status = next.path("status");
        JsonNode managed = Json.at(next, "metadata", "managedFields");
        next.removeAll();
        next.setAll(current.deepCopy());
        if (Json.absent(status)) {
            next.remove("status");
        } else {
            next.set("status", status);
        }
        if (!managed.isMissingNode()) {
            Json.ensure(next, "metadata").set("managedFields", managed);
        }
    }

    private static void carryOver(String field, ObjectNode next, JsonNode current) {
        if (current.has(field)) {
            next.set(field, current.get(field));
        } else {
            next.remove(field);
        }
    }

    private static void checkFinalizers(
            ResourceKind kind, String name, ObjectNode metadata, JsonNode old) {
        if (!old.has("deletionTimestamp")) {
            return;
        }
        List<String> added = new ArrayList<>(Json.texts(metadata.path("finalizers")));
        added.removeAll(Json.texts(old.path("finalizers")));
        if (!added.isEmpty()) {
            throw ApiException.invalid(
                    kind,
                    name,
                    List.of(
                            Violation.forbidden(
                                    "metadata.finalizers",
                                    "no new finalizers can be added if the object is being deleted, found new"
                                            + " finalizers []string{\""
                                            + String.join("\", \"", added)
                                            + "\"}")));
        }
    }

    /** Prunes, completes and validates a document, and counts its generation. */
    void admit(
            ResourceKind kind,
            ObjectNode next,
            @Nullable ObjectNode current,
            WriteOptions options) {
        String name = Json.text(next, "metadata", "name");
        List<Violation> violations;
        CustomSchema schema = kind.schema();
        if (schema != null) {
            List<String> unknown = schema.prune(next);
            if (!unknown.isEmpty() && options.strict()) {
                throw ApiException.badRequest(
                        kind.kind()
                                + " in version \""
                                + kind.version()
                                + "\" cannot be handled as a "
                                + kind.kind()
                                + ": strict decoding error: "
                                + String.join(
                                        ", ",
                                        unknown.stream()
                                                .map(path -> "unknown field \"" + path + "\"")
                                                .toList()));
            }
            schema.applyDefaults(next);
            violations = schema.validate(next, current);
        } else if (kind.equals(ResourceKinds.DEFINITION)) {
            violations = CustomKinds.admit(next);
        } else {
            violations = builtin.admit(kind, next, current);
        }
        if (!violations.isEmpty()) {
            throw ApiException.invalid(kind, name, violations);
        }
        if (current != null && counted(kind) && !substance(next).equals(substance(current))) {
            Json.ensure(next, "metadata")
                    .put("generation", Json.at(current, "metadata", "generation").asLong() + 1);
        }
    }

    private static ObjectNode substance(ObjectNode object) {
        ObjectNode copy = Json.object();
        copy.setAll(object);
        copy.remove(List.of("metadata", "status"));
        return copy;
    }
}
