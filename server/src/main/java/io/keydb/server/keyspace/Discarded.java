package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;
import java.util.Arrays;

/**
 * What one partition has given up and not freed yet: records of big values, and whole tables of
 * records. Their memory is given back in slices, so that no command waits for it.
 *
 * <p>An entry is the address of a record, or, marked in its lowest bit, of the root of a table.
 *
 * <p>Threads: confined to the partition lock, but for {@link #count}.
 */
final class Discarded {
    private static final long TABLE = 1;

    /** A table of fewer records is freed at once. */
    private static final int FREED_AT_ONCE = 500;

    private final Allocator allocator;
    private long[] entries = new long[4];
    private volatile int count;
    private volatile long freed;
    private Runnable onFirst = () -> {};

    Discarded(Allocator allocator) {
        this.allocator = allocator;
    }

    int count() {
        return count;
    }

    /** Values and tables freed in slices so far; any thread, a moment late. */
    long freed() {
        return freed;
    }

    void onFirst(Runnable whenTheFirstComes) {
        onFirst = whenTheFirstComes;
    }

    /** Frees the record at once when that is little work, else keeps it. */
    void add(long record) {
        if (!Values.isBig(record)) {
            Values.free(allocator, record);
            return;
        }
        keep(record);
    }

    /** Empties a table; frees its records at once when they are few. */
    void addAll(long root) {
        if (RecordTable.size(root) <= FREED_AT_ONCE) {
            RecordTable.clear(allocator, root, this::add);
            return;
        }
        long moved = allocator.allocate(RecordTable.ROOT_BYTES);
        Memory.copy(root, moved, RecordTable.ROOT_BYTES);
        RecordTable.initialise(root);
        keep(moved | TABLE);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void keep(long entry) {
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count * 2);
        }
        entries[count++] = entry;
        if (count == 1) {
            onFirst.run();
        }
    }

    /**
     * Frees about so many elements.
     *
     * @return what is left of the budget; more than zero when nothing is left to free
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    long free(long budget) {
        long left = budget;
        while (count > 0 && left > 0) {
            int last = count - 1;
            long entry = entries[last];
            boolean isTable = (entry & TABLE) != 0;
            left = isTable ? freeTable(entry - TABLE, left) : Values.free(allocator, entry, left);
            if (left > 0) {
                // a table may have left big values behind it
                System.arraycopy(entries, last + 1, entries, last, count - last - 1);
                count--;
                freed++;
            }
        }
        return left;
    }

    private long freeTable(long root, long budget) {
        long left = RecordTable.drain(allocator, root, budget, this::add);
        if (left > 0) {
            allocator.free(root, RecordTable.ROOT_BYTES);
        }
        return left;
    }
}
