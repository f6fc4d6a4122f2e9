package io.keydb.e2e.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ApiException;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Applies files of resources, as {@code kubectl apply} does: each resource for itself, unknown
 * fields refused.
 *
 * <p>Threads: stateless.
 */
public final class ResourceFiles {

    private static final String NAMESPACE = "default";
    private static final WriteOptions WRITER = WriteOptions.by("keydb-up").forced().strictly();

    /**
     * What came of a file.
     *
     * @param applied the resources that were taken, as stored
     * @param refusals what was refused and why, one line each
     */
    public record Outcome(List<JsonNode> applied, List<String> refusals) {

        /** Both outcomes as one. */
        Outcome and(Outcome other) {
            return new Outcome(
                    Stream.concat(applied.stream(), other.applied.stream()).toList(),
                    Stream.concat(refusals.stream(), other.refusals.stream()).toList());
        }
    }

    private final Api api;

    public ResourceFiles(Api api) {
        this.api = api;
    }

    /** Applies every resource of a file. */
    public Outcome apply(Path file) {
        List<JsonNode> applied = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        try {
            for (JsonNode document : Json.parseYamlDocuments(Files.readString(file))) {
                try {
                    applied.add(apply(document));
                } catch (ApiException e) {
                    refusals.add(file + ": " + called(document) + ": " + e.getMessage());
                }
            }
            if (applied.isEmpty() && refusals.isEmpty()) {
                refusals.add(file + ": holds no resource");
            }
        } catch (JsonProcessingException e) {
            refusals.add(
                    file + ": line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage());
        } catch (IOException _) {
            refusals.add(file + ": cannot be read");
        }
        return new Outcome(applied, refusals);
    }

    private static String called(JsonNode document) {
        return Json.text(document, "kind") + " " + Json.text(document, "metadata", "name");
    }

    /** Applies one resource. */
    public JsonNode apply(JsonNode document) {
        String apiVersion = Json.text(document, "apiVersion");
        String kindName = Json.text(document, "kind");
        Optional<ResourceKind> kind = api.kinds().byKind(apiVersion, kindName);
        if (kind.isEmpty()) {
            throw ApiException.unknownKind(apiVersion, kindName);
        }
        String stated = Json.text(document, "metadata", "namespace");
        String namespace = stated.isEmpty() ? NAMESPACE : stated;
        String name = Json.text(document, "metadata", "name");
        if (name.isEmpty()) {
            return api.create(kind.get(), namespace, document, WRITER);
        }
        return api.patch(kind.get(), namespace, name, Api.PatchType.APPLY, document, WRITER);
    }
}
