package io.keydb.server.command.hash;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HASH;
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
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.hash.HashCursor;
import io.keydb.server.value.hash.HashValue;
import java.util.List;

/** Setting, reading and removing fields. */
public final class HashCommands {
    static final Command HSET =
            command("HSET", HASH)
                    .since("2.0.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key field value [field value ...]")
                    .summary("Sets fields of a hash.")
                    .complexity(
                            "O(1) for each field/value pair added, so O(N) to add N field/value"
                                    + " pairs when the command is called with multiple field/value"
                                    + " pairs.")
                    .changed("4.0.0", "Accepts multiple `field` and `value` arguments.")
                    .handledBy(call -> call.reply().integer(set(call)));

    static final Command HMSET =
            command("HMSET", HASH)
                    .since("2.0.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key field value [field value ...]")
                    .summary("Sets several fields of a hash.")
                    .complexity("O(N) where N is the number of fields being set.")
                    .deprecated("4.0.0", "`HSET` with multiple field-value pairs")
                    .handledBy(HashCommands::hmset);

    static final Command HSETNX =
            command("HSETNX", HASH)
                    .since("2.0.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key field value")
                    .summary("Sets a field of a hash when it does not exist.")
                    .handledBy(HashCommands::hsetnx);

    static final Command HGET =
            reading("HGET", 3, "key field", "Gives the value of a field.")
                    .flags(READONLY, FAST)
                    .handledBy(HashCommands::hget);

    static final Command HMGET =
            reading("HMGET", -3, "key field [field ...]", "Gives the values of several fields.")
                    .flags(READONLY, FAST)
                    .complexity("O(N) where N is the number of fields being requested.")
                    .handledBy(HashCommands::hmget);

    static final Command HGETALL =
            reading("HGETALL", 2, "key", "Gives all fields of a hash with their values.")
                    .flags(READONLY)
                    .complexity("O(N) where N is the size of the hash.")
                    .tips("nondeterministic_output_order")
                    .handledBy(call -> all(call, true, true));

    static final Command HKEYS =
            reading("HKEYS", 2, "key", "Gives all fields of a hash.")
                    .flags(READONLY)
                    .complexity("O(N) where N is the size of the hash.")
                    .tips("nondeterministic_output_order")
                    .handledBy(call -> all(call, true, false));

    static final Command HVALS =
            reading("HVALS", 2, "key", "Gives all values of a hash.")
                    .flags(READONLY)
                    .complexity("O(N) where N is the size of the hash.")
                    .tips("nondeterministic_output_order")
                    .handledBy(call -> all(call, false, true));

    static final Command HLEN =
            command("HLEN", HASH)
                    .since("2.0.0")
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Tells how many fields a hash has.")
                    .handledBy(HashCommands::hlen);

    static final Command HSTRLEN =
            command("HSTRLEN", HASH)
                    .since("3.2.0")
                    .arity(3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key field")
                    .summary("Tells how long the value of a field is.")
                    .handledBy(HashCommands::hstrlen);

    static final Command HEXISTS =
            command("HEXISTS", HASH)
                    .since("2.0.0")
                    .arity(3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key field")
                    .summary("Tells whether a hash has a field.")
                    .handledBy(HashCommands::hexists);

    static final Command HDEL =
            command("HDEL", HASH)
                    .since("2.0.0")
                    .arity(-3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, DELETE))
                    .syntax("key field [field ...]")
                    .summary("Removes fields of a hash, and the hash with the last of them.")
                    .complexity("O(N) where N is the number of fields to be removed.")
                    .changed("2.4.0", "Accepts multiple `field` arguments.")
                    .handledBy(HashCommands::hdel);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    HSET, HMSET, HSETNX, HGET, HMGET, HGETALL, HKEYS, HVALS, HLEN, HSTRLEN, HEXISTS,
                    HDEL);

    private HashCommands() {}

    private static Command.Builder reading(String name, int arity, String syntax, String summary) {
        return command(name, HASH)
                .since("2.0.0")
                .arity(arity)
                .keys(at(1, RO, ACCESS))
                .syntax(syntax)
                .summary(summary);
    }

    private static void hmset(Call call) {
        set(call);
        call.reply().ok();
    }

