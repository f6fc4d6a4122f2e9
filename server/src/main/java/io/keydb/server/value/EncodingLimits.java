package io.keydb.server.value;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;

/**
 * At which sizes the small forms of collections end, as {@link ValueDirectives} say. One object
 * serves a whole keyspace.
 *
 * <p>Threads: safe; a change is seen by the commands that begin after it.
 */
public final class EncodingLimits {
    private volatile long hashMaxListpackEntries =
            initial(ValueDirectives.HASH_MAX_LISTPACK_ENTRIES);
    private volatile long hashMaxListpackValue = initial(ValueDirectives.HASH_MAX_LISTPACK_VALUE);
    private volatile long setMaxIntsetEntries = initial(ValueDirectives.SET_MAX_INTSET_ENTRIES);
    private volatile long setMaxListpackEntries = initial(ValueDirectives.SET_MAX_LISTPACK_ENTRIES);
    private volatile long setMaxListpackValue = initial(ValueDirectives.SET_MAX_LISTPACK_VALUE);
    private volatile long zsetMaxListpackEntries =
            initial(ValueDirectives.ZSET_MAX_LISTPACK_ENTRIES);
    private volatile long zsetMaxListpackValue = initial(ValueDirectives.ZSET_MAX_LISTPACK_VALUE);
    private volatile long listMaxListpackSize = initial(ValueDirectives.LIST_MAX_LISTPACK_SIZE);
    private volatile long listCompressDepth = initial(ValueDirectives.LIST_COMPRESS_DEPTH);
    private volatile long streamNodeMaxBytes = initial(ValueDirectives.STREAM_NODE_MAX_BYTES);
    private volatile long streamNodeMaxEntries = initial(ValueDirectives.STREAM_NODE_MAX_ENTRIES);
    private volatile long hllSparseMaxBytes = initial(ValueDirectives.HLL_SPARSE_MAX_BYTES);

    private volatile long listLeafBytes = Long.MAX_VALUE;

    private static long initial(Directive<Long> directive) {
        return directive.defaultValue();
    }

    /** Takes the limits over from a configuration, now and whenever one of them changes. */
    public void follow(Configuration configuration) {
        take(configuration);
        configuration.onChange(
                () -> take(configuration), ValueDirectives.ALL.toArray(Directive<?>[]::new));
    }

    private void take(Configuration from) {
        hashMaxListpackEntries = from.value(ValueDirectives.HASH_MAX_LISTPACK_ENTRIES);
        hashMaxListpackValue = from.value(ValueDirectives.HASH_MAX_LISTPACK_VALUE);
        setMaxIntsetEntries = from.value(ValueDirectives.SET_MAX_INTSET_ENTRIES);
        setMaxListpackEntries = from.value(ValueDirectives.SET_MAX_LISTPACK_ENTRIES);
        setMaxListpackValue = from.value(ValueDirectives.SET_MAX_LISTPACK_VALUE);
        zsetMaxListpackEntries = from.value(ValueDirectives.ZSET_MAX_LISTPACK_ENTRIES);
        zsetMaxListpackValue = from.value(ValueDirectives.ZSET_MAX_LISTPACK_VALUE);
        listMaxListpackSize = from.value(ValueDirectives.LIST_MAX_LISTPACK_SIZE);
        listCompressDepth = from.value(ValueDirectives.LIST_COMPRESS_DEPTH);
        streamNodeMaxBytes = from.value(ValueDirectives.STREAM_NODE_MAX_BYTES);
        streamNodeMaxEntries = from.value(ValueDirectives.STREAM_NODE_MAX_ENTRIES);
        hllSparseMaxBytes = from.value(ValueDirectives.HLL_SPARSE_MAX_BYTES);
    }

    public long hashMaxListpackEntries() {
        return hashMaxListpackEntries;
    }

    public long hashMaxListpackValue() {
        return hashMaxListpackValue;
    }

    public long setMaxIntsetEntries() {
        return setMaxIntsetEntries;
    }

    public long setMaxListpackEntries() {
        return setMaxListpackEntries;
    }

    public long setMaxListpackValue() {
        return setMaxListpackValue;
    }

    public long zsetMaxListpackEntries() {
        return zsetMaxListpackEntries;
    }

    public long zsetMaxListpackValue() {
        return zsetMaxListpackValue;
    }

    /** Entries of a list's listpack, or with -1 to -5 its bytes: 4, 8, 16, 32, 64 KB. */
    public long listMaxListpackSize() {
        return listMaxListpackSize;
    }

    /**
     * Bytes beyond which elements of a list share no leaf, whatever the size of leaves; for tests.
     */
    public long listLeafBytes() {
        return listLeafBytes;
    }

    /** Sets {@link #listLeafBytes}; 0 sets no limit. */
    public void listLeafBytes(long bytes) {
        listLeafBytes = bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    public long listCompressDepth() {
        return listCompressDepth;
    }

    /** Bytes of one node of a stream; 0 sets no limit. */
    public long streamNodeMaxBytes() {
        return streamNodeMaxBytes;
    }

    /** Entries of one node of a stream; 0 sets no limit. */
    public long streamNodeMaxEntries() {
        return streamNodeMaxEntries;
    }

    public long hllSparseMaxBytes() {
        return hllSparseMaxBytes;
    }
}
