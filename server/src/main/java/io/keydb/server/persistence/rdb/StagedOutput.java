package io.keydb.server.persistence.rdb;

import java.util.Arrays;

/**
 * Bytes that were written under a lock and are sent when it is released.
 *
 * <p>Threads: confined to one thread.
 */
public final class StagedOutput implements RdbSink {
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

    /** Bytes that were written since the last call of {@link #take}. */
    public int length() {
        return length;
    }

    /** What was written since the last call. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, length);
        length = 0;
        return taken;
    }
}
