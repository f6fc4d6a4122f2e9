package io.keydb.server.value.hash;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;
import io.keydb.server.value.string.StringValue;

/**
 * The fields of a hash in the form of a table: records whose key is the field and whose value is
 * that of a string.
 *
 * <p>Threads: stateless; confined to the partition lock of the record's key.
 */
final class FieldRecords {
    /** Shorter text of an integer takes less memory than the integer. */
    private static final int SHORT_TEXT = 6;

    private FieldRecords() {}

    /** Points at the value of a field's record. */
    static void value(long field, Element out) {
        if (StringValue.isInteger(field)) {
            out.set(StringValue.integer(field));
        } else {
            out.set(StringValue.address(field), (int) StringValue.length(field));
        }
    }

    /** Makes the record of a field; it is in no table yet. */
    static long create(
            Allocator allocator,
            long address,
            int length,
            long valueAddress,
            int valueLength,
            boolean expires) {
        int encoding = encodingFor(valueAddress, valueLength);
        int shape = Record.shape(Record.STRING, encoding, expires, false, false);
        long bytes = StringValue.inlineBytes(encoding, valueLength);
        long record = Record.create(allocator, shape, address, length, bytes);
        StringValue.fill(allocator, record, valueAddress, valueLength);
        return record;
    }

    private static int encodingFor(long address, int length) {
        return length <= SHORT_TEXT ? Record.EMBSTR : StringValue.encodingFor(address, length);
    }

    /** Sets a field; tells whether it is new. */
    static boolean set(
            Holder holder,
            long address,
            int length,
            long valueAddress,
            int valueLength,
            boolean keepsExpiry) {
        holder.beforeChange();
        Allocator allocator = holder.allocator();
        long root = Record.number(holder.record());
        long hash = Hashing.hash(address, length);
        long old = RecordTable.find(root, hash, address, length);
        if (old == 0) {
            long created = create(allocator, address, length, valueAddress, valueLength, false);
            RecordTable.insert(allocator, root, hash, created);
            return true;
        }
        boolean expires = keepsExpiry && Record.hasExpiry(old);
        int encoding = encodingFor(valueAddress, valueLength);
        if (Record.type(old) == Record.STRING
                && encoding == Record.encoding(old)
                && encoding != Record.LARGE
                && expires == Record.hasExpiry(old)
                && Record.valueLength(old) == StringValue.inlineBytes(encoding, valueLength)) {
            StringValue.fill(allocator, old, valueAddress, valueLength);
            return false;
        }
        long created = create(allocator, address, length, valueAddress, valueLength, expires);
        if (expires) {
            Record.setExpiry(created, Record.expiry(old));
        }
        replace(holder, hash, old, created);
        return false;
    }

    /** Puts another record of the same field in the place of one, which is freed. */
    static void replace(Holder holder, long hash, long old, long record) {
        Allocator allocator = holder.allocator();
        long root = Record.number(holder.record());
        if (Record.hasExpiry(record)) {
            Members.moved(allocator, root, old, record);
        } else {
            Members.forget(holder, old);
        }
        RecordTable.replace(root, hash, old, record);
        Values.free(allocator, old);
    }

    /** Takes a field out and frees it. */
    static void remove(Holder holder, long field) {
        Members.forget(holder, field);
        long root = Record.number(holder.record());
        long hash = Hashing.hash(Record.keyAddress(field), Record.keyLength(field));
        RecordTable.remove(holder.allocator(), root, hash, field);
        Values.free(holder.allocator(), field);
    }
}
