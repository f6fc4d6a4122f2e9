package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RM;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whether keys exist, deleting, renaming, copying and moving them. */
public final class KeyCommands {
    static final Command DEL =
            command("DEL", GENERIC)
                    .arity(-2)
                    .flags(WRITE)
                    .keys(range(1, -1, 1, RM, DELETE))
                    .syntax("key [key ...]")
                    .summary("Deletes keys.")
                    .complexity("O(N) where N is the number of keys.")
                    .tips("request_policy:multi_shard", "response_policy:agg_sum")
                    .handledBy(KeyCommands::del);

    static final Command UNLINK =
            command("UNLINK", GENERIC)
                    .since("4.0.0")
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(range(1, -1, 1, RM, DELETE))
                    .syntax("key [key ...]")
                    .summary("Deletes keys; the memory of big values is freed later.")
                    .complexity("O(1) for each key.")
                    .tips("request_policy:multi_shard", "response_policy:agg_sum")
                    .handledBy(KeyCommands::del);

    static final Command EXPDEL =
            command("EXPDEL", GENERIC)
                    .since("6.0.0")
                    .arity(-2)
                    .flags(WRITE)
                    .keys(range(1, -1, 1, RM, DELETE))
                    .syntax("key [key ...]")
                    .summary("Deletes keys: another name of DEL, from KeyDB.")
                    .complexity("O(N) where N is the number of keys.")
                    .handledBy(KeyCommands::del);

    static final Command MEXISTS =
            command("KEYDB.MEXISTS", GENERIC)
                    .since("6.3.0")
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(range(1, -1, 1, RO))
                    .syntax("key [key ...]")
                    .summary("Tells of each of the keys whether it exists.")
                    .complexity("O(N) where N is the number of keys.")
                    .handledBy(KeyCommands::mexists);

    static final Command EXISTS =
            command("EXISTS", GENERIC)
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(range(1, -1, 1, RO))
                    .syntax("key [key ...]")
                    .summary("Counts how many of the keys exist.")
                    .complexity("O(N) where N is the number of keys.")
                    .changed("3.0.3", "Accepts multiple `key` arguments.")
                    .tips("request_policy:multi_shard", "response_policy:agg_sum")
                    .handledBy(KeyCommands::exists);

    static final Command TOUCH =
            command("TOUCH", GENERIC)
                    .since("3.2.1")
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(range(1, -1, 1, RO))
                    .syntax("key [key ...]")
                    .summary("Counts how many of the keys exist and notes an access of each.")
                    .complexity("O(N) where N is the number of keys.")
                    .tips("request_policy:multi_shard", "response_policy:agg_sum")
                    .handledBy(KeyCommands::touch);

    static final Command TYPE =
            command("TYPE", GENERIC)
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Tells the type of the value at a key.")
                    .handledBy(KeyCommands::type);

