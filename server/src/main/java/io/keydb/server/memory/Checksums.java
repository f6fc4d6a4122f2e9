package io.keydb.server.memory;

import io.keydb.server.support.Crc64;

/**
 * Checksums over bytes outside the Java heap.
 *
 * <p>Threads: stateless.
 */
public final class Checksums {

    private Checksums() {}

    /** The CRC64 of what {@code crc} is the checksum of, followed by these bytes. */
    public static long crc64(long crc, long address, long length) {
        return Crc64.update(crc, Memory.ALL, address, length);
    }
}
