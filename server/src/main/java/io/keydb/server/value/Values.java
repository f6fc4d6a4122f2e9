package io.keydb.server.value;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;

/**
 * What every value type must answer, by the type of a record.
 *
 * <p>Threads: confined to the partition lock.
 */
public final class Values {
    private Values() {}

    /** Frees the record and all it owns. */
    public static void free(Allocator allocator, long record) {
        if (Record.type(record) == Record.STRING) {
            StringValue.freeOwned(allocator, record);
        }
        allocator.free(record, Record.sizeOf(record));
    }

    /**
     * Copies the value of one record, with all it owns, into a new record of the same shape of
     * value.
     */
    public static void copy(Allocator allocator, long from, long to) {
        if (Record.type(from) != Record.STRING) {
            throw new IllegalArgumentException("no value of type " + Record.type(from));
        }
        StringValue.copy(allocator, from, to);
    }

    /** Bytes of memory the record and all it owns take. */
    public static long memoryUsage(long record) {
        long own = Allocator.cellSize(Record.sizeOf(record));
        return Record.type(record) == Record.STRING ? own + StringValue.ownedBytes(record) : own;
    }

    /** The name of the encoding as OBJECT ENCODING tells it. */
    public static String encodingName(long record) {
        return Record.type(record) == Record.STRING ? StringValue.encodingName(record) : "unknown";
    }

    /** The name of the type as TYPE tells it. */
    public static String typeName(long record) {
        return switch (Record.type(record)) {
            case Record.STRING -> "string";
            case Record.LIST -> "list";
            case Record.SET -> "set";
            case Record.SORTED_SET -> "zset";
            case Record.HASH -> "hash";
            case Record.STREAM -> "stream";
            default -> "unknown";
        };
    }
}
