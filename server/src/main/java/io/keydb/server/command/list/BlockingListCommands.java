package io.keydb.server.command.list;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.BLOCKING;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.LIST;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.counted;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Popping and moving that waits for a list. What they leave to the log is the command that does not
 * wait.
 */
public final class BlockingListCommands {
    private static final byte[] LMOVE_NAME = "LMOVE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RPOPLPUSH_NAME = "RPOPLPUSH".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LEFT = "left".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RIGHT = "right".getBytes(StandardCharsets.US_ASCII);
    private static final String KEYS_COST = "O(N) where N is the number of provided keys.";
    private static final String FRACTIONS =
            "`timeout` is interpreted as a double instead of an integer.";

    static final Command BLPOP =
            command("BLPOP", LIST)
                    .since("2.0.0")
                    .arity(-3)
                    .flags(WRITE, BLOCKING)
                    .keys(range(1, -2, 1, RW, ACCESS, DELETE))
                    .syntax("key [key ...] timeout")
                    .summary("Removes the first element of the first list there is; waits for one.")
                    .complexity(KEYS_COST)
                    .changed("6.0.0", FRACTIONS)
                    .handledBy(call -> pop(call, true));

    static final Command BRPOP =
            command("BRPOP", LIST)
                    .since("2.0.0")
                    .arity(-3)
                    .flags(WRITE, BLOCKING)
                    .keys(range(1, -2, 1, RW, ACCESS, DELETE))
                    .syntax("key [key ...] timeout")
                    .summary("Removes the last element of the first list there is; waits for one.")
                    .complexity(KEYS_COST)
                    .changed("6.0.0", FRACTIONS)
                    .handledBy(call -> pop(call, false));

    static final Command BLMOVE =
            command("BLMOVE", LIST)
                    .since("6.2.0")
                    .arity(6)
                    .flags(WRITE, DENYOOM, BLOCKING)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, RW, INSERT))
                    .syntax("source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout")
                    .summary("Moves an element from list to list; waits for one.")
                    .complexity("O(1)")
                    .handledBy(BlockingListCommands::move);

    static final Command BRPOPLPUSH =
            command("BRPOPLPUSH", LIST)
                    .since("2.2.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, BLOCKING)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, RW, INSERT))
                    .syntax("source destination timeout")
                    .summary("Moves the last element of a list to the front of another; waits.")
                    .complexity("O(1)")
                    .changed("6.0.0", FRACTIONS)
                    .deprecated("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments")
                    .handledBy(BlockingListCommands::moveLastToFront);

    static final Command BLMPOP =
            command("BLMPOP", LIST)
                    .since("7.0.0")
                    .arity(-5)
                    .flags(WRITE, BLOCKING)
                    .keys(counted(2, RW, ACCESS, DELETE))
                    .syntax("timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]")
                    .summary("Removes elements from the first list there is; waits for one.")
                    .complexity(
                            "O(N+M) where N is the number of provided keys and M is the number of"
                                    + " elements returned.")
                    .handledBy(BlockingListCommands::popSeveral);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(BLPOP, BRPOP, BLMOVE, BRPOPLPUSH, BLMPOP);

    private BlockingListCommands() {}

    private static void pop(Call call, boolean front) {
        int last = call.count() - 1;
        long timeout = call.timeout(last);
        Entry list = Lists.firstPresent(call, 1, last - 1);
        if (list == null) {
            call.block(timeout, Record.LIST, 1, last - 1);
            return;
        }
        call.reply().array(2);
        call.reply().bulk(list.key().address(), list.key().length());
        Lists.popOne(call, list, front);
        Lists.popEffect(call, list, front, 0);
    }

    private static void popSeveral(Call call) {
        PopOptions options = PopOptions.of(call, 2);
        long timeout = call.timeout(1);
        Entry list = Lists.firstPresent(call, options.firstKey(), options.lastKey());
        if (list == null) {
            call.block(timeout, Record.LIST, options.firstKey(), options.lastKey());
        } else {
            options.pop(call, list);
        }
    }

    private static void move(Call call) {
        boolean fromFront = Lists.left(call, 3);
        boolean toFront = Lists.left(call, 4);
        Entry source = sourceOrWait(call, call.timeout(5));
        if (source == null) {
            return;
        }
        MoveCommands.move(call, source, fromFront, toFront);
        Request request = call.request();
        call.effects()
                .command(call.database().index(), 5)
                .argument(LMOVE_NAME)
                .argument(request.address(1), request.length(1))
                .argument(request.address(2), request.length(2))
                .argument(fromFront ? LEFT : RIGHT)
                .argument(toFront ? LEFT : RIGHT);
    }

    private static void moveLastToFront(Call call) {
        Entry source = sourceOrWait(call, call.timeout(3));
        if (source == null) {
            return;
        }
        MoveCommands.move(call, source, false, true);
        Request request = call.request();
        call.effects()
                .command(call.database().index(), 3)
                .argument(RPOPLPUSH_NAME)
                .argument(request.address(1), request.length(1))
                .argument(request.address(2), request.length(2));
    }

    /** The list of argument 1; null when there is none and the caller waits or has its reply. */
    private static @Nullable Entry sourceOrWait(Call call, long timeout) {
        Entry source = call.entry(1, Record.LIST);
        if (source.exists()) {
            return source;
        }
        if (call.mayBlock()) {
            call.block(timeout, Record.LIST, 1, 1);
        } else {
            call.reply().nullBulk();
        }
        return null;
    }
}
