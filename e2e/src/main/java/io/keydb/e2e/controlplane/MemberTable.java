package io.keydb.e2e.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.Selector;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person wants to know of all KeyDB resources: their members, who serves, who takes writes,
 * how links stand.
 *
 * <p>Threads: stateless; reads the API each time.
 */
final class MemberTable {

    private static final List<String> HEADER =
            List.of(
                    "MEMBER",
                    "ADDRESS",
                    "STATE",
                    "READY",
                    "SERVING",
                    "WRITES",
                    "RESTARTS",
                    "LINKS");
    private static final String NONE = "-";

    private final Api api;

    MemberTable(Api api) {
        this.api = api;
    }

    /** The custom kind, once its definition is there. */
    static Optional<ResourceKind> kind(Api api) {
        return api.kinds().byPlural("keydb.io", "v1alpha1", "keydbs");
    }

    List<JsonNode> resources() {
        return kind(api)
                .map(kind -> List.<JsonNode>copyOf(api.list(kind, "", Selector.ALL)))
                .orElse(List.of());
    }

    /** The table, line by line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (JsonNode resource : resources()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADER);
            Json.at(resource, "status", "members")
                    .forEach(member -> rows.add(row(resource, member)));
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add(headline(resource));
            if (rows.size() > 1) {
                lines.addAll(aligned(rows));
            }
        }
        return lines;
    }

    /** The same for a log: one line for each resource and member, without columns that move. */
    List<String> plainLines() {
        List<String> lines = new ArrayList<>();
        for (JsonNode resource : resources()) {
            lines.add(headline(resource));
            for (JsonNode member : Json.at(resource, "status", "members")) {
                List<String> row = row(resource, member);
                StringBuilder line = new StringBuilder("  ");
                for (int i = 0; i < row.size(); i++) {
                    line.append(i < 3 ? "" : HEADER.get(i).toLowerCase(Locale.ROOT) + " ")
                            .append(row.get(i))
                            .append("  ");
                }
                lines.add(line.toString().stripTrailing());
            }
        }
        return lines;
    }

    private static String headline(JsonNode resource) {
        JsonNode status = resource.path("status");
        String phase = Json.text(status, "phase");
        String line =
                Json.text(resource, "metadata", "name")
                        + "  "
                        + Json.text(resource, "spec", "topology", "mode")
                        + "  "
                        + (phase.isEmpty() ? "Pending" : phase);
        String why = reason(status);
        return why.isEmpty() ? line : line + ": " + why;
    }

    /** Why a resource is not ready. */
    private static String reason(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals("Ready")
                    && !Json.text(condition, "status").equals("True")) {
                return Json.text(condition, "message");
            }
        }
        return "";
    }

    private List<String> row(JsonNode resource, JsonNode member) {
        JsonNode pod =
                api.find(
                        ResourceKinds.POD,
                        Json.text(resource, "metadata", "namespace"),
                        Json.text(member, "podName"));
        String address = pod == null ? "" : Json.text(pod, "status", "podIP");
        return List.of(
                Json.text(member, "name"),
                address.isEmpty() ? NONE : address,
                Json.text(member, "state"),
                word(member.path("ready")),
                word(member.path("serving")),
                word(member.path("writes")),
                Json.text(member, "restarts"),
                links(member.path("links")));
    }

    /**
     * The peers of a member by the state of the link to them: {@code merged cart-1 cart-2,
     * connecting cart-3}.
     */
    private static String links(JsonNode links) {
        Map<String, String> peersByState = new TreeMap<>();
        for (JsonNode link : links) {
            peersByState.merge(
                    Json.text(link, "state"), " " + Json.text(link, "peer"), String::concat);
        }
        List<String> words = new ArrayList<>();
        peersByState.forEach((state, peers) -> words.add(state + peers));
        return words.isEmpty() ? NONE : String.join(", ", words);
    }

    private static String word(JsonNode flag) {
        return flag.asBoolean() ? "yes" : "no";
    }

    private static List<String> aligned(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
