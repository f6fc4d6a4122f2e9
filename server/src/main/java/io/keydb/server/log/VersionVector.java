package io.keydb.server.log;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a node has: for each origin the number of the last of its units, all earlier ones included.
 *
 * <p>A node keeps a run of its own in the vector for each restart. What all nodes have completely
 * of the runs before the latest is folded into a <i>floor</i>: every run of the node below it is
 * covered.
 *
 * <p>As text: {@code <node>:<run>=<number>} for each origin, {@code <node>:<run>^} for a floor,
 * separated by commas; {@code -} when empty.
 *
 * <p>Threads: confined to its owner; {@link #copy} before handing it on.
 */
public final class VersionVector {
    private static final int MOST_ENTRIES = 10_000;
    private static final String EMPTY = "-";

    private final TreeMap<Origin, Long> numbers = new TreeMap<>();
    private final TreeMap<NodeId, Long> floors = new TreeMap<>();

    public VersionVector copy() {
        VersionVector copy = new VersionVector();
        copy.numbers.putAll(numbers);
        copy.floors.putAll(floors);
        return copy;
    }

    /** Number of the last unit of the origin, its run number when there is none. */
    public long last(Origin origin) {
        return numbers.getOrDefault(origin, origin.run());
    }

    public boolean covers(Origin origin, long number) {
        return origin.run() < floor(origin.node()) || number <= last(origin);
    }

    /** Whether this node lacks nothing of what {@code other} has. */
    public boolean covers(VersionVector other) {
        for (Map.Entry<Origin, Long> entry : other.numbers.entrySet()) {
            if (!covers(entry.getKey(), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Adds the units of the origin up to {@code number}. */
    public void advance(Origin origin, long number) {
        if (!covers(origin, number)) {
            numbers.put(origin, number);
        }
    }

    /** Adds all that {@code other} has. */
    public void join(VersionVector other) {
        other.floors.forEach(this::raiseFloor);
        other.numbers.forEach(this::advance);
    }

    /** Declares all runs of the node before {@code run} covered, and forgets their numbers. */
    public void raiseFloor(NodeId node, long run) {
        if (run > floor(node)) {
            floors.put(node, run);
            numbers.keySet().removeIf(origin -> origin.node().equals(node) && origin.run() < run);
        }
    }

    public long floor(NodeId node) {
        return floors.getOrDefault(node, 0L);
    }

    /** The last unit of each origin, in the order of the origins. */
    public Map<Origin, Long> numbers() {
        return Collections.unmodifiableMap(numbers);
    }

    public Map<NodeId, Long> floors() {
        return Collections.unmodifiableMap(floors);
    }

    /** For each node the number of the last unit of its latest run. */
    public Map<NodeId, Long> latest() {
        Map<NodeId, Long> latest = new TreeMap<>();
        numbers.forEach((origin, number) -> latest.put(origin.node(), number));
        return latest;
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** The vector that {@code text} stands for; empty when it is none. */
    public static Optional<VersionVector> parse(String text) {
        VersionVector vector = new VersionVector();
        if (text.equals(EMPTY)) {
            return Optional.of(vector);
        }
        String[] entries = text.split(",", -1);
        if (entries.length > MOST_ENTRIES) {
            return Optional.empty();
        }
        for (String entry : entries) {
            if (!vector.parseEntry(entry)) {
                return Optional.empty();
            }
        }
        return Optional.of(vector);
    }

    private boolean parseEntry(String entry) {
        int colon = entry.indexOf(':');
        if (colon < 0 || !NodeId.isValid(entry.substring(0, colon))) {
            return false;
        }
        NodeId node = new NodeId(entry.substring(0, colon));
        try {
            if (entry.endsWith("^")) {
                raiseFloor(node, number(entry.substring(colon + 1, entry.length() - 1)));
                return true;
            }
            int equals = entry.indexOf('=', colon);
            if (equals < 0) {
                return false;
            }
            Origin origin = new Origin(node, number(entry.substring(colon + 1, equals)));
            numbers.put(origin, number(entry.substring(equals + 1)));
            return true;
        } catch (NumberFormatException malformed) {
            return false;
        }
    }

    private static long number(String text) {
        long number = Long.parseLong(text);
        if (number < 0) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionVector vector
                && numbers.equals(vector.numbers)
                && floors.equals(vector.floors);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode() * 31 + floors.hashCode();
    }

    @Override
    public String toString() {
        if (numbers.isEmpty() && floors.isEmpty()) {
            return EMPTY;
        }
        StringBuilder text = new StringBuilder();
        floors.forEach((node, run) -> entry(text).append(node).append(':').append(run).append('^'));
        numbers.forEach((origin, number) -> entry(text).append(origin).append('=').append(number));
        return text.toString();
    }

    private static StringBuilder entry(StringBuilder text) {
        return text.isEmpty() ? text : text.append(',');
    }
}
