package io.keydb.operator.database;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many writes of each origin a member holds: node id to sequence number. Sequence numbers have
 * no gaps, so two vectors tell whether one member holds everything another one holds.
 *
 * <p>Threads: immutable.
 */
public record ReplicationVector(Map<String, Long> sequences) {
    public static final ReplicationVector EMPTY = new ReplicationVector(Map.of());

    public ReplicationVector {
        sequences = Map.copyOf(sequences);
    }

    /** Reads {@code <node id>=<sequence>[,...]}; what is not of this form is left out. */
    static ReplicationVector parse(String text) {
        var sequences = new TreeMap<String, Long>();
        for (var entry : text.split(",", -1)) {
            var equals = entry.indexOf('=');
            if (equals > 0 && entry.substring(equals + 1).matches("\\d{1,18}")) {
                sequences.put(
                        entry.substring(0, equals), Long.valueOf(entry.substring(equals + 1)));
            }
        }
        return new ReplicationVector(sequences);
    }

    /** Whether a member at this vector holds every write that a member at {@code other} holds. */
    public boolean covers(ReplicationVector other) {
        return other.sequences.entrySet().stream()
                .allMatch(entry -> sequences.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }

    /** The number of writes, to compare members of which neither covers the other. */
    public long total() {
        return sequences.values().stream().mapToLong(Long::longValue).sum();
    }
}
