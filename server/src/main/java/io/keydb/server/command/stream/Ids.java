package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.memory.Memory;
import io.keydb.server.value.stream.StreamId;

/**
 * Arguments that are ids.
 *
 * <p>Threads: stateless.
 */
final class Ids {
    private Ids() {}

    /** An id without the shorthands {@code -} and {@code +}; a missing sequence number is 0. */
    static StreamId strict(Call call, int i, StreamId out) {
        if (!out.parseStrictly(call.request().address(i), call.request().length(i), 0)) {
            throw StreamErrors.INVALID_ID;
        }
        return out;
    }

    /** Whether the argument is such an id. */
    static boolean isStrict(Call call, int i, StreamId out) {
        return out.parseStrictly(call.request().address(i), call.request().length(i), 0);
    }

    /** An id or a shorthand. */
    static StreamId any(Call call, int i, StreamId out) {
        if (!out.parse(call.request().address(i), call.request().length(i), 0)) {
            throw StreamErrors.INVALID_ID;
        }
        return out;
    }

    /** Checks that all arguments from one on are ids. */
    static void requireFrom(Call call, int first, StreamId scratch) {
        for (int i = first; i < call.count(); i++) {
            strict(call, i, scratch);
        }
    }

    /** The first id of a range; with a parenthesis in front, the one behind it. */
    static void start(Call call, int i, StreamId out) {
        if (bound(call, i, out, 0) && !out.increment()) {
            throw StreamErrors.INVALID_START;
        }
    }

    /** The last id of a range; with a parenthesis in front, the one before it. */
    static void end(Call call, int i, StreamId out) {
        if (bound(call, i, out, StreamId.GREATEST) && !out.decrement()) {
            throw StreamErrors.INVALID_END;
        }
    }

    /** Gives whether the id itself is excluded. */
    private static boolean bound(Call call, int i, StreamId out, long missingSequence) {
        long address = call.request().address(i);
        int length = call.request().length(i);
        boolean excluded = length > 1 && Memory.getByte(address) == '(';
        boolean valid =
                excluded
                        ? out.parseStrictly(address + 1, length - 1, missingSequence)
                        : out.parse(address, length, missingSequence);
        if (!valid) {
            throw StreamErrors.INVALID_ID;
        }
        return excluded;
    }
}
