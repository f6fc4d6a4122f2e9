package io.keydb.server.command.list;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.LIST;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.list.ListWriter;
import java.util.List;

/** Reading and changing lists in between their ends. */
public final class PlaceCommands {
    static final Command LLEN =
            command("LLEN", LIST)
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Gives the number of elements of a list.")
                    .complexity("O(1)")
                    .handledBy(PlaceCommands::length);

    static final Command LINDEX =
            command("LINDEX", LIST)
                    .arity(3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key index")
                    .summary("Gives the element at a position.")
                    .complexity("O(log N) where N is the length of the list.")
                    .handledBy(PlaceCommands::index);

    static final Command LRANGE =
            command("LRANGE", LIST)
                    .arity(4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key start stop")
                    .summary("Gives the elements between two positions.")
                    .complexity(
                            "O(log S + N) where S is the length of the list and N the number of"
                                    + " elements given.")
                    .handledBy(PlaceCommands::range);

    static final Command LSET =
            command("LSET", LIST)
                    .arity(4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key index element")
                    .summary("Puts an element in the place of another.")
                    .complexity("O(log N) where N is the length of the list.")
                    .handledBy(PlaceCommands::set);

    static final Command LINSERT =
            command("LINSERT", LIST)
                    .since("2.2.0")
                    .arity(5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, INSERT))
                    .syntax("key <BEFORE | AFTER> pivot element")
                    .summary("Inserts an element next to the first one that equals a given one.")
                    .complexity("O(N) where N is the number of elements before the pivot.")
                    .handledBy(PlaceCommands::insert);

    static final Command LTRIM =
            command("LTRIM", LIST)
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key start stop")
                    .summary("Removes all elements but those between two positions.")
                    .complexity("O(N) where N is the number of elements removed.")
                    .handledBy(PlaceCommands::trim);

    static final Command LREM =
            command("LREM", LIST)
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key count element")
                    .summary("Removes elements that equal a given one.")
                    .complexity(
                            "O(N+M) where N is the length of the list and M is the number of"
                                    + " elements removed.")
                    .handledBy(PlaceCommands::remove);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(LLEN, LINDEX, LRANGE, LSET, LINSERT, LTRIM, LREM);

    private PlaceCommands() {}

    private static void length(Call call) {
        long record = call.find(1, Record.LIST);
        call.reply().integer(record == 0 ? 0 : ListType.sizeOf(record));
    }

    private static void index(Call call) {
        long record = call.find(1, Record.LIST);
        if (record == 0) {
            call.reply().nullBulk();
            return;
        }
        long index = call.integer(2);
        ListCursor cursor = ListCursor.ofThread();
        if (cursor.goTo(record, index < 0 ? index + ListType.sizeOf(record) : index)) {
            Lists.reply(call, cursor.entry());
        } else {
            call.reply().nullBulk();
        }
    }

    private static void range(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        long record = call.find(1, Record.LIST);
        if (record == 0) {
            call.reply().array(0);
            return;
        }
        long size = ListType.sizeOf(record);
        long first = Math.max(0, start < 0 ? start + size : start);
        long last = Math.min(size - 1, stop < 0 ? stop + size : stop);
        if (first > last) {
            call.reply().array(0);
            return;
        }
        long left = last - first + 1;
        call.expectWork(left);
        call.reply().array(left);
        ListCursor cursor = ListCursor.ofThread();
        cursor.goTo(record, first);
        Lists.reply(call, cursor.entry());
        while (--left > 0) {
            cursor.next();
            Lists.reply(call, cursor.entry());
        }
    }

    private static void set(Call call) {
        int length = Lists.elementLength(call, 3);
        Entry list = call.entry(1, Record.LIST);
        if (!list.exists()) {
            throw Errors.NO_SUCH_KEY;
        }
        long index = call.integer(2);
        long size = ListType.sizeOf(list.record());
        long position = index < 0 ? index + size : index;
        if (position < 0 || position >= size) {
            throw Errors.INDEX_OUT_OF_RANGE;
        }
        ListWriter writer = ListWriter.of(list);
        writer.expect(1, length);
        writer.replace(position, call.request().address(3), length);
        writer.shrunk();
        Lists.changed(call, list, "lset", 1);
        call.reply().ok();
    }

    private static void insert(Call call) {
        boolean behind = call.is(2, "AFTER");
        if (!behind && !call.is(2, "BEFORE")) {
            throw Errors.SYNTAX;
        }
        int length = Lists.elementLength(call, 4);
        Entry list = call.entry(1, Record.LIST);
        if (!list.exists()) {
            call.reply().integer(0);
            return;
        }
        call.expectWork(ListType.sizeOf(list.record()));
        ListWriter writer = ListWriter.of(list);
        Request request = call.request();
        if (writer.insert(
                request.address(3), request.length(3), behind, request.address(4), length)) {
            writer.expect(0, 0);
            Lists.changed(call, list, "linsert", 1);
            call.reply().integer(ListType.sizeOf(list.record()));
        } else {
            call.reply().integer(-1);
        }
    }

    private static void trim(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        Entry list = call.entry(1, Record.LIST);
        if (list.exists()) {
            long size = ListType.sizeOf(list.record());
            long first = Math.max(0, start < 0 ? start + size : start);
            long last = Math.min(size - 1, stop < 0 ? stop + size : stop);
            if (first > last) {
                list.remove();
                Lists.changed(call, list, "ltrim", size);
            } else {
                trim(call, list, first, size - 1 - last);
            }
        }
        call.reply().ok();
    }

    private static void trim(Call call, Entry list, long before, long behind) {
        call.expectWork(before + behind);
        if (before + behind > 0) {
            ListWriter writer = ListWriter.of(list);
            writer.removeRange(0, before);
            writer.removeRange(writer.size() - behind, behind);
            writer.shrunk();
        } else {
            list.beforeChange(); // who watches the key is told in stock, too
        }
        Lists.changed(call, list, "ltrim", before + behind);
    }

    private static void remove(Call call) {
        long count = call.integer(2);
        Entry list = call.entry(1, Record.LIST);
        if (!list.exists()) {
            call.reply().integer(0);
            return;
        }
        call.expectWork(ListType.sizeOf(list.record()));
        long address = call.request().address(3);
        int length = call.request().length(3);
        // Looked for first: what changes nothing is nothing to those who watch.
        if (!ListCursor.ofThread().finds(list.record(), address, length)) {
            call.reply().integer(0);
            return;
        }
        boolean all = count == 0 || count == Long.MIN_VALUE;
        ListWriter writer = ListWriter.of(list);
        long removed =
                writer.removeMatching(
                        address, length, all ? Long.MAX_VALUE : Math.abs(count), count < 0);
        if (writer.size() == 0) {
            list.remove();
        } else {
            writer.shrunk();
        }
        Lists.changed(call, list, "lrem", removed);
        call.reply().integer(removed);
    }
}
