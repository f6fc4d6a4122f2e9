package io.keydb.server.value.list;

import io.keydb.server.structure.Listpack;

/**
 * Removing the entries of a listpack that have one text.
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
final class Matches {
    private Matches() {}

    /** Removes at most so many, from one end; gives how many they were. */
    static int remove(long lp, long address, int length, long most, boolean fromEnd) {
        return fromEnd
                ? removeFromEnd(lp, address, length, most)
                : removeFromStart(lp, address, length, most);
    }

    private static int removeFromStart(long lp, long address, int length, long most) {
        int removed = 0;
        long e = Listpack.find(lp, Listpack.first(lp), address, length, 0);
        while (e != 0) {
            e = Listpack.remove(lp, e, 1);
            removed++;
            if (removed == most) {
                break;
            }
            e = Listpack.find(lp, e, address, length, 0);
        }
        return removed;
    }

    private static int removeFromEnd(long lp, long address, int length, long most) {
        int removed = 0;
        long e = Listpack.last(lp);
        while (e != 0 && removed < most) {
            long previous = Listpack.previous(lp, e);
            if (Listpack.sameAs(e, address, length)) {
                Listpack.remove(lp, e, 1);
                removed++;
            }
            e = previous;
        }
        return removed;
    }
}
