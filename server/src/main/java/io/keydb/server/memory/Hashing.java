package io.keydb.server.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The 64-bit hash of a byte string, in the manner of wyhash: words are folded by 64 x 64 to 128 bit
 * multiplications. All 64 bits are usable, the top ones as well as the low ones.
 *
 * <p>The seed is drawn once per process, so that nobody outside can choose keys that collide; the
 * property {@code keydb.hash.seed} fixes it for tests. A hash therefore never leaves the process.
 *
 * <p>Threads: immutable.
 */
public final class Hashing {

    // Secret, every one of them: a word that equals a known factor would make the product zero
    // whatever the rest of the key is.
    private static final long SEED = seed();
    private static final long SECRET_0 = scramble(SEED + 1);
    private static final long SECRET_1 = scramble(SEED + 2);
    private static final long SECRET_2 = scramble(SEED + 3);
    private static final long SECRET_3 = scramble(SEED + 4);

    private static final VarHandle ARRAY_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Hashing() {}

    private static long seed() {
        Long fixed = Long.getLong("keydb.hash.seed");
        return scramble(fixed != null ? fixed : new SecureRandom().nextLong());
    }

    private static long scramble(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The hash of the bytes at an address. */
    public static long hash(long address, int length) {
        long seed = SEED;
        long a;
        long b;
        if (length <= 16) {
            if (length >= 8) {
                a = Memory.getLong(address);
                b = Memory.getLong(address + length - 8);
            } else if (length >= 4) {
                a = Memory.getInt(address);
                b = Memory.getInt(address + length - 4);
            } else if (length > 0) {
                a =
                        ((Memory.getByte(address) & 0xffL) << 16)
                                | ((Memory.getByte(address + (length >>> 1)) & 0xffL) << 8)
                                | (Memory.getByte(address + length - 1) & 0xffL);
                b = 0;
            } else {
                a = 0;
                b = 0;
            }
        } else {
            seed = fold(seed, address, length);
            a = Memory.getLong(address + length - 16);
            b = Memory.getLong(address + length - 8);
        }
        return finish(seed, a, b, length);
    }

    /** All but the last 1 to 16 bytes. */
    private static long fold(long initial, long address, int length) {
        long seed = initial;
        int i = 0;
        if (length > 48) {
            long seed1 = seed;
            long seed2 = seed;
            for (; i + 48 < length; i += 48) {
                long at = address + i;
                seed = mix(Memory.getLong(at) ^ SECRET_0, Memory.getLong(at + 8) ^ seed);
                seed1 = mix(Memory.getLong(at + 16) ^ SECRET_1, Memory.getLong(at + 24) ^ seed1);
                seed2 = mix(Memory.getLong(at + 32) ^ SECRET_2, Memory.getLong(at + 40) ^ seed2);
            }
            seed ^= seed1 ^ seed2;
        }
        for (; i + 16 < length; i += 16) {
            long at = address + i;
            seed = mix(Memory.getLong(at) ^ SECRET_2, Memory.getLong(at + 8) ^ seed);
        }
        return seed;
    }

    /** The same hash for bytes on the heap. */
    public static long hash(byte[] bytes) {
        int length = bytes.length;
        long seed = SEED;
        long a;
        long b;
        if (length <= 16) {
            if (length >= 8) {
                a = (long) ARRAY_LONG.get(bytes, 0);
                b = (long) ARRAY_LONG.get(bytes, length - 8);
            } else if (length >= 4) {
                a = (int) ARRAY_INT.get(bytes, 0);
                b = (int) ARRAY_INT.get(bytes, length - 4);
            } else if (length > 0) {
                a =
                        ((bytes[0] & 0xffL) << 16)
                                | ((bytes[length >>> 1] & 0xffL) << 8)
                                | (bytes[length - 1] & 0xffL);
                b = 0;
            } else {
                a = 0;
                b = 0;
            }
        } else {
            seed = fold(seed, bytes);
            a = (long) ARRAY_LONG.get(bytes, length - 16);
            b = (long) ARRAY_LONG.get(bytes, length - 8);
        }
        return finish(seed, a, b, length);
    }

    private static long fold(long initial, byte[] bytes) {
        long seed = initial;
        int length = bytes.length;
        int i = 0;
        if (length > 48) {
            long seed1 = seed;
            long seed2 = seed;
            for (; i + 48 < length; i += 48) {
                seed = mix(word(bytes, i) ^ SECRET_0, word(bytes, i + 8) ^ seed);
                seed1 = mix(word(bytes, i + 16) ^ SECRET_1, word(bytes, i + 24) ^ seed1);
                seed2 = mix(word(bytes, i + 32) ^ SECRET_2, word(bytes, i + 40) ^ seed2);
            }
            seed ^= seed1 ^ seed2;
        }
        for (; i + 16 < length; i += 16) {
            seed = mix(word(bytes, i) ^ SECRET_2, word(bytes, i + 8) ^ seed);
        }
        return seed;
    }

    private static long word(byte[] bytes, int offset) {
        return (long) ARRAY_LONG.get(bytes, offset);
    }

    private static long finish(long seed, long a, long b, int length) {
        long x = a ^ SECRET_1;
        long y = b ^ seed;
        long low = x * y;
        long high = Math.unsignedMultiplyHigh(x, y);
        return mix(low ^ SECRET_3 ^ length, high ^ SECRET_1);
    }

    private static long mix(long a, long b) {
        return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
    }
}
