package io.keydb.server.command.hyperloglog;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.structure.Record;
import io.keydb.server.value.hyperloglog.HyperLogLog;
import io.keydb.server.value.string.StringBytes;

/**
 * Arguments that name HyperLogLogs.
 *
 * <p>Threads: stateless.
 */
final class HyperLogLogs {
    static final CommandError CORRUPT =
            new CommandError("INVALIDOBJ Corrupted HLL object detected");
    private static final CommandError NO_HYPERLOGLOG =
            new CommandError("WRONGTYPE Key is not a valid HyperLogLog string value.");

    private HyperLogLogs() {}

    /** The record of argument {@code i}'s key, or 0; throws when it is no HyperLogLog. */
    static long find(Call call, int i) {
        return checked(call.find(i, Record.STRING));
    }

    /**
     * The entry of argument {@code i}'s key, present or not, in a form that can be changed; throws
     * when it is no HyperLogLog.
     */
    static Entry entry(Call call, int i) {
        Entry entry = call.entry(i, Record.STRING);
        if (checked(entry.record()) != 0) {
            StringBytes.restate(entry);
        }
        return entry;
    }

    private static long checked(long record) {
        if (record != 0 && !HyperLogLog.is(record)) {
            throw NO_HYPERLOGLOG;
        }
        return record;
    }
}
