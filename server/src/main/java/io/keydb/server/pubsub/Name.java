package io.keydb.server.pubsub;

import java.util.Arrays;

/**
 * The bytes of the name of a channel, or of a pattern.
 *
 * <p>Threads: immutable, as nobody writes to the bytes.
 */
record Name(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Name(byte[] otherBytes) && Arrays.equals(bytes, otherBytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
