package io.keydb.server.persistence;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.AccessClock;

/**
 * The options of RESTORE.
 *
 * <p>Threads: immutable.
 */
record RestoreOptions(boolean replaces, boolean isAbsolute, long idleSeconds, long frequency) {
    private static final int FIRST = 4;
    private static final int MOST_FREQUENT = 255;
    private static final long NONE = -1;
    private static final CommandError INVALID_IDLE_TIME =
            new CommandError("ERR Invalid IDLETIME value, must be >= 0");
    private static final CommandError INVALID_FREQUENCY =
            new CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255");

    static RestoreOptions of(Call call) {
        boolean replaces = false;
        boolean isAbsolute = false;
        long idle = NONE;
        long frequency = NONE;
        for (int i = FIRST; i < call.count(); i++) {
            boolean hasMore = i + 1 < call.count();
            if (call.is(i, "REPLACE")) {
                replaces = true;
            } else if (call.is(i, "ABSTTL")) {
                isAbsolute = true;
            } else if (call.is(i, "IDLETIME") && hasMore && frequency == NONE) {
                idle = call.integer(++i);
                if (idle < 0) {
                    throw INVALID_IDLE_TIME;
                }
            } else if (call.is(i, "FREQ") && hasMore && idle == NONE) {
                frequency = call.integer(++i);
                if (frequency < 0 || frequency > MOST_FREQUENT) {
                    throw INVALID_FREQUENCY;
                }
            } else {
                throw Errors.SYNTAX;
            }
        }
        return new RestoreOptions(replaces, isAbsolute, idle, frequency);
    }

    /**
     * Says of the restored record when or how often it was accessed, whichever is kept; unless it
     * is told, the key is a new one.
     */
    void apply(AccessClock accesses, long record) {
        accesses.inserted(record);
        accesses.restore(record, idleSeconds, (int) frequency);
    }
}