    /** Sets the pairs behind the key; gives how many fields are new. */
    private static int set(Call call) {
        int count = call.count();
        if (count % 2 == 1) {
            throw Errors.wrongArity(call.command().fullName());
        }
        Entry hash = call.entry(1, Record.HASH);
        prepare(call, hash, 2);
        Request request = call.request();
        int created = 0;
        for (int i = 2; i < count; i += 2) {
            boolean isNew =
                    HashValue.set(
                            hash,
                            request.address(i),
                            request.length(i),
                            request.address(i + 1),
                            request.length(i + 1));
            created += isNew ? 1 : 0;
        }
        HashValue.trim(hash);
        call.touched(hash.key(), count / 2 - 1);
        call.event(EventClass.HASH, "hset", hash.key());
        return created;
    }

    /** Prepares the hash for the pairs from argument {@code first} on. */
    private static void prepare(Call call, Entry hash, int first) {
        Request request = call.request();
        int longest = 0;
        long bytes = 0;
        boolean isNew = !hash.exists();
        for (int i = first; i < request.count(); i++) {
            int length = request.length(i);
            longest = Math.max(longest, length);
            bytes += isNew ? Listpack.sizeOf(request.address(i), length) : length;
        }
        HashValue.prepare(hash, (request.count() - first) / 2, longest, bytes);
    }

    private static void hsetnx(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        if (hash.exists() && get(call, hash, 2)) {
            call.reply().integer(0);
            return;
        }
        prepare(call, hash, 2);
        Request request = call.request();
        HashValue.set(
                hash, request.address(2), request.length(2), request.address(3), request.length(3));
        HashValue.trim(hash);
        call.touched(hash.key());
        call.event(EventClass.HASH, "hset", hash.key());
        call.reply().integer(1);
    }

    /** Points the call's element at the value of the field that argument {@code i} names. */
    static boolean get(Call call, Entry hash, int i) {
        Request request = call.request();
        return HashValue.get(
                hash.record(),
                request.address(i),
                request.length(i),
                hash.moment(),
                call.element());
    }

    private static void hget(Call call) {
        reply(call, call.entry(1, Record.HASH), 2);
    }

    private static void hmget(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            reply(call, hash, i);
        }
    }

    private static void reply(Call call, Entry hash, int i) {
        if (hash.exists() && get(call, hash, i)) {
            call.bulk(call.element());
        } else {
            call.reply().nullBulk();
        }
    }

    private static void all(Call call, boolean fields, boolean values) {
        Entry hash = call.entry(1, Record.HASH);
        if (hash.exists()) {
            call.expectWork(HashValue.size(hash.record()));
        }
        long size = hash.exists() ? HashValue.size(hash.record(), hash.moment()) : 0;
        if (fields && values) {
            call.reply().map(size);
        } else {
            call.reply().array(size);
        }
        if (!hash.exists()) {
            return;
        }
        HashCursor cursor = new HashCursor();
        for (cursor.begin(hash.record(), hash.moment()); cursor.next(); ) {
            if (fields) {
                call.bulk(cursor.field());
            }
            if (values) {
                call.bulk(cursor.value());
            }
        }
    }

    private static void hlen(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        call.reply().integer(hash.exists() ? HashValue.size(hash.record()) : 0);
    }

    private static void hstrlen(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        Element value = call.element();
        call.reply().integer(hash.exists() && get(call, hash, 2) ? value.length() : 0);
    }

    private static void hexists(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        call.reply().integer(hash.exists() && get(call, hash, 2) ? 1 : 0);
    }

    private static void hdel(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        int removed = 0;
        for (int i = 2; i < call.count() && hash.exists(); i++) {
            Request request = call.request();
            if (HashValue.remove(hash, request.address(i), request.length(i))) {
                removed++;
                if (HashValue.size(hash.record()) == 0) {
                    hash.remove();
                }
            }
        }
        if (removed > 0) {
            call.touched(hash.key(), removed);
            call.event(EventClass.HASH, "hdel", hash.key());
            if (!hash.exists()) {
                call.event(EventClass.GENERIC, "del", hash.key());
            }
        }
        call.reply().integer(removed);
    }
}
