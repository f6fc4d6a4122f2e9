package io.keydb.server.value.set;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import java.util.random.RandomGenerator;

/**
 * Some members of a set, chosen at random, each at most once. Few of a large table are drawn until
 * there are enough different ones; otherwise all members are gone through once, and each is taken
 * with the chance that is due.
 *
 * <p>Threads: confined to its owner, and to the partition lock of the set's key.
 */
public final class SetSample implements AutoCloseable {
    /** Going through all members is better when this many times the sample is more than all. */
    private static final long MANY = 3;

    private final RandomGenerator generator;
    private final Allocator allocator;
    private final SetCursor cursor;
    private final Element drawn = new Element();
    private final long root;
    private long wanted;
    private long left;

    /** Records drawn already: a table of addresses with room to spare, 0 where none is. */
    private final long seen;

    private final long slots;

    /** A sample of {@code count} members, fewer than there are. */
    public SetSample(Allocator allocator, long record, long count, RandomGenerator generator) {
        this.allocator = allocator;
        this.generator = generator;
        left = SetValue.size(record);
        wanted = count;
        boolean draws = SetValue.isTable(record) && count * MANY <= left;
        cursor = new SetCursor(draws ? 0 : record);
        root = draws ? Record.number(record) : 0;
        slots = draws ? Long.highestOneBit(count) * 4 : 0;
        seen = draws ? allocator.allocate(slots * Long.BYTES) : 0;
        if (draws) {
            Memory.fill(seen, slots * Long.BYTES, (byte) 0);
        }
    }

    /** What shows the members: always the same object. */
    public Element element() {
        return seen == 0 ? cursor.element() : drawn;
    }

    /** Shows another member; false when enough were shown. */
    public boolean next() {
        if (wanted == 0) {
            return false;
        }
        if (seen == 0) {
            do {
                cursor.next();
            } while (generator.nextLong(left--) >= wanted);
        } else {
            long member;
            do {
                member = MemberTable.random(root, generator);
            } while (!isNew(member));
            drawn.set(Record.keyAddress(member), Record.keyLength(member));
        }
        wanted--;
        return true;
    }

    @Override
    public void close() {
        if (seen != 0) {
            allocator.free(seen, slots * Long.BYTES);
        }
    }

    private boolean isNew(long member) {
        long slot = ((member * 0x9e3779b97f4a7c15L) >>> 20) & (slots - 1);
        while (true) {
            long address = seen + slot * Long.BYTES;
            long found = Memory.getLong(address);
            if (found == member) {
                return false;
            }
            if (found == 0) {
                Memory.putLong(address, member);
                return true;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }
}
