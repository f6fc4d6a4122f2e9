package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;

/**
 * Brings string values into records: writes in place where the record has the right form, and makes
 * a new record where it has not.
 *
 * <p>Threads: confined to the partition lock of the key.
 */
public final class Strings {
    /** The key gets no expiry. */
    public static final long NO_EXPIRY = -1;

    /** The key keeps the expiry it has. */
    public static final long KEEP_EXPIRY = -2;

    private Strings() {}

    /**
     * Sets the key to these bytes, whatever it was.
     *
     * @param old the record of the key, or 0
     * @param expiry unix milliseconds, {@link #NO_EXPIRY} or {@link #KEEP_EXPIRY}
     */
    public static void set(
            Database database, Key key, long old, long address, long length, long expiry) {
        int encoding = StringValue.encodingFor(address, length);
        long record = recordFor(database, key, old, encoding, length, expiry);
        StringValue.fill(database.allocator(key), record, address, length);
        settle(database, key, old, record);
    }

    /**
     * Sets the key to a number as it is spelled and keeps its expiry. Unlike what {@link #set}
     * does, it stays text even when it spells an integer.
     */
    public static void setSpelledNumber(
            Database database, Key key, long old, long address, long length) {
        int encoding =
                length <= StringValue.LONGEST_EMBEDDED ? Record.EMBSTR : StringValue.rawFor(length);
        long record = recordFor(database, key, old, encoding, length, KEEP_EXPIRY);
        StringValue.fill(database.allocator(key), record, address, length);
        settle(database, key, old, record);
    }

    /** Sets the key to an integer and keeps its expiry. */
    public static void setInteger(Database database, Key key, long old, long value) {
        long length = DecimalText.length(value);
        long record = recordFor(database, key, old, Record.INT, length, KEEP_EXPIRY);
        Record.setNumber(record, value);
        settle(database, key, old, record);
    }

    /**
     * Makes the value of the key {@code length} bytes long, keeping its expiry and as much of its
     * content as there is; bytes beyond the old end are zero. The value is to be written from
     * {@code from} on at the address this gives.
     *
     * @param old the record of the key, or 0
     */
    public static long resize(Database database, Key key, long old, long length) {
        Allocator allocator = database.allocator(key);
        if (old != 0 && Record.encoding(old) == Record.LARGE) {
            database.beforeChange(key, old);
            growLarge(allocator, old, length);
            return Record.largeAddress(old);
        }
        if (old != 0 && Record.encoding(old) == Record.RAW && Record.valueLength(old) == length) {
            database.beforeChange(key, old);
            return Record.valueAddress(old);
        }
        int encoding = StringValue.rawFor(length);
        long record = newRecord(database, key, old, encoding, length, KEEP_EXPIRY);
        if (encoding == Record.LARGE) {
            StringValue.reserve(allocator, record, length, StringValue.capacityFor(length));
        }
        long to = StringValue.address(record);
        long kept = old == 0 ? 0 : StringValue.copyTo(old, to);
        Memory.fill(to + kept, length - kept, (byte) 0);
        settle(database, key, old, record);
        return to;
    }

    /**
     * A record for a new value of the key that is not linked yet: {@code length} bytes, to be
     * written, while the old value is still there to be read. No expiry.
     */
    public static long prepare(Database database, Key key, long length) {
        int encoding = StringValue.rawFor(length);
        long record = newRecord(database, key, 0, encoding, length, NO_EXPIRY);
        if (encoding == Record.LARGE) {
            StringValue.reserve(database.allocator(key), record, length, length);
        }
        return record;
    }

    private static void growLarge(Allocator allocator, long record, long length) {
        long address = Record.largeAddress(record);
        long oldLength = Record.largeLength(record);
        long capacity = Record.largeCapacity(record);
        if (length > capacity) {
            long newCapacity = StringValue.capacityFor(length);
            long moved = allocator.allocate(newCapacity);
            Memory.copy(address, moved, oldLength);
            allocator.free(address, capacity);
            address = moved;
            capacity = newCapacity;
        }
        if (length > oldLength) {
            Memory.fill(address + oldLength, length - oldLength, (byte) 0);
        }
        Record.setLarge(record, address, length, capacity);
    }

    /** The old record when the new value fits into it as it is, else a new one. */
    private static long recordFor(
            Database database, Key key, long old, int encoding, long length, long expiry) {
        if (old != 0
                && encoding != Record.LARGE
                && Record.type(old) == Record.STRING
                && Record.encoding(old) == encoding
                && Record.valueLength(old) == StringValue.inlineBytes(encoding, length)
                && Record.hasExpiry(old) == (expiry >= 0 || keeps(old, expiry))) {
            database.beforeChange(key, old);
            if (expiry >= 0) {
                Record.setExpiry(old, expiry);
            }
            return old;
        }
        return newRecord(database, key, old, encoding, length, expiry);
    }

    private static long newRecord(
            Database database, Key key, long old, int encoding, long length, long expiry) {
        boolean keeps = keeps(old, expiry);
        int shape = database.shape(Record.STRING, encoding, expiry >= 0 || keeps);
        long record = database.newRecord(key, shape, StringValue.inlineBytes(encoding, length));
        if (expiry >= 0) {
            Record.setExpiry(record, expiry);
        } else if (keeps) {
            Record.setExpiry(record, Record.expiry(old));
        }
        return record;
    }

    private static boolean keeps(long old, long expiry) {
        return expiry == KEEP_EXPIRY && old != 0 && Record.hasExpiry(old);
    }

    /** Puts the record into the place of the key's old one, or of none. */
    public static void settle(Database database, Key key, long old, long record) {
        if (old == 0) {
            database.insert(key, record);
        } else if (old != record) {
            database.replace(key, old, record);
        }
    }
}
