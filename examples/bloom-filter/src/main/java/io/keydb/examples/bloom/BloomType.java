package io.keydb.examples.bloom;

import io.keydb.module.Bytes;
import io.keydb.module.DataType;

/**
 * The values of the module:
 *
 * <pre>
 *   hash functions (4)   items that were new when they were added (8)   bits
 * </pre>
 *
 * <p>Threads: stateless.
 */
final class BloomType implements DataType {
    static final int HASHES = 0;
    static final int ITEMS = 4;
    static final int BITS = 12;

    static final int MOST_HASHES = 64;

    @Override
    public String name() {
        return "bloomfltr";
    }

    @Override
    public int encodingVersion() {
        return 1;
    }

    @Override
    public void check(Bytes value) {
        if (value.length() <= BITS) {
            throw new IllegalArgumentException("a filter without bits");
        }
        int hashes = value.getInt(HASHES);
        if (hashes < 1 || hashes > MOST_HASHES) {
            throw new IllegalArgumentException("a filter with " + hashes + " hash functions");
        }
    }
}