    static final Command RENAME =
            command("RENAME", GENERIC)
                    .arity(3)
                    .flags(WRITE)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, OW, UPDATE))
                    .syntax("key newkey")
                    .summary("Gives a key another name, overwriting what was there.")
                    .handledBy(KeyCommands::rename);

    static final Command RENAMENX =
            command("RENAMENX", GENERIC)
                    .arity(3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, OW, INSERT))
                    .syntax("key newkey")
                    .summary("Gives a key another name when nothing is there.")
                    .changed(
                            "3.2.0",
                            "The command no longer returns an error when source and destination"
                                    + " names are the same.")
                    .handledBy(KeyCommands::renamenx);

    static final Command COPY =
            command("COPY", GENERIC)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RO, ACCESS), at(2, OW, UPDATE))
                    .syntax("source destination [DB destination-db] [REPLACE]")
                    .summary("Copies the value at a key to another key.")
                    .complexity("O(N) where N is the size of the value.")
                    .handledBy(KeyCommands::copy);

    static final Command MOVE =
            command("MOVE", GENERIC)
                    .arity(3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key db")
                    .summary("Moves a key to another database when it does not exist there.")
                    .handledBy(KeyCommands::move);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    DEL, UNLINK, EXPDEL, EXISTS, MEXISTS, TOUCH, TYPE, RENAME, RENAMENX, COPY,
                    MOVE);

    private static final byte[] NONE = "none".getBytes(StandardCharsets.US_ASCII);

    private KeyCommands() {}

    private static void del(Call call) {
        long deleted = 0;
        for (int i = 1; i < call.count(); i++) {
            Key key = call.key(i);
            if (call.database().delete(key)) {
                call.touched(key);
                call.event(EventClass.GENERIC, "del", key);
                deleted++;
            }
        }
        call.reply().integer(deleted);
    }

    private static void exists(Call call) {
        long found = 0;
        for (int i = 1; i < call.count(); i++) {
            Key key = call.key(i);
            boolean exists = call.database().peek(key) != 0;
            call.lookedUp(key, exists);
            found += exists ? 1 : 0;
        }
        call.reply().integer(found);
    }

    private static void mexists(Call call) {
        call.reply().array(call.count() - 1);
        for (int i = 1; i < call.count(); i++) {
            Key key = call.key(i);
            boolean exists = call.database().peek(key) != 0;
            call.lookedUp(key, exists);
            call.reply().bool(exists);
        }
    }

    private static void touch(Call call) {
        long found = 0;
        for (int i = 1; i < call.count(); i++) {
            Key key = call.key(i);
            boolean exists = call.database().find(key) != 0;
            call.lookedUp(key, exists);
            found += exists ? 1 : 0;
        }
        call.reply().integer(found);
    }

    private static void type(Call call) {
        Key key = call.key(1);
        long record = call.database().peek(key);
        call.lookedUp(key, record != 0);
        call.reply()
                .simple(
                        record == 0
                                ? NONE
                                : Values.typeName(record).getBytes(StandardCharsets.US_ASCII));
    }

    private static void rename(Call call) {
        long record = source(call);
        Key from = call.key(1);
        Key to = call.key(2);
        if (!from.sameAs(to)) {
            Database database = call.database();
            database.delete(to);
            transfer(call, database, from, record, database, to);
            tellRenamed(call, from, to);
        }
        call.reply().ok();
    }

    private static void renamenx(Call call) {
        long record = source(call);
        Key from = call.key(1);
        Key to = call.key(2);
        Database database = call.database();
        if (from.sameAs(to) || database.find(to) != 0) {
            call.reply().integer(0);
            return;
        }
        transfer(call, database, from, record, database, to);
        tellRenamed(call, from, to);
        call.reply().integer(1);
    }

    private static void tellRenamed(Call call, Key from, Key to) {
        call.event(EventClass.GENERIC, "rename_from", from);
        call.event(EventClass.GENERIC, "rename_to", to);
    }

    private static long source(Call call) {
        long record = call.database().find(call.key(1));
        if (record == 0) {
            throw Errors.NO_SUCH_KEY;
        }
        return record;
    }

    private static void move(Call call) {
        Database from = call.database();
        Database to = call.databaseArgument(2);
        if (from == to) {
            throw Errors.SAME_OBJECT;
        }
        Key key = call.key(1);
        long record = from.find(key);
        if (record == 0 || to.find(key) != 0) {
            call.reply().integer(0);
            return;
        }
        transfer(call, from, key, record, to, key);
        call.event(EventClass.GENERIC, "move_from", from, key);
        call.event(EventClass.GENERIC, "move_to", to, key);
        call.reply().integer(1);
    }

    private static void copy(Call call) {
        Database from = call.database();
        Database to = from;
        boolean replace = false;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "DB") && i + 1 < call.count()) {
                to = call.databaseArgument(++i);
            } else {
                throw Errors.SYNTAX;
            }
        }
        Key source = call.key(1);
        Key target = call.key(2);
        if (from == to && source.sameAs(target)) {
            throw Errors.SAME_OBJECT;
        }
        long record = from.find(source);
        boolean occupied = record != 0 && to.find(target) != 0;
        if (record == 0 || (occupied && !replace)) {
            call.reply().integer(0);
            return;
        }
        if (occupied) {
            to.delete(target);
        }
        to.insertCopy(target, record);
        call.touched(to, target);
        call.event(EventClass.GENERIC, "copy_to", to, target);
        call.reply().integer(1);
    }

    private static void transfer(
            Call call, Database from, Key source, long record, Database to, Key target) {
        to.insertCopy(target, record);
        from.remove(source, record);
        call.touched(from, source);
        call.touched(to, target);
    }
}
