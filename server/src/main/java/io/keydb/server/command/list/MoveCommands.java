package io.keydb.server.command.list;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.LIST;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.list.ListWriter;
import java.util.List;

/** Moving an element from list to list. */
public final class MoveCommands {
    static final Command LMOVE =
            command("LMOVE", LIST)
                    .since("6.2.0")
                    .arity(5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, RW, INSERT))
                    .syntax("source destination <LEFT | RIGHT> <LEFT | RIGHT>")
                    .summary("Moves an element from an end of a list to an end of another.")
                    .complexity("O(1)")
                    .handledBy(MoveCommands::move);

    static final Command RPOPLPUSH =
            command("RPOPLPUSH", LIST)
                    .since("1.2.0")
                    .arity(3)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, RW, INSERT))
                    .syntax("source destination")
                    .summary("Moves the last element of a list to the front of another.")
                    .complexity("O(1)")
                    .deprecated("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments")
                    .handledBy(call -> moveOrNull(call, false, true));

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(LMOVE, RPOPLPUSH);

    private MoveCommands() {}

    private static void move(Call call) {
        boolean fromFront = Lists.left(call, 3);
        boolean toFront = Lists.left(call, 4);
        moveOrNull(call, fromFront, toFront);
    }

    private static void moveOrNull(Call call, boolean fromFront, boolean toFront) {
        Entry source = call.entry(1, Record.LIST);
        if (source.exists()) {
            move(call, source, fromFront, toFront);
        } else {
            call.reply().nullBulk();
        }
    }

    /** Moves an element of the list of argument 1 to that of argument 2. */
    static void move(Call call, Entry source, boolean fromFront, boolean toFront) {
        Entry destination = call.entry(2, Record.LIST);
        long record = source.record();
        ListCursor cursor = ListCursor.ofThread();
        cursor.goToEnd(record, fromFront);
        Lists.reply(call, cursor.entry());
        Element element = new Element().setEntry(cursor.entry());
        if (destination.record() == record) {
            if (fromFront != toFront) {
                ListWriter.of(source).rotate(fromFront, element);
            } else {
                source.beforeChange(); // an element goes and comes back
            }
            Lists.changed(call, source, toFront ? "lpush" : "rpush", 1);
            call.event(EventClass.LIST, fromFront ? "lpop" : "rpop", source.key());
            return;
        }
        ListWriter writer = ListWriter.of(destination);
        writer.expect(1, element.length());
        writer.push(toFront, element);
        Lists.changed(call, destination, toFront ? "lpush" : "rpush", 1);
        if (ListType.sizeOf(record) == 1) {
            source.remove();
        } else {
            writer.on(source).pop(fromFront);
            writer.shrunk();
        }
        // One element has moved: one change, of two keys.
        Lists.changed(call, source, fromFront ? "lpop" : "rpop", 0);
    }
}
