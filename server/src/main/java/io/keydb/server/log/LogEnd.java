package io.keydb.server.log;

/**
 * A place up to which a reader may read, whatever is appended later.
 *
 * <p>Threads: immutable. It keeps nothing alive: it means something to readers that were open when
 * it was taken.
 */
public final class LogEnd {
    private final LogBlock block;
    private final int position;

    LogEnd(LogBlock block, int position) {
        this.block = block;
        this.position = position;
    }

    boolean isIn(LogBlock other) {
        return block == other;
    }

    int position() {
        return position;
    }
}
