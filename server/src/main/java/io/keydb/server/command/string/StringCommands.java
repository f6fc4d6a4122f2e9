package io.keydb.server.command.string;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STRING;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeyFlag.VARIABLE_FLAGS;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ExpiryTime;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.command.Strings;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringText;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reading and setting whole strings. */
public final class StringCommands {
    private static final byte[] SET_NAME = "SET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEL_NAME = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PXAT = "PXAT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PEXPIREAT = "PEXPIREAT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PERSIST = "PERSIST".getBytes(StandardCharsets.US_ASCII);

    static final Command GET =
            command("GET", STRING)
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key")
                    .summary("Gives the string at a key.")
                    .handledBy(StringCommands::get);

    static final Command SET =
            command("SET", STRING)
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(
                            at(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS)
                                    .notes("RW and ACCESS due to the optional `GET` argument")
                                    .chosenBy(StringCommands::keyFlagsOfSet))
                    .syntax(
                            "key value [NX | XX] [GET] [EX seconds | PX milliseconds |"
                                    + " EXAT unix-time-seconds | PXAT unix-time-milliseconds |"
                                    + " KEEPTTL]")
                    .summary("Sets a key to a string, whatever it held.")
                    .changed("2.6.12", "Added the `EX`, `PX`, `NX` and `XX` options.")
                    .changed("6.0.0", "Added the `KEEPTTL` option.")
                    .changed("6.2.0", "Added the `GET`, `EXAT` and `PXAT` option.")
                    .changed("7.0.0", "Allowed the `NX` and `GET` options to be used together.")
                    .handledBy(StringCommands::set);

