package io.keydb.server.value.hash;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;

/**
 * The value of a hash record.
 *
 * <pre>
 *   RAW  LARGE   listpack: field, value, field, value ... (see {@link Blob})
 *   INT          address of a root, which is that of {@link Members} and nothing else; each field is
 *                a record of type STRING, or of type HASH when a hash is nested in it
 * </pre>
 *
 * <p>A hash becomes a table when it has more than {@code hash-max-listpack-entries} fields, gets a
 * field or value longer than {@code hash-max-listpack-value}, or one of its fields an expiry. It
 * never goes back. An empty hash does not exist: whoever removes the last field removes the key.
 *
 * <p>Built with {@link #prepare}, {@link #set} and {@link #trim}; read with {@link HashCursor}.
 *
 * <p>Threads: stateless; confined to the partition lock of the record's key.
 */
public final class HashValue {
    static final int ROOT_BYTES = Members.HEADER_BYTES;

    private static final long MOST_PACKED_BYTES = Listpack.LONGEST / 2;

    /** Room for the text of two integers. */
    private static final int SCRATCH_BYTES = 64;

    private HashValue() {}

    public static boolean isTable(long record) {
        return Record.encoding(record) == Record.INT;
    }

    /** Number of fields whose time has not come before that moment. */
    public static long size(long record, long momentMillis) {
        long size = size(record);
        if (!Record.membersExpire(record)
                || Members.due(Record.number(record), momentMillis) == 0) {
            return size;
        }
        long root = Record.number(record);
        for (long place = RecordTable.nextPlace(root, -1);
                place >= 0;
                place = RecordTable.nextPlace(root, place)) {
            size -= Members.isExpired(RecordTable.recordAt(root, place), momentMillis) ? 1 : 0;
        }
        return size;
    }

    /** Number of fields. */
    public static long size(long record) {
        return isTable(record)
                ? Members.size(Record.number(record))
                : Listpack.count(Blob.address(record)) / 2;
    }

    /**
     * Points {@code out} at the value of a field; false when there is no such field, or its time
     * has come before that moment.
     */
    public static boolean get(
            long record, long address, int length, long momentMillis, Element out) {
        if (isTable(record)) {
            long field = Members.find(Record.number(record), address, length);
            if (field == 0 || Members.isExpired(field, momentMillis)) {
                return false;
            }
            FieldRecords.value(field, out);
            return true;
        }
        long lp = Blob.address(record);
        long field = Listpack.find(lp, Listpack.first(lp), address, length, 1);
        if (field == 0) {
            return false;
        }
        out.setEntry(Listpack.next(lp, field));
        return true;
    }

    /** Whether there is such a field, whether its time has come or not. */
    public static boolean contains(long record, long address, int length) {
        if (isTable(record)) {
            return Members.find(Record.number(record), address, length) != 0;
        }
        long lp = Blob.address(record);
        return Listpack.find(lp, Listpack.first(lp), address, length, 1) != 0;
    }

    /**
     * Prepares a key, which may hold nothing yet, for fields to be set at once: makes the hash, and
     * gives it the form of a table when they make it too large. {@link #trim} comes after them.
     *
     * @param pairs how many fields are about to be set, at most
     * @param longest the longest of these fields and values
     * @param bytes the sum of {@link Listpack#sizeOf} of them
     */
    public static void prepare(Holder holder, long pairs, long longest, long bytes) {
        EncodingLimits limits = holder.limits();
        boolean fits =
                pairs <= limits.hashMaxListpackEntries()
                        && longest <= limits.hashMaxListpackValue()
                        && bytes < MOST_PACKED_BYTES;
        if (holder.record() != 0) {
            if (!fits) {
                toTable(holder);
            }
        } else if (fits) {
            long length = Listpack.EMPTY_BYTES + bytes;
            Listpack.initialise(Blob.create(holder, Record.HASH, false, length));
        } else {
            long root = newRoot(holder.allocator());
            Record.setNumber(holder.create(Record.HASH, Record.INT, Long.BYTES), root);
        }
    }

    /** Gives room back that a hash was prepared with and did not need. */
    public static void trim(Holder holder) {
        long record = holder.record();
        if (!isTable(record)) {
            int bytes = Listpack.bytes(Blob.address(record));
            if (bytes != Blob.length(record)) {
                Blob.resize(holder, bytes);
            }
        }
    }

