package io.keydb.server.keyspace;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;

/**
 * A key whose bytes are kept off-heap for as long as this is open; for keys that come from the Java
 * heap or must outlive their record.
 *
 * <p>Threads: confined to one thread.
 */
public final class KeptKey implements AutoCloseable {
    private final OffHeapBuffer bytes;
    private final Key key = new Key();

    public KeptKey(Pages pages) {
        bytes = new OffHeapBuffer(pages);
    }

    /** Keeps a copy of these bytes; gives the key, valid until the next call or the end. */
    public Key keep(byte[] keyBytes) {
        bytes.clear();
        bytes.append(keyBytes);
        return key.set(bytes.address(), keyBytes.length);
    }

    /** Keeps a copy of these bytes; gives the key, valid until the next call or the end. */
    public Key keep(long address, int length) {
        bytes.clear();
        bytes.append(address, length);
        return key.set(bytes.address(), length);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
