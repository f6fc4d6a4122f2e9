package io.keydb.server.command;

import io.keydb.server.memory.OffHeapBuffer;

/**
 * Port to the form in which a whole value travels within an effect: that of DUMP. Implemented by
 * {@code persistence}.
 */
@FunctionalInterface
public interface StateForm {
    /** Appends the value of a record, whose lock is held. */
    void dump(long record, OffHeapBuffer to);
}
