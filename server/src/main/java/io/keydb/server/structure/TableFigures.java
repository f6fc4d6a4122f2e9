package io.keydb.server.structure;

/**
 * How full tables are, and how far their records lie behind the slot where a search for them
 * begins. Figures of several tables add up.
 *
 * <p>Threads: confined to its owner; a table is added under the lock of its partition.
 */
public final class TableFigures {
    private static final int DISTANCES = 50;

    private final long[] atDistance = new long[DISTANCES];
    private long slots;
    private long records;
    private long segments;

    /** Adds what is true of one table. */
    public void add(long root) {
        if (RecordTable.size(root) == 0) {
            return;
        }
        int entries = Directory.entries(root);
        for (int entry = 0; entry < entries; entry = Directory.nextEntry(root, entry)) {
            addSegment(Directory.segment(root, entry));
        }
    }

    private void addSegment(long segment) {
        int size = Segment.slots(segment);
        segments++;
        slots += size;
        for (int index = 0; index < size; index++) {
            if (Segment.recordAt(segment, index) != 0) {
                records++;
                atDistance[Math.min(Segment.distance(segment, index), DISTANCES - 1)]++;
            }
        }
    }

    /** Places for records. */
    public long slots() {
        return slots;
    }

    public long records() {
        return records;
    }

    /** Pieces in which the tables grow. */
    public long segments() {
        return segments;
    }

    /** Number of distances that are told apart; the last one stands for all beyond. */
    public int distances() {
        return DISTANCES;
    }

    /** Records so many slots behind the one where a search begins. */
    public long atDistance(int distance) {
        return atDistance[distance];
    }
}
