package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Memory;

/**
 * MurmurHash2 of 64 bits (variant A) with the seed that all HyperLogLogs share.
 *
 * <p>Threads: stateless.
 */
final class MurmurHash {
    private static final long SEED = 0xadc83b19L;
    private static final long FACTOR = 0xc6a4a7935bd1e995L;
    private static final int SHIFT = 47;

    private MurmurHash() {}

    static long of(long address, int length) {
        long hash = SEED ^ length * FACTOR;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long word = Memory.getLong(address + i) * FACTOR;
            word ^= word >>> SHIFT;
            hash = (hash ^ word * FACTOR) * FACTOR;
        }
        if (i < length) {
            long rest = 0;
            for (int j = length - 1; j >= i; j--) {
                rest = rest << 8 | (Memory.getByte(address + j) & 0xff);
            }
            hash = (hash ^ rest) * FACTOR;
        }
        hash ^= hash >>> SHIFT;
        hash *= FACTOR;
        return hash ^ hash >>> SHIFT;
    }
}
