package io.keydb.examples.bloom;

import io.keydb.module.Bytes;
import io.keydb.module.MutableBytes;

/**
 * Adds items to a filter and looks for them. Each item sets as many bits as there are hash
 * functions; an item all of whose bits are set was most likely added.
 *
 * <p>Threads: stateless.
 */
final class BloomFilter {
    private static final double LN_2 = Math.log(2);
    private static final long LARGEST_BYTES = 256 << 20;

    private BloomFilter() {}

    /**
     * How many bytes a filter needs for so many items at that rate of false answers; -1: too many.
     */
    static long bytes(double errorRate, long capacity) {
        double bits = Math.ceil(-capacity * Math.log(errorRate) / (LN_2 * LN_2));
        double bytes = Math.ceil(Math.max(bits, 1) / 8);
        return bytes > LARGEST_BYTES ? -1 : BloomType.BITS + (long) bytes;
    }

    /** How many hash functions suit that rate. */
    static int hashes(double errorRate) {
        long suitable = Math.round(-Math.log(errorRate) / LN_2);
        return (int) Math.clamp(suitable, 1, BloomType.MOST_HASHES);
    }

    /** Adds an item; gives whether it was certainly not there. */
    static boolean add(MutableBytes filter, Bytes item) {
        long hash = hash(item);
        long step = mix(hash) | 1;
        boolean isNew = false;
        for (int i = filter.getInt(BloomType.HASHES); i > 0; i--) {
            long bit = bit(filter, hash);
            byte old = filter.get(at(bit));
            byte with = (byte) (old | mask(bit));
            if (with != old) {
                filter.put(at(bit), with);
                isNew = true;
            }
            hash += step;
        }
        if (isNew) {
            filter.putLong(BloomType.ITEMS, filter.getLong(BloomType.ITEMS) + 1);
        }
        return isNew;
    }

    /** Whether an item was most likely added. */
    static boolean has(Bytes filter, Bytes item) {
        long hash = hash(item);
        long step = mix(hash) | 1;
        for (int i = filter.getInt(BloomType.HASHES); i > 0; i--) {
            long bit = bit(filter, hash);
            if ((filter.get(at(bit)) & mask(bit)) == 0) {
                return false;
            }
            hash += step;
        }
        return true;
    }

    private static long bit(Bytes filter, long hash) {
        return Long.remainderUnsigned(hash, (filter.length() - BloomType.BITS) * 8);
    }

    private static long at(long bit) {
        return BloomType.BITS + (bit >>> 3);
    }

    private static int mask(long bit) {
        return 1 << (bit & 7);
    }

    private static long hash(Bytes item) {
        long hash = item.length();
        long whole = item.length() & ~7L;
        for (long i = 0; i < whole; i += 8) {
            hash = mix(hash ^ item.getLong(i));
        }
        for (long i = whole; i < item.length(); i++) {
            hash = mix(hash ^ (item.get(i) & 0xff));
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 29) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 32;
    }
}
