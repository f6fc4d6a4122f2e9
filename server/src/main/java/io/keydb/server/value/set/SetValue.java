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
import io.keydb.server.value.Members;
import java.util.random.RandomGenerator;

/**
 * The value of a set.
 *
 * <pre>
 *   INTS  LARGE_INTS   {@link IntSet}: integers only, up to set-max-intset-entries
 *   RAW   LARGE        {@link Listpack} of the members, up to set-max-listpack-entries
 *   INT                address of a {@link MemberTable}
 * </pre>
 *
 * <p>Members expire one by one as {@link Members} tells; such a set is a table.
 *
 * <p>A set only ever becomes larger forms by itself; {@link #compact} makes it a smaller one. A set
 * that has lost its last member is still there: whoever took it removes the key.
 *
 * <p>To read all members: {@link SetCursor}. To build a set: {@link #add} with the number of
 * members to come, or {@link #create} from a blob of the stock format.
 *
 * <p>Members that are integers come as an {@link Element}; their text is made in a scratch space of
 * {@link DecimalText#LONGEST} bytes that the caller lends.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class SetValue {
    /** A longer listpack is not written; stock sets the same limit. */
    private static final long LONGEST_LISTPACK = 1L << 30;

    /** The most bytes an integer takes in a listpack. */
    private static final int LONGEST_LISTPACK_INTEGER = 10;

    private SetValue() {}

    /** Number of members. */
    public static long size(long record) {
        if (Record.encoding(record) == Record.INT) {
            return MemberTable.size(Record.number(record));
        }
        long blob = Blob.address(record);
        return Blob.isIntegers(record) ? IntSet.count(blob) : Listpack.count(blob);
    }

    public static boolean isTable(long record) {
        return Record.encoding(record) == Record.INT;
    }

    public static boolean isIntegers(long record) {
        return Blob.isIntegers(record);
    }

    public static boolean contains(long record, long address, int length) {
        if (isTable(record)) {
            return MemberTable.find(Record.number(record), address, length) != 0;
        }
        long blob = Blob.address(record);
        if (Blob.isIntegers(record)) {
            return DecimalText.isInteger(address, length)
                    && IntSet.contains(blob, DecimalText.parse(address, length));
        }
        return entry(blob, address, length) != 0;
    }

    /** The same, as of a moment at which a member may have expired that is still there. */
    public static boolean contains(long record, long address, int length, long momentMillis) {
        if (!Record.membersExpire(record)) {
            return contains(record, address, length);
        }
        long member = MemberTable.find(Record.number(record), address, length);
        return member != 0 && !Members.isExpired(member, momentMillis);
    }

    public static boolean contains(long record, Element member, long scratch) {
        if (!member.isInteger()) {
            return contains(record, member.address(), member.length());
        }
        if (Blob.isIntegers(record)) {
            return IntSet.contains(Blob.address(record), member.integer());
        }
        return contains(record, scratch, write(scratch, member));
    }

    /**
     * Adds a member, to a new set when there is none.
     *
     * @param coming how many members are about to be added, this one included; decides the form of
     *     a new set
     * @return false when it was there already
     */
    public static boolean add(Holder set, long address, int length, long coming) {
        if (set.record() == 0) {
            SetForms.begin(set, DecimalText.isInteger(address, length), coming);
        }
        long record = set.record();
        if (isTable(record)) {
            return addToTable(set, address, length);
        }
        if (!Blob.isIntegers(record)) {
            return addToListpack(set, address, length);
        }
        if (DecimalText.isInteger(address, length)) {
            return addInteger(set, DecimalText.parse(address, length));
        }
        SetForms.leaveIntegers(set, length);
        return isTable(set.record())
                ? addToTable(set, address, length)
                : addToListpack(set, address, length);
    }

    public static boolean add(Holder set, Element member, long coming, long scratch) {
        if (!member.isInteger()) {
            return add(set, member.address(), member.length(), coming);
        }
        if (set.record() != 0 && Blob.isIntegers(set.record())) {
            return addInteger(set, member.integer());
        }
        return add(set, scratch, write(scratch, member), coming);
    }

    /** Makes an empty set in a small form. */
    public static void begin(Holder set, boolean integers) {
        SetForms.begin(set, integers, 0);
    }

    /** Gives a small form up at once when so many members to come would not fit into it. */
    public static void prepare(Holder set, long coming) {
        SetForms.prepare(set, coming);
    }

    /** Removes a member; false when it was not there. */
    public static boolean remove(Holder set, long address, int length) {
        long record = set.record();
        if (isTable(record)) {
            long member = MemberTable.find(Record.number(record), address, length);
            if (member != 0) {
                removeRecord(set, member);
            }
            return member != 0;
        }
        long blob = Blob.address(record);
        if (Blob.isIntegers(record)) {
            int index =
                    DecimalText.isInteger(address, length)
                            ? IntSet.indexOf(blob, DecimalText.parse(address, length))
                            : -1;
            if (index >= 0) {
                removeIntegerAt(set, index);
            }
            return index >= 0;
        }
        long entry = entry(blob, address, length);
        if (entry != 0) {
            removeEntry(set, entry);
        }
        return entry != 0;
    }

    public static boolean remove(Holder set, Element member, long scratch) {
        if (!member.isInteger()) {
            return remove(set, member.address(), member.length());
        }
        return remove(set, scratch, write(scratch, member));
    }

    /**
     * Removes the member that {@link #random} has just shown; the set has changed in no way since.
     */
    public static void removeShown(Holder set, Element member) {
        if (member.isInteger() && Blob.isIntegers(set.record())) {
            removeIntegerAt(set, IntSet.indexOf(Blob.address(set.record()), member.integer()));
            return;
        }
        Allocator allocator = set.allocator();
        long scratch = allocator.allocate(DecimalText.LONGEST);
        remove(set, member, scratch);
        allocator.free(scratch, DecimalText.LONGEST);
    }

    /** Removes a member of a table, whose record this is. */
    static void removeRecord(Holder set, long member) {
        set.beforeChange();
        MemberTable.remove(set, member);
    }

    /** Removes the integer at a position. */
    static void removeIntegerAt(Holder set, int index) {
        set.beforeChange();
        long blob = Blob.address(set.record());
        IntSet.removeAt(blob, index);
        Blob.resize(set, IntSet.bytes(blob));
    }

    /** Removes an entry of the listpack. */
    static void removeEntry(Holder set, long entry) {
        set.beforeChange();
        long blob = Blob.address(set.record());
        Listpack.remove(blob, entry, 1);
        Blob.resize(set, Listpack.bytes(blob));
    }

    /** Points at a member chosen at random; all are equally likely. There is at least one. */
    public static void random(long record, RandomGenerator generator, Element member) {
        if (isTable(record)) {
            long found = MemberTable.random(Record.number(record), generator);
            member.set(Record.keyAddress(found), Record.keyLength(found));
            return;
        }
        long blob = Blob.address(record);
        int index = generator.nextInt((int) size(record));
        if (Blob.isIntegers(record)) {
            member.set(IntSet.at(blob, index));
        } else {
            point(Listpack.at(blob, index), member);
        }
    }

    /**
     * Makes the record of a key that has none from foreign bytes, which were checked with {@link
     * IntSet#isValid} or {@link Listpack#isValid} and have no member twice. Takes the form that the
     * limits ask for.
     */
    public static void create(Holder set, boolean integers, long address, long length) {
        long blob = Blob.create(set, Record.SET, integers, length);
        Memory.copy(address, blob, length);
        SetForms.keepLimits(set);
    }

    /** Gives a table the form of a listpack, when the limits allow one. */
    public static void compact(Holder set) {
        SetForms.compact(set);
    }

    /** Gives a set of nothing but integers the form for them, when the limits allow it. */
    public static void toIntegers(Holder set) {
        SetForms.toIntegers(set);
    }

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long record) {
        if (isTable(record)) {
            Members.checkInvariants(record);
            MemberTable.checkInvariants(Record.number(record));
            return;
        }
        long blob = Blob.address(record);
        long length = Blob.length(record);
        boolean valid =
                Blob.isIntegers(record)
                        ? size(record) == 0 || IntSet.isValid(blob, length)
                        : Listpack.isValid(blob, length);
        if (!valid) {
            throw new IllegalStateException("violated: the blob is what its encoding says");
        }
    }

    /** Shows a listpack entry. */
    static void point(long entry, Element member) {
        if (Listpack.isInteger(entry)) {
            member.set(Listpack.integer(entry));
        } else {
            member.set(Listpack.textAddress(entry), Listpack.textLength(entry));
        }
    }

    /** Writes the text of an integer; gives its length. */
    static int write(long scratch, Element member) {
        return (int) (member.copyTo(scratch) - scratch);
    }

    private static long entry(long listpack, long address, int length) {
        long first = Listpack.first(listpack);
        return first == 0 ? 0 : Listpack.find(listpack, first, address, length, 0);
    }

    private static boolean addInteger(Holder set, long value) {
        long blob = Blob.address(set.record());
        int index = IntSet.indexOf(blob, value);
        if (index >= 0) {
            return false;
        }
        long grown = Blob.resize(set, IntSet.bytesWith(blob, value));
        IntSet.insert(grown, -index - 1, value);
        if (IntSet.count(grown) > SetForms.mostIntegers(set)) {
            SetForms.toTable(set);
        }
        return true;
    }

    private static boolean addToListpack(Holder set, long address, int length) {
        long blob = Blob.address(set.record());
        if (entry(blob, address, length) != 0) {
            return false;
        }
        long bytes = Listpack.bytes(blob);
        if (Listpack.count(blob) >= set.limits().setMaxListpackEntries()
                || length > set.limits().setMaxListpackValue()
                || bytes + length + LONGEST_LISTPACK_INTEGER > LONGEST_LISTPACK) {
            SetForms.toTable(set);
            return addToTable(set, address, length);
        }
        long grown = Blob.resize(set, bytes + Listpack.sizeOf(address, length));
        Listpack.append(grown, address, length);
        return true;
    }

    private static boolean addToTable(Holder set, long address, int length) {
        long root = Record.number(set.record());
        long hash = Hashing.hash(address, length);
        if (MemberTable.find(root, hash, address, length) != 0) {
            return false;
        }
        set.beforeChange();
        MemberTable.add(set.allocator(), root, hash, address, length);
        return true;
    }
}
