package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.RdbSink;
import java.util.Arrays;

/**
 * Bytes that were written under a lock and are sent when it is released.
 *
 * <p>Threads: confined to one thread.
 */
final class StagedOutput implements RdbSink {
    private byte[] bytes = new byte[128 * 1024];
    private int length;

    @Override
    public void write(byte[] from, int offset, int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    int length() {
        return length;
    }

    /** What was written since the last call. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, length);
        length = 0;
        return taken;
    }
}
