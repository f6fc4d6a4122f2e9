package io.keydb.server.value;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of the forms in which values are kept: how far the small ones go.
 *
 * <p>Threads: immutable.
 */
public final class ValueDirectives {
    private ValueDirectives() {}

    public static final Directive<Long> HASH_MAX_LISTPACK_ENTRIES =
            directive("hash-max-listpack-entries")
                    .integer(512, 0, Long.MAX_VALUE)
                    .alias("hash-max-ziplist-entries")
                    .mutable()
                    .doc("A hash of more fields becomes a table.");

    public static final Directive<Long> HASH_MAX_LISTPACK_VALUE =
            directive("hash-max-listpack-value")
                    .memory(64)
                    .alias("hash-max-ziplist-value")
                    .mutable()
                    .doc("A hash with a longer field or value becomes a table.");

    public static final Directive<Long> SET_MAX_INTSET_ENTRIES =
            directive("set-max-intset-entries")
                    .integer(512, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("A set of more integers is no array of integers any more.");

    public static final Directive<Long> SET_MAX_LISTPACK_ENTRIES =
            directive("set-max-listpack-entries")
                    .integer(128, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("A set of more members becomes a table.");

    public static final Directive<Long> SET_MAX_LISTPACK_VALUE =
            directive("set-max-listpack-value")
                    .integer(64, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("A set with a longer member becomes a table.");

    public static final Directive<Long> ZSET_MAX_LISTPACK_ENTRIES =
            directive("zset-max-listpack-entries")
                    .integer(128, 0, Long.MAX_VALUE)
                    .alias("zset-max-ziplist-entries")
                    .mutable()
                    .doc("A sorted set of more members becomes a table and a tree.");

    public static final Directive<Long> ZSET_MAX_LISTPACK_VALUE =
            directive("zset-max-listpack-value")
                    .memory(64)
                    .alias("zset-max-ziplist-value")
                    .mutable()
                    .doc("A sorted set with a longer member becomes a table and a tree.");

    public static final Directive<Long> LIST_MAX_LISTPACK_SIZE =
            directive("list-max-listpack-size")
                    .integer(-2, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    .alias("list-max-ziplist-size")
                    .mutable()
                    .doc(
                            "Elements in one piece of a list; -1 to -5 limit its bytes instead, to"
                                    + " 4, 8, 16, 32 or 64 KB.");

    public static final Directive<Long> LIST_COMPRESS_DEPTH =
            directive("list-compress-depth")
                    .integer(0, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Pieces at either end of a list that stay uncompressed; 0 compresses none.");

    public static final Directive<Long> STREAM_NODE_MAX_BYTES =
            directive("stream-node-max-bytes")
                    .memory(4096)
                    .mutable()
                    .doc("Bytes in one piece of a stream; 0 sets no limit.");

    public static final Directive<Long> STREAM_NODE_MAX_ENTRIES =
            directive("stream-node-max-entries")
                    .integer(100, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("Entries in one piece of a stream; 0 sets no limit.");

    public static final Directive<Long> HLL_SPARSE_MAX_BYTES =
            directive("hll-sparse-max-bytes")
                    .memory(3000)
                    .mutable()
                    .doc("A HyperLogLog of more bytes takes the dense form.");

    public static final List<Directive<?>> ALL =
            List.of(
                    HASH_MAX_LISTPACK_ENTRIES,
                    HASH_MAX_LISTPACK_VALUE,
                    SET_MAX_INTSET_ENTRIES,
                    SET_MAX_LISTPACK_ENTRIES,
                    SET_MAX_LISTPACK_VALUE,
                    ZSET_MAX_LISTPACK_ENTRIES,
                    ZSET_MAX_LISTPACK_VALUE,
                    LIST_MAX_LISTPACK_SIZE,
                    LIST_COMPRESS_DEPTH,
                    STREAM_NODE_MAX_BYTES,
                    STREAM_NODE_MAX_ENTRIES,
                    HLL_SPARSE_MAX_BYTES);
}
