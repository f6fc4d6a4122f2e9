package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.value.Values;
import java.util.Arrays;

/**
 * Records of one partition that are in no table any more and are not freed yet: big values, whose
 * memory is given back in slices, so that no command waits for it.
 *
 * <p>Threads: confined to the partition lock, but for {@link #count}.
 */
final class Discarded {
    private final Allocator allocator;
    private long[] records = new long[4];
    private volatile int count;
    private Runnable onFirst = () -> {};

    Discarded(Allocator allocator) {
        this.allocator = allocator;
    }

    int count() {
        return count;
    }

    void onFirst(Runnable whenTheFirstComes) {
        onFirst = whenTheFirstComes;
    }

    /** Frees the record at once when that is little work, else keeps it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    void add(long record) {
        if (!Values.isBig(record)) {
            Values.free(allocator, record);
            return;
        }
        if (count == records.length) {
            records = Arrays.copyOf(records, count * 2);
        }
        records[count++] = record;
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
            left = Values.free(allocator, records[count - 1], left);
            if (left > 0) {
                count--;
            }
        }
        return left;
    }
}
