package io.keydb.operator.database;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a member says of its replication, read from {@code INFO replication}.
 *
 * <p>An active member has a node id, links and a vector. A standalone one has none of these.
 *
 * <p>Threads: immutable.
 */
public record ReplicationInfo(
        boolean isActive, Optional<String> nodeId, List<Link> links, ReplicationVector vector) {

    public ReplicationInfo {
        links = List.copyOf(links);
    }

    /**
     * Reads the reply of {@code INFO replication}. Fields that are not known here are left out.
     *
     * @throws IllegalArgumentException when a field that is known here has another form, or an
     *     active member has no vector
     */
    public static ReplicationInfo parse(String info) {
        var fields = new HashMap<String, String>();
        for (var line : info.split("\r?\n", -1)) {
            var colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        var isActive = fields.getOrDefault("role", "").equals("active-replica");
        var vector = Optional.ofNullable(fields.get("replication_vector"));
        if (isActive && vector.isEmpty()) {
            throw new IllegalArgumentException("an active member without a replication vector");
        }
        return new ReplicationInfo(
                isActive,
                Optional.ofNullable(fields.get("node_id")).filter(id -> !id.isEmpty()),
                links(fields),
                vector.map(ReplicationVector::parse).orElse(ReplicationVector.EMPTY));
    }

    private static List<Link> links(Map<String, String> fields) {
        var links = new ArrayList<Link>();
        for (var i = 0; fields.containsKey("link" + i); i++) {
            var parts = parts(fields.getOrDefault("link" + i, ""));
            var from =
                    new Endpoint(
                            parts.getOrDefault("host", ""),
                            Integer.parseInt(parts.getOrDefault("port", "0")));
            links.add(new Link(from, LinkState.parse(parts.getOrDefault("state", ""))));
        }
        return links;
    }

    private static Map<String, String> parts(String text) {
        var parts = new HashMap<String, String>();
        for (var part : text.split(",", -1)) {
            var equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return parts;
    }

    /** The state of the link from a peer, if there is one. */
    public Optional<LinkState> linkFrom(Endpoint peer) {
        return links.stream()
                .filter(link -> link.from().port() == peer.port())
                .filter(link -> link.from().host().equalsIgnoreCase(peer.host()))
                .map(Link::state)
                .findFirst();
    }
}
