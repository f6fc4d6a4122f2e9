package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import java.util.Arrays;

/**
 * The keys a script has changed, each once, copied out of its arguments, which are gone when the
 * script ends. A script may change millions of keys, so they lie outside the heap.
 *
 * <pre>
 *   entry:  | database 4 | length 4 | key |        slots: open addressing, offset of an entry + 1
 * </pre>
 *
 * <p>Threads: confined to the thread that runs the unit.
 */
final class TouchedKeys {
    private static final int HEADER = 8;
    private static final int SMALLEST = 16;

    private final Keyspace keyspace;
    private final OffHeapBuffer entries;
    private final Key found = new Key();
    private long[] slots = new long[SMALLEST];
    private int count;

    TouchedKeys(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.entries = new OffHeapBuffer(keyspace.pages());
    }

    int count() {
        return count;
    }

    void add(Database database, Key key) {
        int slot = slotOf(database, key);
        if (slots[slot] != 0) {
            return;
        }
        slots[slot] = entries.length() + 1;
        entries.appendInt(database.index());
        entries.appendInt(key.length());
        entries.append(key.address(), key.length());
        if (++count * 2 > slots.length) {
            grow();
        }
    }

    private int slotOf(Database database, Key key) {
        int mask = slots.length - 1;
        int slot = (int) key.hash() & mask;
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, database, key)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isAt(long offset, Database database, Key key) {
        long entry = entries.address() + offset;
        return Memory.getInt(entry) == database.index()
                && Memory.getInt(entry + 4) == key.length()
                && Memory.equal(entry + HEADER, key.address(), key.length());
    }

    private void grow() {
        slots = new long[slots.length * 2];
        for (long at = 0; at < entries.length(); at += HEADER + found.length()) {
            slots[slotOf(load(at), found)] = at + 1;
        }
    }

    /** Makes {@link #found} show the key of an entry; gives its database. */
    private Database load(long offset) {
        long entry = entries.address() + offset;
        found.set(entry + HEADER, Memory.getInt(entry + 4));
        return keyspace.database(Memory.getInt(entry));
    }

    /** What is done with each key. */
    interface Consumer {
        void accept(Database database, Key key);
    }

    void forEach(Consumer consumer) {
        for (long at = 0; at < entries.length(); at += HEADER + found.length()) {
            consumer.accept(load(at), found);
        }
    }

    void clear() {
        if (count > 0) {
            entries.close();
            count = 0;
            if (slots.length > SMALLEST) {
                slots = new long[SMALLEST];
            } else {
                Arrays.fill(slots, 0);
            }
        }
    }
}