    static final Command SETNX =
            command("SETNX", STRING)
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, OW, INSERT))
                    .syntax("key value")
                    .summary("Sets a key to a string when it does not exist.")
                    .handledBy(StringCommands::setnx);

    static final Command SETEX =
            command("SETEX", STRING)
                    .since("2.0.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE))
                    .syntax("key seconds value")
                    .summary("Sets a key to a string that expires in so many seconds.")
                    .handledBy(call -> setWithExpiry(call, ExpiryTime.SECONDS_FROM_NOW));

    static final Command PSETEX =
            command("PSETEX", STRING)
                    .since("2.6.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE))
                    .syntax("key milliseconds value")
                    .summary("Sets a key to a string that expires in so many milliseconds.")
                    .handledBy(call -> setWithExpiry(call, ExpiryTime.MILLIS_FROM_NOW));

    static final Command GETEX =
            command("GETEX", STRING)
                    .since("6.2.0")
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(
                            at(1, RW, ACCESS, UPDATE)
                                    .notes("RW and UPDATE because it changes the TTL"))
                    .syntax(
                            "key [EX seconds | PX milliseconds | EXAT unix-time-seconds |"
                                    + " PXAT unix-time-milliseconds | PERSIST]")
                    .summary("Gives the string at a key and sets when it expires.")
                    .handledBy(StringCommands::getex);

    static final Command GETDEL =
            command("GETDEL", STRING)
                    .since("6.2.0")
                    .arity(2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key")
                    .summary("Gives the string at a key and deletes the key.")
                    .handledBy(StringCommands::getdel);

    static final Command GETSET =
            command("GETSET", STRING)
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key value")
                    .summary("Gives the string at a key and sets another one.")
                    .deprecated("6.2.0", "`SET` with the `!GET` argument")
                    .handledBy(StringCommands::getset);

    static final Command MGET =
            command("MGET", STRING)
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(range(1, -1, 1, RO, ACCESS))
                    .syntax("key [key ...]")
                    .summary("Gives the strings at several keys.")
                    .complexity("O(N) where N is the number of keys.")
                    .tips("request_policy:multi_shard")
                    .handledBy(StringCommands::mget);

    static final Command MSET =
            command("MSET", STRING)
                    .since("1.0.1")
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(range(1, -1, 2, OW, UPDATE))
                    .syntax("key value [key value ...]")
                    .summary("Sets several keys to strings at once.")
                    .complexity("O(N) where N is the number of keys.")
                    .tips("request_policy:multi_shard", "response_policy:all_succeeded")
                    .handledBy(StringCommands::mset);

    static final Command MSETNX =
            command("MSETNX", STRING)
                    .since("1.0.1")
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(range(1, -1, 2, OW, INSERT))
                    .syntax("key value [key value ...]")
                    .summary("Sets several keys to strings when none of them exists.")
                    .complexity("O(N) where N is the number of keys.")
                    .tips("request_policy:multi_shard", "response_policy:agg_min")
                    .handledBy(StringCommands::msetnx);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(GET, SET, SETNX, SETEX, PSETEX, GETEX, GETDEL, GETSET, MGET, MSET, MSETNX);

    private StringCommands() {}

    private static Set<KeyFlag> keyFlagsOfSet(Request request) {
        for (int i = 3; i < request.count(); i++) {
            if (Call.is(request, i, "GET")) {
                return EnumSet.of(RW, ACCESS, UPDATE);
            }
        }
        return EnumSet.of(OW, UPDATE);
    }

    private static void get(Call call) {
        reply(call, call.find(1, Record.STRING));
    }

    private static void set(Call call) {
        SetOptions options = SetOptions.ofSet(call, 3);
        Key key = call.key(1);
        Database database = call.database();
        long old = database.find(key);
        if (options.get()) {
            if (old != 0 && Record.type(old) != Record.STRING) {
                throw Errors.WRONG_TYPE;
            }
            reply(call, old);
        }
        if ((options.onlyIfAbsent() && old != 0) || (options.onlyIfPresent() && old == 0)) {
            if (!options.get()) {
                call.reply().nullBulk();
            }
            return;
        }
        long expiry =
                options.hasExpiry()
                        ? options.expiry()
                        : options.keepsExpiry() ? Strings.KEEP_EXPIRY : Strings.NO_EXPIRY;
        store(call, key, old, 2, expiry);
        if (options.hasExpiry() && (options.get() || !options.isExpiryLasting())) {
            setEffect(call, 2, expiry);
        } else if (options.get()) {
            effectWithoutGet(call);
        }
        if (!options.get()) {
            call.reply().ok();
        }
    }

    private static void setnx(Call call) {
        Key key = call.key(1);
        boolean absent = call.database().find(key) == 0;
        if (absent) {
            store(call, key, 0, 2, Strings.NO_EXPIRY);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    private static void setWithExpiry(Call call, ExpiryTime time) {
        long expiry = time.positiveUnixMillis(call, 2);
        Key key = call.key(1);
        store(call, key, call.database().find(key), 3, expiry);
        setEffect(call, 3, expiry);
        call.reply().ok();
    }

    private static void getex(Call call) {
        SetOptions options = SetOptions.ofGetEx(call, 2);
        long record = call.find(1, Record.STRING);
        if (record == 0) {
            call.reply().nullBulk();
            return;
        }
        options.resolve(call);
        reply(call, record);
        Key key = call.key(1);
        Database database = call.database();
        if (options.hasExpiry() && options.expiry() <= call.nowMillis()) {
            database.remove(key, record);
            call.touched(key);
            call.event(EventClass.GENERIC, "del", key);
            call.effects()
                    .command(database.index(), 2)
                    .argument(DEL_NAME)
                    .argument(key.address(), key.length());
        } else if (options.hasExpiry()) {
            database.setExpiry(key, record, options.expiry());
            call.touched(key);
            call.event(EventClass.GENERIC, "expire", key);
            call.effects()
                    .command(database.index(), 3)
                    .argument(PEXPIREAT)
                    .argument(key.address(), key.length())
                    .argument(options.expiry());
        } else if (options.persist() && Record.hasExpiry(record)) {
            database.persist(key, record);
            call.touched(key);
            call.event(EventClass.GENERIC, "persist", key);
            call.effects()
                    .command(database.index(), 2)
                    .argument(PERSIST)
                    .argument(key.address(), key.length());
        }
    }

    private static void getdel(Call call) {
        long record = call.find(1, Record.STRING);
        reply(call, record);
        if (record != 0) {
            Key key = call.key(1);
            call.database().remove(key, record);
            call.touched(key);
            call.event(EventClass.GENERIC, "del", key);
            call.effects()
                    .command(call.database().index(), 2)
                    .argument(DEL_NAME)
                    .argument(key.address(), key.length());
        }
    }

    private static void getset(Call call) {
        long old = call.find(1, Record.STRING);
        reply(call, old);
        store(call, call.key(1), old, 2, Strings.NO_EXPIRY);
        call.effects()
                .command(call.database().index(), 3)
                .argument(SET_NAME)
                .argument(call.request().address(1), call.request().length(1))
                .argument(call.request().address(2), call.request().length(2));
    }

    private static void mget(Call call) {
        call.reply().array(call.count() - 1);
        for (int i = 1; i < call.count(); i++) {
            Key key = call.key(i);
            long record = call.database().find(key);
            boolean isString = record != 0 && Record.type(record) == Record.STRING;
            call.lookedUp(key, record != 0);
            reply(call, isString ? record : 0);
        }
    }

    private static void mset(Call call) {
        requirePairs(call);
        setPairs(call);
        call.reply().ok();
    }

    private static void msetnx(Call call) {
        requirePairs(call);
        for (int i = 1; i < call.count(); i += 2) {
            if (call.database().find(call.key(i)) != 0) {
                call.reply().integer(0);
                return;
            }
        }
        setPairs(call);
        call.reply().integer(1);
    }

    private static void requirePairs(Call call) {
        if (call.count() % 2 == 0) {
            throw Errors.wrongArity(call.command().fullName());
        }
    }

    private static void setPairs(Call call) {
        for (int i = 1; i < call.count(); i += 2) {
            Key key = call.key(i);
            store(call, key, call.database().find(key), i + 1, Strings.NO_EXPIRY);
        }
    }

    private static void store(Call call, Key key, long old, int valueAt, long expiry) {
        Strings.set(
                call.database(),
                key,
                old,
                call.request().address(valueAt),
                call.request().length(valueAt),
                expiry);
        call.touched(key);
        call.event(EventClass.STRING, "set", key);
        if (expiry >= 0) {
            call.event(EventClass.GENERIC, "expire", key);
        }
    }

    private static void setEffect(Call call, int valueAt, long expiry) {
        call.effects()
                .command(call.database().index(), 5)
                .argument(SET_NAME)
                .argument(call.request().address(1), call.request().length(1))
                .argument(call.request().address(valueAt), call.request().length(valueAt))
                .argument(PXAT)
                .argument(expiry);
    }

    private static void effectWithoutGet(Call call) {
        int gets = 0;
        for (int i = 3; i < call.count(); i++) {
            gets += call.is(i, "GET") ? 1 : 0;
        }
        call.effects().command(call.database().index(), call.count() - gets);
        for (int i = 0; i < call.count(); i++) {
            if (i < 3 || !call.is(i, "GET")) {
                call.effects().argument(call.request().address(i), call.request().length(i));
            }
        }
    }

    private static void reply(Call call, long record) {
        if (record == 0) {
            call.reply().nullBulk();
        } else if (Record.encoding(record) == Record.INT) {
            call.reply().bulkInteger(Record.number(record));
        } else {
            StringText text = call.stringOf(record);
            call.reply().bulk(text.address(), text.length());
        }
    }
}