    /**
     * Sets a field to a value; it expires no more. Converts the hash when it becomes too large.
     *
     * @return whether the field is new
     */
    public static boolean set(
            Holder holder, long address, int length, long valueAddress, int valueLength) {
        if (!isTable(holder.record())) {
            long limit = holder.limits().hashMaxListpackValue();
            if (length <= limit && valueLength <= limit && hasRoom(holder, length, valueLength)) {
                return setPacked(holder, address, length, valueAddress, valueLength);
            }
            toTable(holder);
        }
        return FieldRecords.set(holder, address, length, valueAddress, valueLength, false);
    }

    /** As {@link #set}, but a field that expires goes on doing so. */
    public static boolean update(
            Holder holder, long address, int length, long valueAddress, int valueLength) {
        return isTable(holder.record())
                ? FieldRecords.set(holder, address, length, valueAddress, valueLength, true)
                : set(holder, address, length, valueAddress, valueLength);
    }

    private static boolean hasRoom(Holder holder, int length, int valueLength) {
        return (long) length + valueLength + Blob.length(holder.record()) < MOST_PACKED_BYTES;
    }

    private static boolean setPacked(
            Holder holder, long address, int length, long valueAddress, int valueLength) {
        long lp = Blob.address(holder.record());
        long field = Listpack.find(lp, Listpack.first(lp), address, length, 1);
        int valueBytes = Listpack.sizeOf(valueAddress, valueLength);
        if (field != 0) {
            long value = Listpack.next(lp, field);
            replacePacked(holder, lp, value, valueBytes, valueAddress, valueLength);
            return false;
        }
        long needed = (long) Listpack.bytes(lp) + Listpack.sizeOf(address, length) + valueBytes;
        if (needed > Blob.length(holder.record())) {
            lp = Blob.resize(holder, needed);
        } else {
            holder.beforeChange();
        }
        Listpack.append(lp, address, length);
        Listpack.append(lp, valueAddress, valueLength);
        if (Listpack.count(lp) / 2 > holder.limits().hashMaxListpackEntries()) {
            toTable(holder);
        }
        return true;
    }

    private static void replacePacked(
            Holder holder, long lp, long value, int newBytes, long address, int length) {
        int difference = newBytes - Listpack.entryBytes(value);
        if (difference == 0) {
            holder.beforeChange();
            Listpack.replace(lp, value, address, length);
        } else if (difference > 0) {
            long offset = value - lp;
            long grown = Blob.resize(holder, (long) Listpack.bytes(lp) + difference);
            Listpack.replace(grown, grown + offset, address, length);
        } else {
            holder.beforeChange();
            Listpack.replace(lp, value, address, length);
            Blob.resize(holder, Listpack.bytes(lp));
        }
    }

    /**
     * Removes a field; false when there is none. Whether the hash is empty now is the caller's
     * business.
     */
    public static boolean remove(Holder holder, long address, int length) {
        long record = holder.record();
        if (isTable(record)) {
            long field = Members.find(Record.number(record), address, length);
            if (field == 0) {
                return false;
            }
            holder.beforeChange();
            FieldRecords.remove(holder, field);
            return true;
        }
        long lp = Blob.address(record);
        long field = Listpack.find(lp, Listpack.first(lp), address, length, 1);
        if (field == 0) {
            return false;
        }
        holder.beforeChange();
        Listpack.remove(lp, field, 2);
        Blob.resize(holder, Listpack.bytes(lp));
        return true;
    }

    /** Gives the hash the form of a table, if it has not got it. */
    public static void toTable(Holder holder) {
        long record = holder.record();
        if (isTable(record)) {
            return;
        }
        Allocator allocator = holder.allocator();
        long root = newRoot(allocator);
        long lp = Blob.address(record);
        Element field = new Element();
        Element value = new Element();
        long scratch = allocator.allocate(SCRATCH_BYTES);
        for (long e = Listpack.first(lp); e != 0; ) {
            field.setEntry(e);
            long valueEntry = Listpack.next(lp, e);
            value.setEntry(valueEntry);
            addField(allocator, root, field, value, scratch);
            e = Listpack.next(lp, valueEntry);
        }
        allocator.free(scratch, SCRATCH_BYTES);
        Blob.replaceByStructure(holder, root);
    }

    private static void addField(
            Allocator allocator, long root, Element field, Element value, long scratch) {
        long address = field.isInteger() ? scratch : field.address();
        int length = field.length();
        if (field.isInteger()) {
            field.copyTo(scratch);
        }
        long valueAddress = value.isInteger() ? scratch + SCRATCH_BYTES / 2 : value.address();
        if (value.isInteger()) {
            value.copyTo(valueAddress);
        }
        long created =
                FieldRecords.create(
                        allocator, address, length, valueAddress, value.length(), false);
        RecordTable.insert(allocator, root, Hashing.hash(address, length), created);
    }

    static long newRoot(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        Members.initialise(root);
        return root;
    }
}
