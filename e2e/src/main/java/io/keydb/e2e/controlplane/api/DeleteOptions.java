package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.Locale;

/**
 * How a delete is to be carried out.
 *
 * <p>Threads: immutable.
 *
 * @param propagation what happens to dependents
 * @param gracePeriodSeconds time a pod has to stop, or -1 for the pod's own
 * @param uid the uid the object must have, or the empty string
 * @param resourceVersion the version the object must have, or the empty string
 */
public record DeleteOptions(
        Propagation propagation, long gracePeriodSeconds, String uid, String resourceVersion) {

    /** What happens to the objects that name the deleted one as their owner. */
    public enum Propagation {
        /** They go after it. */
        BACKGROUND,
        /** They go before it. */
        FOREGROUND,
        /** They stay and forget it. */
        ORPHAN
    }

    public static final DeleteOptions DEFAULT =
            new DeleteOptions(Propagation.BACKGROUND, -1, "", "");

    /** Without waiting: what a kubelet does when a pod's containers have stopped. */
    public static final DeleteOptions NOW = new DeleteOptions(Propagation.BACKGROUND, 0, "", "");

    /** The options of a request: its body, with query parameters for what the body leaves out. */
    static DeleteOptions parse(JsonNode body, String propagationParameter, String graceParameter) {
        String named = Json.text(body, "propagationPolicy");
        if (named.isEmpty()) {
            named = propagationParameter;
        }
        if (body.path("orphanDependents").asBoolean()) {
            named = "Orphan";
        }
        Propagation propagation;
        try {
            propagation =
                    named.isEmpty()
                            ? Propagation.BACKGROUND
                            : Propagation.valueOf(named.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw ApiException.unprocessable(
                    "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \""
                            + named
                            + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
        }
        long grace = graceParameter.isEmpty() ? -1 : Long.parseLong(graceParameter);
        return new DeleteOptions(
                propagation,
                body.path("gracePeriodSeconds").asLong(grace),
                Json.text(body, "preconditions", "uid"),
                Json.text(body, "preconditions", "resourceVersion"));
    }
}
