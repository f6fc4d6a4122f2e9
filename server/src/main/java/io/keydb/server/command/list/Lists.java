package io.keydb.server.command.list;

import io.keydb.server.command.Call;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.list.ListWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of lists share.
 *
 * <p>Threads: stateless.
 */
final class Lists {
    private static final byte[] LPOP = "LPOP".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RPOP = "RPOP".getBytes(StandardCharsets.US_ASCII);

    private Lists() {}

    /** Whether argument {@code i} says LEFT and not RIGHT. */
    static boolean left(Call call, int i) {
        if (call.is(i, "RIGHT")) {
            return false;
        }
        if (!call.is(i, "LEFT")) {
            throw Errors.SYNTAX;
        }
        return true;
    }

    /** Checks that an argument is not longer than an element may be. */
    static int elementLength(Call call, int i) {
        int length = call.request().length(i);
        if (length > ListWriter.LONGEST_ELEMENT) {
            throw Errors.STRING_TOO_LONG;
        }
        return length;
    }

    /** Replies an entry of a listpack. */
    static void reply(Call call, long entry) {
        if (Listpack.isInteger(entry)) {
            call.reply().bulkInteger(Listpack.integer(entry));
        } else {
            call.reply().bulk(Listpack.textAddress(entry), Listpack.textLength(entry));
        }
    }

    /** Replies and removes the element at an end of a list. */
    static void popOne(Call call, Entry list, boolean front) {
        ListCursor cursor = ListCursor.ofThread();
        long record = list.record();
        cursor.goToEnd(record, front);
        reply(call, cursor.entry());
        removeEnds(call, list, front, 1);
    }

    /** Replies and removes up to {@code count} elements from an end, nearest to it first. */
    static long popMany(Call call, Entry list, boolean front, long count) {
        long record = list.record();
        long popped = Math.min(count, ListType.sizeOf(record));
        call.reply().array(popped);
        ListCursor cursor = ListCursor.ofThread();
        cursor.goToEnd(record, front);
        for (long i = 0; i < popped; i++) {
            reply(call, cursor.entry());
            if (front) {
                cursor.next();
            } else {
                cursor.previous();
            }
        }
        removeEnds(call, list, front, popped);
        return popped;
    }

    private static void removeEnds(Call call, Entry list, boolean front, long count) {
        long size = ListType.sizeOf(list.record());
        if (count == size) {
            list.remove();
        } else {
            ListWriter writer = ListWriter.of(list);
            if (count == 1) {
                writer.pop(front);
            } else {
                writer.removeRange(front ? 0 : size - count, count);
            }
            writer.shrunk();
        }
        changed(call, list, front ? "lpop" : "rpop", count);
    }

    /** Notes that a list has been changed, or removed with its last element. */
    static void changed(Call call, Entry list, String event, long changes) {
        call.touched(list.key(), changes);
        call.event(EventClass.LIST, event, list.key());
        if (!list.exists()) {
            call.event(EventClass.GENERIC, "del", list.key());
        }
    }

    /** The first list among some keys, or null when none is there. */
    static @Nullable Entry firstPresent(Call call, int from, int to) {
        for (int i = from; i <= to; i++) {
            Entry list = call.entry(i, Record.LIST);
            if (list.exists()) {
                return list;
            }
        }
        return null;
    }

    /** Leaves LPOP or RPOP of a key, with a count if it is positive, in place of the request. */
    static void popEffect(Call call, Entry list, boolean front, long count) {
        call.effects()
                .command(list.database().index(), count > 0 ? 3 : 2)
                .argument(front ? LPOP : RPOP)
                .argument(list.key().address(), list.key().length());
        if (count > 0) {
            call.effects().argument(count);
        }
    }
}
