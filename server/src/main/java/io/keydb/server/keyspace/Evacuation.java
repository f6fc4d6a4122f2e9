package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordMover;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The evacuation of the sparse memory of one partition: goes through all tables of all databases
 * and moves what lies in slabs that are to be emptied, a slice at a time.
 *
 * <pre>
 *   for each database
 *     records       segments, records, what they own; big collections come between, in pieces
 *     expires       segments only
 *     collections   segments only
 *     tombstones    segments, records
 * </pre>
 *
 * <p>What is moved has one owner, which is corrected at once; records are in {@code expires} and
 * {@code collections} as well, which follow. Watchers, snapshots and cursors know keys and hashes,
 * no addresses, so nobody else needs to be told. Deadlines, in their order by address, follow with
 * each member.
 *
 * <p>Threads: every slice under the partition's lock; one slice at a time.
 */
final class Evacuation {
    /** Elements moved under one lock, roughly. */
    private static final int ELEMENTS_PER_SLICE = 512;

    private enum Phase {
        RECORDS,
        EXPIRES,
        COLLECTIONS,
        TOMBSTONES
    }

    private record BigValue(int database, byte[] key) {}

    private final Keyspace keyspace;
    private final Partition partition;
    private final Allocator allocator;
    private final KeptKey kept;
    private final long mostElements;
    private final Deque<BigValue> bigValues = new ArrayDeque<>();
    private int database;
    private Phase phase = Phase.RECORDS;
    private long cursor;
    private long bigPosition;
    private long elementsLeft;
    private long movedKeys;
    private long stayedKeys;

    /**
     * @param mostElements a collection of more is moved in pieces
     */
    Evacuation(Keyspace keyspace, Partition partition, KeptKey kept, long mostElements) {
        this.keyspace = keyspace;
        this.partition = partition;
        this.allocator = partition.allocator();
        this.kept = kept;
        this.mostElements = mostElements;
    }

    /** Keys of which something was moved. */
    long movedKeys() {
        return movedKeys;
    }

    /** Keys of which nothing was moved. */
    long stayedKeys() {
        return stayedKeys;
    }

    /** Chooses what is to be emptied; false when there is nothing. Under the lock. */
    boolean begin() {
        return allocator.beginEvacuation() > 0;
    }

    /** Ends it, whole or not. Under the lock. */
    void end() {
        allocator.endEvacuation();
    }

    /** Moves a few things; false when everything was visited. Under the lock. */
    boolean slice() {
        elementsLeft = ELEMENTS_PER_SLICE;
        if (!bigValues.isEmpty()) {
            moveBigValue(bigValues.getFirst());
            return true;
        }
        if (database == keyspace.databases()) {
            return false;
        }
        cursor =
                switch (phase) {
                    case RECORDS -> evacuate(partition.records(database), this::moveKey);
                    case EXPIRES -> evacuate(partition.expires(database), record -> record);
                    case COLLECTIONS -> evacuate(partition.collections(database), record -> record);
                    case TOMBSTONES ->
                            evacuate(
                                    partition.tombstones(database),
                                    record -> Values.evacuate(allocator, record));
                };
        if (cursor == 0) {
            nextTable();
        }
        return true;
    }

    private long evacuate(long root, RecordMover mover) {
        return RecordTable.evacuate(allocator, root, cursor, mover);
    }

    private void nextTable() {
        if (phase == Phase.TOMBSTONES) {
            database++;
            phase = Phase.RECORDS;
        } else {
            phase = Phase.values()[phase.ordinal() + 1];
        }
    }

    private long moveKey(long record) {
        long before = allocator.evacuated();
        long moved = Values.evacuate(allocator, record);
        if (moved != record) {
            follow(record, moved);
        }
        if (Values.isStructure(moved)) {
            long elements = Values.of(moved).size(moved);
            if (elements > mostElements || elements > elementsLeft) {
                bigValues.add(new BigValue(database, keyOf(moved)));
            } else {
                elementsLeft -= elements;
                long position = 0;
                do {
                    position = Values.of(moved).evacuate(allocator, moved, position);
                } while (position != 0);
            }
        }
        countKey(before);
        return moved;
    }

    /** The other tables that know the record. */
    private void follow(long record, long moved) {
        boolean expires = Record.hasExpiry(moved);
        boolean membersExpire = Record.membersExpire(moved);
        if (expires || membersExpire) {
            long hash = kept.keep(Record.keyAddress(moved), Record.keyLength(moved)).hash();
            if (expires) {
                RecordTable.replace(partition.expires(database), hash, record, moved);
            }
            if (membersExpire) {
                RecordTable.replace(partition.collections(database), hash, record, moved);
            }
        }
    }

    /** Moves pieces of a collection, if it is still there. */
    private void moveBigValue(BigValue value) {
        Key key = kept.keep(value.key());
        long record =
                RecordTable.find(
                        partition.records(value.database()),
                        key.hash(),
                        key.address(),
                        key.length());
        long before = allocator.evacuated() + allocator.stayed();
        do {
            bigPosition =
                    record == 0 || !Values.isStructure(record)
                            ? 0
                            : Values.of(record).evacuate(allocator, record, bigPosition);
        } while (bigPosition != 0
                && allocator.evacuated() + allocator.stayed() - before < ELEMENTS_PER_SLICE);
        if (bigPosition == 0) {
            bigValues.removeFirst();
        }
    }

    private void countKey(long evacuatedBefore) {
        if (allocator.evacuated() > evacuatedBefore) {
            movedKeys++;
        } else {
            stayedKeys++;
        }
    }

    private static byte[] keyOf(long record) {
        return Memory.bytes(Record.keyAddress(record), Record.keyLength(record));
    }
}
