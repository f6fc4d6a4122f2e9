package io.keydb.server.value.set;

import io.keydb.server.structure.Listpack;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;
import java.util.random.RandomGenerator;

/**
 * Takes some members, chosen at random, out of a set. Few of a large table are drawn one by one;
 * otherwise all members are gone through once, and each is taken with the chance that is due.
 *
 * <p>The member shown is still there; it goes with the next step, or with {@link #end}.
 *
 * <p>Threads: confined to its owner, and to the partition lock of the set's key.
 */
public final class SetDraw {
    /** Going through all members is better when more than so many times what is left is taken. */
    private static final long MANY = 5;

    private final Holder set;
    private final RandomGenerator generator;
    private final Element element = new Element();
    private final boolean oneByOne;
    private final boolean table;
    private final SetCursor cursor;

    /** Members still to be taken. */
    private long wanted;

    /** Members not gone through yet. */
    private long left;

    private boolean pending;

    /** Of sorted integers: the position that is next; of a listpack: the entry. */
    private long place;

    private int index;

    /** Draws {@code count} members, fewer than there are. */
    public SetDraw(Holder set, long count, RandomGenerator generator) {
        this.set = set;
        this.generator = generator;
        long record = set.record();
        table = SetValue.isTable(record);
        left = SetValue.size(record);
        oneByOne = table && isFew(record, count);
        cursor = new SetCursor(table && !oneByOne ? record : 0);
        wanted = count;
        set.beforeChange();
        if (!table && !Blob.isIntegers(record)) {
            place = Listpack.first(Blob.address(record));
        }
    }

    /** Whether to draw so many is little work compared with going through all. */
    public static boolean isFew(long record, long count) {
        return (SetValue.size(record) - count) * MANY > count;
    }

    /** What shows the members: always the same object. */
    public Element element() {
        return table && !oneByOne ? cursor.element() : element;
    }

    /** Removes the member shown and shows another one; false when enough were drawn. */
    public boolean next() {
        boolean integers = !table && Blob.isIntegers(set.record());
        removeShown(integers);
        if (wanted == 0) {
            return false;
        }
        if (oneByOne) {
            SetValue.random(set.record(), generator, element);
        } else if (table) {
            do {
                cursor.next();
            } while (!isTaken());
        } else if (integers) {
            while (!isTaken()) {
                index++;
            }
            element.set(IntSet.at(Blob.address(set.record()), index));
        } else {
            long blob = Blob.address(set.record());
            while (!isTaken()) {
                place = Listpack.next(blob, place);
            }
            SetValue.point(place, element);
        }
        wanted--;
        pending = true;
        return true;
    }

    /** Ends the draw; the set has the right size again. */
    public void end() {
        boolean integers = !table && Blob.isIntegers(set.record());
        removeShown(integers);
        if (!table) {
            long blob = Blob.address(set.record());
            Blob.resize(set, integers ? IntSet.bytes(blob) : Listpack.bytes(blob));
        }
    }

    private void removeShown(boolean integers) {
        if (!pending) {
            return;
        }
        pending = false;
        if (oneByOne) {
            SetValue.remove(set, element.address(), element.length());
        } else if (table) {
            SetValue.removeRecord(set, cursor.memberRecord());
        } else if (integers) {
            IntSet.removeAt(Blob.address(set.record()), index);
        } else {
            place = Listpack.remove(Blob.address(set.record()), place, 1);
        }
    }

    /** Decides about one member, so that in the end as many are taken as are wanted. */
    private boolean isTaken() {
        return generator.nextLong(left--) < wanted;
    }
}
