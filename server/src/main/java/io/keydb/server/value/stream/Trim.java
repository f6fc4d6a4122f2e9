package io.keydb.server.value.stream;

/**
 * Which of the oldest entries of a stream are to go: those beyond a length, or those before an id.
 * A reusable flyweight.
 *
 * <p>Threads: confined to its owner.
 */
public final class Trim {
    private boolean byLength;
    private long length;
    private final StreamId least = new StreamId();
    private boolean approximate;
    private long limit;

    /** Leaves so many entries. */
    public Trim toLength(long newLength) {
        byLength = true;
        length = newLength;
        return this;
    }

    /** Leaves the entries from this id on. */
    public Trim toLeast(StreamId id) {
        byLength = false;
        least.set(id);
        return this;
    }

    /** Takes only whole nodes, and not more entries than the limit, where 0 sets none. */
    public Trim approximate(boolean yes, long newLimit) {
        approximate = yes;
        limit = newLimit;
        return this;
    }

    public boolean isByLength() {
        return byLength;
    }

    /** Whether only whole nodes go. */
    public boolean approximate() {
        return approximate;
    }

    long limit() {
        return limit;
    }

    /** Whether nothing is to go from a stream of so many entries. */
    boolean isDone(long entries) {
        return byLength && entries <= length;
    }

    /** Whether all of the first node goes. */
    boolean takesNode(long entries, long node) {
        return byLength
                ? entries - StreamNode.live(node) >= length
                : StreamId.compare(
                                StreamNode.lastMillis(node),
                                StreamNode.lastSequence(node),
                                least.millis(),
                                least.sequence())
                        < 0;
    }

    /** Whether the entry the cursor is at goes, which is the first. */
    boolean takes(long entries, StreamCursor entry) {
        return byLength
                ? entries > length
                : StreamId.compare(
                                entry.millis(), entry.sequence(), least.millis(), least.sequence())
                        < 0;
    }
}
