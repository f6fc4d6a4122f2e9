package io.keydb.server.value.hash;

import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Members;
import java.util.random.RandomGenerator;

/**
 * Draws fields of a hash at random: with repetition by {@link #draw}, or a number of different ones
 * by {@link #beginDistinct} and {@link #nextDistinct}. The hash must not change meanwhile. Fields
 * whose time has come before the moment are not drawn.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class RandomFields {
    /** When more than one in so many fields is wanted, all are passed and each is drawn or not. */
    private static final int DENSE = 3;

    private static final int ATTEMPTS = 100;

    private final long record;
    private final long moment;
    private final RandomGenerator random;
    private final HashCursor cursor = new HashCursor();
    private final Element field = new Element();
    private final Element value = new Element();
    private final boolean table;
    private final long size;

    /** What is still to be drawn, and among how many fields to come, when all are passed. */
    private long wanted;

    private long remaining;

    /** Records drawn already, when few of many are wanted: an open-addressed set. */
    private long[] drawn = {};

    public RandomFields(long record, long momentMillis, RandomGenerator random) {
        this.record = record;
        this.moment = momentMillis;
        this.random = random;
        this.table = HashValue.isTable(record);
        this.size = HashValue.size(record, momentMillis);
    }

    /** Number of fields to draw from. */
    public long size() {
        return size;
    }

    public Element field() {
        return field;
    }

    public Element value() {
        return value;
    }

    /** Draws one field; there must be one to draw. */
    public void draw() {
        if (table) {
            show(randomRecord());
        } else {
            long lp = Blob.address(record);
            showEntry(lp, Listpack.at(lp, 2 * random.nextLong(size)));
        }
    }

    private long randomRecord() {
        long root = Record.number(record);
        for (int i = 0; i < ATTEMPTS; i++) {
            long drawnRecord = RecordTable.random(root, random);
            if (!Members.isExpired(drawnRecord, moment)) {
                return drawnRecord;
            }
        }
        long left = random.nextLong(size);
        cursor.begin(record, moment);
        do {
            cursor.next();
        } while (left-- > 0);
        return cursor.member();
    }

    /** Begins to draw so many different fields, at most as many as there are. */
    public void beginDistinct(long count) {
        wanted = count;
        remaining = size;
        if (isDense()) {
            drawn = new long[0];
            cursor.begin(record, moment);
        } else {
            drawn = new long[Integer.highestOneBit((int) count) * 4];
        }
    }

    private boolean isDense() {
        return !table || wanted * DENSE > size || wanted > 1 << 24;
    }

    /** Draws the next one; false when all are drawn. */
    public boolean nextDistinct() {
        if (wanted == 0) {
            return false;
        }
        if (drawn.length > 0) {
            long drawnRecord = randomRecord();
            while (!add(drawnRecord)) {
                drawnRecord = randomRecord();
            }
            show(drawnRecord);
        } else {
            nextOfAll();
        }
        wanted--;
        return true;
    }

    /** Passes fields until one is drawn; each is with the chance wanted out of remaining. */
    private void nextOfAll() {
        do {
            cursor.next();
        } while (random.nextLong(remaining--) >= wanted);
        if (table) {
            show(cursor.member());
        } else {
            copy(cursor.field(), field);
            copy(cursor.value(), value);
        }
    }

    private static void copy(Element from, Element to) {
        if (from.isInteger()) {
            to.set(from.integer());
        } else {
            to.set(from.address(), from.length());
        }
    }

    private boolean add(long drawnRecord) {
        int mask = drawn.length - 1;
        int at = (int) ((drawnRecord * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (drawn[at] != 0) {
            if (drawn[at] == drawnRecord) {
                return false;
            }
            at = (at + 1) & mask;
        }
        drawn[at] = drawnRecord;
        return true;
    }

    private void show(long fieldRecord) {
        field.set(Record.keyAddress(fieldRecord), Record.keyLength(fieldRecord));
        FieldRecords.value(fieldRecord, value);
    }

    private void showEntry(long lp, long entry) {
        field.setEntry(entry);
        value.setEntry(Listpack.next(lp, entry));
    }
}
