package io.keydb.operator.database;

import java.math.BigInteger;
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

    /**
     * Reads {@code <node id>=<sequence>[,...]}.
     *
     * @throws IllegalArgumentException when anything in it is of another form: what is not
     *     understood must not pass for nothing
     */
    static ReplicationVector parse(String text) {
        var sequences = new TreeMap<String, Long>();
        if (text.isEmpty()) {
            return EMPTY;
        }
        for (var entry : text.split(",", -1)) {
            var equals = entry.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("not a replication vector: " + text);
            }
            var sequence = Long.parseUnsignedLong(entry.substring(equals + 1));
            sequences.put(entry.substring(0, equals), sequence);
        }
        return new ReplicationVector(sequences);
    }

    /** Whether a member at this vector holds every write that a member at {@code other} holds. */
    public boolean covers(ReplicationVector other) {
        return other.sequences.entrySet().stream()
                .allMatch(entry -> covers(entry.getKey(), entry.getValue()));
    }

    private boolean covers(String origin, long sequence) {
        return Long.compareUnsigned(sequences.getOrDefault(origin, 0L), sequence) >= 0;
    }

    /**
     * A measure of how much a member holds, to compare members of which neither covers the other.
     */
    public BigInteger total() {
        return sequences.values().stream()
                .map(sequence -> new BigInteger(Long.toUnsignedString(sequence)))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
