package io.keydb.server.command;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.BLOCKING;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringText;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Commands that wait for strings, for tests of waiting. */
public final class BlockingCommands {
    private BlockingCommands() {}

    /** TAKE key [key ...] timeout: gives and deletes the first string there is. */
    public static Command take() {
        return command("TAKE", Group.STRING)
                .arity(-3)
                .flags(WRITE, BLOCKING)
                .keys(range(1, -2, 1, RW, ACCESS, DELETE))
                .syntax("key [key ...] timeout")
                .summary("Test.")
                .handledBy(BlockingCommands::take);
    }

    private static void take(Call call) {
        int last = call.count() - 1;
        long timeout = call.timeout(last);
        for (int i = 1; i < last; i++) {
            long record = call.find(i, Record.STRING);
            if (record != 0) {
                StringText text = call.stringOf(record);
                call.reply().bulk(text.address(), text.length());
                Key key = call.key(i);
                call.effects()
                        .command(call.database().index(), 2)
                        .argument("DEL".getBytes(StandardCharsets.US_ASCII))
                        .argument(key.address(), key.length());
                call.database().remove(key, record);
                call.touched(key);
                return;
            }
        }
        call.block(timeout, Record.STRING, 1, last - 1);
    }

    /** SHIFT from to timeout: moves a string. */
    public static Command shift() {
        return command("SHIFT", Group.STRING)
                .arity(4)
                .flags(WRITE, BLOCKING)
                .keys(range(1, 2, 1, RW, ACCESS, DELETE))
                .syntax("from to timeout")
                .summary("Test.")
                .handledBy(
                        call -> {
                            long timeout = call.timeout(3);
                            long record = call.find(1, Record.STRING);
                            if (record == 0) {
                                call.block(timeout, Record.STRING, 1, 1);
                                return;
                            }
                            Database database = call.database();
                            Key to = call.key(2);
                            long old = database.find(to);
                            if (old != 0) {
                                throw new CommandError("ERR destination is taken");
                            }
                            database.insertCopy(to, record);
                            database.remove(call.key(1), record);
                            call.touched(call.key(1));
                            call.touched(to);
                            call.reply().ok();
                        });
    }

    /** SEE key timeout: gives the string longer than what it was; tells when it is gone. */
    public static Command see() {
        return command("SEE", Group.STRING)
                .arity(3)
                .flags(READONLY, BLOCKING)
                .keys(range(1, 1, 1, RO, ACCESS))
                .syntax("key timeout")
                .summary("Test.")
                .handledBy(
                        call -> {
                            long timeout = call.timeoutMillis(2);
                            long record = call.find(1, Record.STRING);
                            if (record == 0 && call.hasWaited()) {
                                throw new CommandError("GONE it is");
                            }
                            long length = record == 0 ? 0 : call.stringOf(record).length();
                            Object seen = call.waitState();
                            if (seen != null && length > (Long) seen) {
                                call.reply().integer(length);
                            } else {
                                call.block(
                                        timeout,
                                        Record.STRING,
                                        1,
                                        1,
                                        true,
                                        Objects.requireNonNullElse(seen, length));
                            }
                        });
    }
}
