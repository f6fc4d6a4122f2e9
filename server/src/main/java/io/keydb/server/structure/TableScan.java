package io.keydb.server.structure;

/**
 * The order of {@link RecordTable#scan}: by prefix of the hash, then by tag. Both are properties of
 * the key, so a cursor, which is a place in that order, survives growth, shrinking and splits.
 *
 * <pre>
 *   cursor   | 1 | prefix: top bits of the hash (up to 30) | tag (16) |      all before (prefix, tag) has been shown
 * </pre>
 *
 * <p>The prefix is that of the segment the cursor was in; the one before it tells its length. When
 * that segment has split since, its parts are shown together, in windows of tags.
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
final class TableScan {

    private static final int TAG_BITS = 16;
    private static final int TAGS = 1 << TAG_BITS;

    /** Looking into a part of a split segment is worth it for so many records. */
    private static final long RECORDS_PER_PART = 4;

    private TableScan() {}

    /** See {@link RecordTable#scan}; the table is not empty. */
    static long scan(long root, long cursor, int count, RecordConsumer consumer) {
        long marked = cursor >>> TAG_BITS;
        int tag = (int) cursor & (TAGS - 1);
        if (marked == 0) {
            marked = marked(root, 0);
        }
        long left = Math.max(1, count);
        while (true) {
            int bits = 63 - Long.numberOfLeadingZeros(marked);
            if (bits > Directory.MOST_DEPTH) {
                return 0;
            }
            long prefix = marked - (1L << bits);
            long result = scanPrefix(root, prefix, bits, tag, left, consumer);
            left -= result >>> 32;
            tag = (int) result;
            if (tag == TAGS) {
                marked = following(root, prefix, bits);
                tag = 0;
            }
            if (left <= 0 || marked == 0) {
                return marked << TAG_BITS | tag;
            }
        }
    }

    /** The prefix of the segment that an entry names, marked. */
    private static long marked(long root, int entry) {
        int bits = Segment.depth(Directory.segment(root, entry));
        return 1L << bits | entry >>> (Directory.depth(root) - bits);
    }

    /** The marked prefix of the segment behind a prefix; 0 at the end. */
    private static long following(long root, long prefix, int bits) {
        // A prefix longer than the directory's, from before the table became empty, ends with the
        // next entry.
        int depth = Directory.depth(root);
        long entry =
                bits <= depth ? (prefix + 1) << (depth - bits) : (prefix >>> (bits - depth)) + 1;
        return entry == Directory.entries(root) ? 0 : marked(root, (int) entry);
    }

    /**
     * Shows records with that prefix from {@code tag} on. Returns how many in the upper half, the
     * next tag in the lower.
     */
    private static long scanPrefix(
            long root, long prefix, int bits, int tag, long left, RecordConsumer consumer) {
        int depth = Directory.depth(root);
        if (bits >= depth) {
            long segment = Directory.segment(root, (int) (prefix >>> (bits - depth)));
            return Segment.scan(segment, tag, TAGS, left, consumer);
        }
        int first = (int) (prefix << (depth - bits));
        int end = first + (1 << (depth - bits));
        if (Directory.nextEntry(root, first) >= end) {
            return Segment.scan(Directory.segment(root, first), tag, TAGS, left, consumer);
        }
        return scanParts(root, first, end, tag, left, consumer);
    }

    private static long scanParts(
            long root, int first, int end, int tag, long left, RecordConsumer consumer) {
        long records = 0;
        long parts = 0;
        for (int entry = first; entry < end; entry = Directory.nextEntry(root, entry)) {
            records += Segment.count(Directory.segment(root, entry));
            parts++;
        }
        long wanted = Math.max(left, parts * RECORDS_PER_PART);
        long width = records == 0 ? TAGS : Math.max(1, (wanted << TAG_BITS) / records);
        int upTo = (int) Math.min(TAGS, tag + width);
        long shown = 0;
        for (int entry = first; entry < end; entry = Directory.nextEntry(root, entry)) {
            long segment = Directory.segment(root, entry);
            shown += Segment.scan(segment, tag, upTo, Long.MAX_VALUE, consumer) >>> 32;
        }
        return shown << 32 | upTo;
    }
}
