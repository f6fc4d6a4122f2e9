package io.keydb.server.command.list;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.LIST;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.counted;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.structure.Record;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.list.ListWriter;
import java.util.List;

/** Pushing and popping at the ends of lists. */
public final class EndCommands {
    private static final String EACH_COSTS =
            "O(1) for each element added, so O(N) to add N elements when the command is called with"
                    + " multiple arguments.";
    private static final String SEVERAL = "Accepts multiple `element` arguments.";
    private static final String COUNT = "Added the `count` argument.";
    private static final String RETURNED = "O(N) where N is the number of elements returned";

    static final Command LPUSH =
            command("LPUSH", LIST)
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key element [element ...]")
                    .summary(
                            "Adds elements at the front of a list, which is made if there is none.")
                    .complexity(EACH_COSTS)
                    .changed("2.4.0", SEVERAL)
                    .handledBy(call -> push(call, true, false));

    static final Command RPUSH =
            command("RPUSH", LIST)
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key element [element ...]")
                    .summary("Adds elements at the end of a list, which is made if there is none.")
                    .complexity(EACH_COSTS)
                    .changed("2.4.0", SEVERAL)
                    .handledBy(call -> push(call, false, false));

    static final Command LPUSHX =
            command("LPUSHX", LIST)
                    .since("2.2.0")
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key element [element ...]")
                    .summary("Adds elements at the front of a list that exists.")
                    .complexity(EACH_COSTS)
                    .changed("4.0.0", SEVERAL)
                    .handledBy(call -> push(call, true, true));

    static final Command RPUSHX =
            command("RPUSHX", LIST)
                    .since("2.2.0")
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key element [element ...]")
                    .summary("Adds elements at the end of a list that exists.")
                    .complexity(EACH_COSTS)
                    .changed("4.0.0", SEVERAL)
                    .handledBy(call -> push(call, false, true));

    static final Command LPOP =
            command("LPOP", LIST)
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key [count]")
                    .summary("Removes elements from the front of a list and gives them.")
                    .complexity(RETURNED)
                    .changed("6.2.0", COUNT)
                    .handledBy(call -> pop(call, true));

    static final Command RPOP =
            command("RPOP", LIST)
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key [count]")
                    .summary("Removes elements from the end of a list and gives them, last first.")
                    .complexity(RETURNED)
                    .changed("6.2.0", COUNT)
                    .handledBy(call -> pop(call, false));

    static final Command LMPOP =
            command("LMPOP", LIST)
                    .since("7.0.0")
                    .arity(-4)
                    .flags(WRITE)
                    .keys(counted(1, RW, ACCESS, DELETE))
                    .syntax("numkeys key [key ...] <LEFT | RIGHT> [COUNT count]")
                    .summary("Removes elements from the first list there is and gives them.")
                    .complexity(
                            "O(N+M) where N is the number of provided keys and M is the number of"
                                    + " elements returned.")
                    .handledBy(EndCommands::popFirstList);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(LPUSH, RPUSH, LPUSHX, RPUSHX, LPOP, RPOP, LMPOP);

    private EndCommands() {}

    private static void push(Call call, boolean front, boolean onlyIfPresent) {
        long bytes = 0;
        for (int i = 2; i < call.count(); i++) {
            bytes += Lists.elementLength(call, i);
        }
        Entry list = call.entry(1, Record.LIST);
        if (onlyIfPresent && !list.exists()) {
            call.reply().integer(0);
            return;
        }
        ListWriter writer = ListWriter.of(list);
        writer.expect(call.count() - 2, bytes);
        for (int i = 2; i < call.count(); i++) {
            writer.push(front, call.request().address(i), call.request().length(i));
        }
        call.reply().integer(ListType.sizeOf(list.record()));
        Lists.changed(call, list, front ? "lpush" : "rpush", call.count() - 2);
    }

    private static void pop(Call call, boolean front) {
        if (call.count() > 3) {
            throw Errors.wrongArity(call.command().fullName());
        }
        if (call.count() == 2) {
            Entry list = call.entry(1, Record.LIST);
            if (list.exists()) {
                Lists.popOne(call, list, front);
            } else {
                call.reply().nullBulk();
            }
            return;
        }
        long count = call.integer(2, Errors.NOT_POSITIVE);
        if (count < 0) {
            throw Errors.NOT_POSITIVE;
        }
        Entry list = call.entry(1, Record.LIST);
        if (!list.exists()) {
            call.reply().nullArray();
        } else if (count == 0) {
            call.reply().array(0);
        } else {
            call.expectWork(Math.min(count, ListType.sizeOf(list.record())));
            Lists.popMany(call, list, front, count);
        }
    }

    private static void popFirstList(Call call) {
        PopOptions options = PopOptions.of(call, 1);
        Entry list = Lists.firstPresent(call, options.firstKey(), options.lastKey());
        if (list == null) {
            call.reply().nullArray();
        } else {
            options.pop(call, list);
        }
    }
}
