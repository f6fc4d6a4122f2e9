package io.keydb.server.replication;

import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds lines at the front of received bytes.
 *
 * <p>Threads: stateless.
 */
final class LineReader {
    /** No line of the protocol is longer, vectors of many nodes included. */
    static final int LONGEST = 1 << 20;

    private LineReader() {}

    /** The first line without its end; null when it is not complete. */
    static @Nullable String line(long address, int length) {
        for (int i = 0; i < Math.min(length, LONGEST); i++) {
            if (Memory.getByte(address + i) == '\n') {
                int end = i > 0 && Memory.getByte(address + i - 1) == '\r' ? i - 1 : i;
                return new String(Memory.bytes(address, end), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** How many bytes the first line takes, its end included; there must be one. */
    static int lengthWithEnd(long address) {
        int i = 0;
        while (Memory.getByte(address + i) != '\n') {
            i++;
        }
        return i + 1;
    }
}
