package io.keydb.server.value.hash;

import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Members;

/**
 * Walks over the fields of a hash, in no particular order. A reusable flyweight; the hash must not
 * change on the way.
 *
 * <pre>
 *   for (cursor.begin(record, moment); cursor.next(); ) {
 *       ... cursor.field(), cursor.value(), cursor.expiry()
 *   }
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class HashCursor {
    private final Element field = new Element();
    private final Element value = new Element();
    private boolean table;
    private long at;
    private long place;
    private long member;
    private long moment;

    /** Goes before the first field; passes over those whose time has come before that moment. */
    public HashCursor begin(long record, long momentMillis) {
        moment = momentMillis;
        table = HashValue.isTable(record);
        at = table ? Record.number(record) : Blob.address(record);
        place = table ? -1 : Listpack.first(at);
        member = 0;
        return this;
    }

    /** Goes to the next field; false when there is none. */
    public boolean next() {
        if (table) {
            return nextOfTable();
        }
        if (place == 0) {
            return false;
        }
        field.setEntry(place);
        long valueEntry = Listpack.next(at, place);
        value.setEntry(valueEntry);
        place = Listpack.next(at, valueEntry);
        return true;
    }

    private boolean nextOfTable() {
        do {
            place = RecordTable.nextPlace(at, place);
            if (place < 0) {
                return false;
            }
            member = RecordTable.recordAt(at, place);
        } while (Members.isExpired(member, moment));
        show(member);
        return true;
    }

    /** Shows the field of a record of the table. */
    public HashCursor show(long fieldRecord) {
        member = fieldRecord;
        field.set(Record.keyAddress(fieldRecord), Record.keyLength(fieldRecord));
        if (Record.type(fieldRecord) == Record.STRING) {
            FieldRecords.value(fieldRecord, value);
        }
        return this;
    }

    /** The field that the cursor is at. */
    public Element field() {
        return field;
    }

    /** Its value; not for a nested hash. */
    public Element value() {
        return value;
    }

    /** The field's record, 0 when the hash is a listpack. */
    public long member() {
        return member;
    }

    /** When the field expires, unix milliseconds; -1 when it does not. */
    public long expiry() {
        return member == 0 ? -1 : Record.expiry(member);
    }
}
