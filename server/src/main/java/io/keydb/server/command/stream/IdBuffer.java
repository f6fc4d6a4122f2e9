package io.keydb.server.command.stream;

import io.keydb.server.value.stream.StreamId;
import java.util.Arrays;

/**
 * Ids, one behind the other.
 *
 * <p>Threads: confined to its owner.
 */
final class IdBuffer {
    private static final int KEPT = 1024;

    private long[] parts = {};
    private int count;

    void clear() {
        count = 0;
        if (parts.length > KEPT) {
            parts = new long[0];
        }
    }

    void add(StreamId id) {
        if (2 * count == parts.length) {
            parts = Arrays.copyOf(parts, Math.max(16, parts.length * 2));
        }
        parts[2 * count] = id.millis();
        parts[2 * count++ + 1] = id.sequence();
    }

    int count() {
        return count;
    }

    StreamId get(int i, StreamId out) {
        return out.set(parts[2 * i], parts[2 * i + 1]);
    }
}
