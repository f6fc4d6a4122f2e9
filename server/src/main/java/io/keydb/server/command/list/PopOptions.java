package io.keydb.server.command.list;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.value.list.ListType;

/**
 * The arguments of LMPOP and BLMPOP.
 *
 * @param firstKey the argument that is the first key
 * @param lastKey the last one
 * @param front from which end
 * @param count how many at most
 */
record PopOptions(int firstKey, int lastKey, boolean front, long count) {
    private static final CommandError NO_KEYS =
            new CommandError("ERR numkeys should be greater than 0");
    private static final CommandError NO_COUNT =
            new CommandError("ERR count should be greater than 0");

    /** Reads them, from the number of keys on. */
    static PopOptions of(Call call, int at) {
        long keys = call.integer(at, NO_KEYS);
        if (keys <= 0) {
            throw NO_KEYS;
        }
        if (keys > call.count() - at - 2) {
            throw Errors.SYNTAX;
        }
        int end = at + (int) keys + 1;
        boolean front = Lists.left(call, end);
        long count = 0;
        for (int i = end + 1; i < call.count(); i += 2) {
            if (count > 0 || !call.is(i, "COUNT") || i + 1 == call.count()) {
                throw Errors.SYNTAX;
            }
            count = call.integer(i + 1, NO_COUNT);
            if (count <= 0) {
                throw NO_COUNT;
            }
        }
        return new PopOptions(at + 1, end - 1, front, count == 0 ? 1 : count);
    }

    /** Replies the key and the elements, and removes them. */
    void pop(Call call, Entry list) {
        call.expectWork(Math.min(count, ListType.sizeOf(list.record())));
        call.reply().array(2);
        call.reply().bulk(list.key().address(), list.key().length());
        long popped = Lists.popMany(call, list, front, count);
        Lists.popEffect(call, list, front, popped);
    }
}
