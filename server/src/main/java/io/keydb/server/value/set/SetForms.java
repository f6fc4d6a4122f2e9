package io.keydb.server.value.set;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;

/**
 * Which form a set has when, and how one becomes another: at the same limits as in stock 7.2.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
final class SetForms {
    private SetForms() {}

    /** Makes an empty set in a form that is fit for so many members. */
    static void begin(Holder set, boolean integer, long coming) {
        if (integer && coming <= set.limits().setMaxIntsetEntries()) {
            IntSet.initialise(Blob.create(set, Record.SET, true, IntSet.EMPTY_BYTES));
        } else if (coming <= set.limits().setMaxListpackEntries()) {
            Listpack.initialise(Blob.create(set, Record.SET, false, Listpack.EMPTY_BYTES));
        } else {
            long root = MemberTable.create(set.allocator());
            Record.setNumber(set.create(Record.SET, Record.INT, Long.BYTES), root);
        }
    }

    /** Makes a table of a small form that so many members to come would not fit into. */
    static void prepare(Holder set, long coming) {
        long record = set.record();
        if (Record.encoding(record) == Record.INT) {
            return;
        }
        long most =
                Blob.isIntegers(record)
                        ? set.limits().setMaxIntsetEntries()
                        : set.limits().setMaxListpackEntries();
        if (coming > most) {
            toTable(set);
        }
    }

    /** Makes a table of a blob that is larger than the limits. */
    static void keepLimits(Holder set) {
        long record = set.record();
        if (Blob.isIntegers(record)) {
            if (IntSet.count(Blob.address(record)) > mostIntegers(set)) {
                toTable(set);
            }
        } else if (Listpack.count(Blob.address(record)) > set.limits().setMaxListpackEntries()) {
            toTable(set);
        }
    }

    static long mostIntegers(Holder set) {
        return Math.min(set.limits().setMaxIntsetEntries(), IntSet.MOST_INTEGERS);
    }

    /**
     * Makes a listpack or a table of sorted integers, to which a member of so many bytes is to be
     * added that is none.
     */
    static void leaveIntegers(Holder set, int length) {
        long integers = Blob.address(set.record());
        int count = IntSet.count(integers);
        int longest =
                count == 0
                        ? 0
                        : Math.max(
                                DecimalText.length(IntSet.at(integers, count - 1)),
                                DecimalText.length(IntSet.at(integers, 0)));
        long most = set.limits().setMaxListpackValue();
        if (count < set.limits().setMaxListpackEntries() && length <= most && longest <= most) {
            toListpack(set);
        } else {
            toTable(set);
        }
    }

    /** Makes a table of a small form. */
    static void toTable(Holder set) {
        set.beforeChange();
        Allocator allocator = set.allocator();
        long root = MemberTable.create(allocator);
        long scratch = allocator.allocate(DecimalText.LONGEST);
        SetCursor cursor = new SetCursor(set.record());
        Element member = cursor.element();
        while (cursor.next()) {
            long address = scratch;
            int length;
            if (member.isInteger()) {
                length = SetValue.write(scratch, member);
            } else {
                address = member.address();
                length = member.length();
            }
            MemberTable.add(allocator, root, Hashing.hash(address, length), address, length);
        }
        allocator.free(scratch, DecimalText.LONGEST);
        Blob.replaceByStructure(set, root);
    }

    private static void toListpack(Holder set) {
        long record = set.record();
        long integers = Blob.address(record);
        int count = IntSet.count(integers);
        long bytes = Listpack.EMPTY_BYTES;
        for (int i = 0; i < count; i++) {
            bytes += Listpack.sizeOf(IntSet.at(integers, i));
        }
        Allocator allocator = set.allocator();
        long made = allocator.allocate(bytes);
        Listpack.initialise(made);
        for (int i = 0; i < count; i++) {
            Listpack.append(made, IntSet.at(integers, i));
        }
        replaceBlob(set, false, made, bytes);
    }

    /** Gives a table the form of a listpack, when the limits allow one. */
    static void compact(Holder set) {
        long record = set.record();
        if (!SetValue.isTable(record)
                || Record.membersExpire(record)
                || SetValue.size(record) > set.limits().setMaxListpackEntries()) {
            return;
        }
        long most = set.limits().setMaxListpackValue();
        long bytes = Listpack.EMPTY_BYTES;
        SetCursor cursor = new SetCursor(record);
        Element member = cursor.element();
        while (cursor.next()) {
            if (member.length() > most) {
                return;
            }
            bytes += Listpack.sizeOf(member.address(), member.length());
        }
        Allocator allocator = set.allocator();
        long made = allocator.allocate(bytes);
        Listpack.initialise(made);
        cursor.restart();
        while (cursor.next()) {
            Listpack.append(made, member.address(), member.length());
        }
        replaceBlob(set, false, made, bytes);
    }

    /** Gives a set of nothing but integers the form for them, when the limits allow it. */
    static void toIntegers(Holder set) {
        long record = set.record();
        long count = SetValue.size(record);
        if (Blob.isIntegers(record) || count > mostIntegers(set)) {
            return;
        }
        Allocator allocator = set.allocator();
        long room = IntSet.EMPTY_BYTES + count * Long.BYTES;
        long made = allocator.allocate(room);
        IntSet.initialise(made);
        SetCursor cursor = new SetCursor(record);
        Element member = cursor.element();
        while (cursor.next()) {
            long value =
                    member.isInteger()
                            ? member.integer()
                            : DecimalText.parse(member.address(), member.length());
            IntSet.insert(made, -IntSet.indexOf(made, value) - 1, value);
        }
        replaceBlob(set, true, made, room);
    }

    /** Puts a blob in the place of the value and frees it; it was allocated with so many bytes. */
    private static void replaceBlob(Holder set, boolean integers, long made, long allocated) {
        long record = set.record();
        long length = integers ? IntSet.bytes(made) : Listpack.bytes(made);
        long address;
        if (Record.encoding(record) == Record.INT) {
            set.beforeChange();
            long root = Record.number(record);
            address = Blob.replaceStructure(set, integers, length);
            MemberTable.free(set.allocator(), root, Long.MAX_VALUE);
        } else {
            address = Blob.resize(set, integers, length);
        }
        Memory.copy(made, address, length);
        set.allocator().free(made, allocated);
    }
}
