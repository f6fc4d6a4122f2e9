package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ExpiryTime;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.structure.Record;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** When keys expire. */
public final class ExpiryCommands {
    private static final byte[] PEXPIREAT_NAME = "PEXPIREAT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEL_NAME = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final CommandError NX_WITH_OTHERS =
            new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
    private static final CommandError GT_WITH_LT =
            new CommandError("ERR GT and LT options at the same time are not compatible");

    static final Command EXPIRE =
            setting("EXPIRE", "seconds", "Sets in how many seconds a key expires.")
                    .changed("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
                    .handledBy(call -> expire(call, ExpiryTime.SECONDS_FROM_NOW));

    static final Command PEXPIRE =
            setting("PEXPIRE", "milliseconds", "Sets in how many milliseconds a key expires.")
                    .since("2.6.0")
                    .changed("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
                    .handledBy(call -> expire(call, ExpiryTime.MILLIS_FROM_NOW));

    static final Command EXPIREAT =
            setting("EXPIREAT", "unix-time-seconds", "Sets the second at which a key expires.")
                    .since("1.2.0")
                    .changed("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
                    .handledBy(call -> expire(call, ExpiryTime.SECONDS));

    static final Command PEXPIREAT =
            setting(
                            "PEXPIREAT",
                            "unix-time-milliseconds",
                            "Sets the millisecond at which a key expires.")
                    .since("2.6.0")
                    .changed("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
                    .handledBy(call -> expire(call, ExpiryTime.MILLIS));

    static final Command TTL =
            telling("TTL", "Tells in how many seconds a key or a member of it expires.")
                    .arity(-2)
                    .syntax("key [member]")
                    .changed("2.8.0", "Added the -2 reply.")
                    .tips("nondeterministic_output")
                    .handledBy(call -> tell(call, 1000, true));

    static final Command PTTL =
            telling("PTTL", "Tells in how many milliseconds a key or a member of it expires.")
                    .arity(-2)
                    .syntax("key [member]")
                    .since("2.6.0")
                    .changed("2.8.0", "Added the -2 reply.")
                    .tips("nondeterministic_output")
                    .handledBy(call -> tell(call, 1, true));

    static final Command EXPIRETIME =
            telling("EXPIRETIME", "Tells the second at which a key expires.")
                    .since("7.0.0")
                    .handledBy(call -> tell(call, 1000, false));

    static final Command PEXPIRETIME =
            telling("PEXPIRETIME", "Tells the millisecond at which a key expires.")
                    .since("7.0.0")
                    .handledBy(call -> tell(call, 1, false));

    static final Command PERSIST =
            command("PERSIST", GENERIC)
                    .since("2.2.0")
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key [member]")
                    .summary("Makes a key last for ever, or one member of a collection.")
                    .handledBy(ExpiryCommands::persist);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    EXPIRE,
                    PEXPIRE,
                    EXPIREAT,
                    PEXPIREAT,
                    TTL,
                    PTTL,
                    EXPIRETIME,
                    PEXPIRETIME,
                    PERSIST);

    private ExpiryCommands() {}

    private static Command.Builder setting(String name, String unit, String summary) {
        return command(name, GENERIC)
                .arity(-3)
                .flags(WRITE, FAST)
                .keys(at(1, RW, UPDATE))
                .syntax("key " + unit + " [NX | XX | GT | LT]")
                .summary(summary);
    }

    private static Command.Builder telling(String name, String summary) {
        return command(name, GENERIC)
                .arity(2)
                .flags(READONLY, FAST)
                .keys(at(1, RO, ACCESS))
                .syntax("key")
                .summary(summary);
    }

    private static void expire(Call call, ExpiryTime time) {
        int options = options(call);
        long expiry = time.unixMillis(call, 2);
        Key key = call.key(1);
        Database database = call.database();
        long record = database.find(key);
        if (record == 0 || !allowed(options, record, expiry)) {
            call.reply().integer(0);
            return;
        }
        if (expiry <= call.nowMillis() && !call.client().isPrimary()) {
            database.remove(key, record);
            call.event(EventClass.GENERIC, "del", key);
            call.effects()
                    .command(database.index(), 2)
                    .argument(DEL_NAME)
                    .argument(key.address(), key.length());
        } else {
            database.setExpiry(key, record, expiry);
            call.event(EventClass.GENERIC, "expire", key);
            call.effects()
                    .command(database.index(), 3)
                    .argument(PEXPIREAT_NAME)
                    .argument(key.address(), key.length())
                    .argument(expiry);
        }
        call.touched(key);
        call.reply().integer(1);
    }

    private static final int NX = 1;
    private static final int XX = 2;
    private static final int GT = 4;
    private static final int LT = 8;

    private static int options(Call call) {
        int options = 0;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "NX")) {
                options |= NX;
            } else if (call.is(i, "XX")) {
                options |= XX;
            } else if (call.is(i, "GT")) {
                options |= GT;
            } else if (call.is(i, "LT")) {
                options |= LT;
            } else {
                throw new CommandError("ERR Unsupported option " + call.text(i));
            }
        }
        if ((options & NX) != 0 && (options & (XX | GT | LT)) != 0) {
            throw NX_WITH_OTHERS;
        }
        if ((options & GT) != 0 && (options & LT) != 0) {
            throw GT_WITH_LT;
        }
        return options;
    }

    /** Whether the options let a record get this expiry; no expiry counts as later than any. */
    private static boolean allowed(int options, long record, long expiry) {
        boolean expires = Record.hasExpiry(record);
        long current = expires ? Record.expiry(record) : Long.MAX_VALUE;
        return ((options & NX) == 0 || !expires)
                && ((options & XX) == 0 || expires)
                && ((options & GT) == 0 || (expires && expiry > current))
                && ((options & LT) == 0 || !expires || expiry < current);
    }

    private static void tell(Call call, long millisPerUnit, boolean relative) {
        requireOneMember(call);
        Key key = call.key(1);
        long record = call.database().peek(key);
        call.lookedUp(key, record != 0);
        if (record == 0) {
            call.reply().integer(-2);
            return;
        }
        long expiry =
                call.count() == 3
                        ? MemberExpiryCommands.expiry(call, call.entry(call.database(), key))
                        : Record.expiry(record);
        if (expiry == -1) {
            call.reply().integer(-1);
        } else {
            long millis = relative ? Math.max(0, expiry - call.nowMillis()) : expiry;
            // Rounded to the nearest unit, without a sum that could be too large.
            boolean up = millisPerUnit > 1 && millis % millisPerUnit >= millisPerUnit / 2;
            call.reply().integer(millis / millisPerUnit + (up ? 1 : 0));
        }
    }

    private static void requireOneMember(Call call) {
        if (call.count() > 3) {
            throw Errors.wrongArity(call.command().fullName());
        }
    }

    private static void persist(Call call) {
        requireOneMember(call);
        Key key = call.key(1);
        if (call.count() == 3) {
            Entry entry = call.entry(call.database(), key);
            call.reply().integer(MemberExpiryCommands.persist(call, entry) ? 1 : 0);
            return;
        }
        long record = call.database().find(key);
        boolean expires = record != 0 && Record.hasExpiry(record);
        if (expires) {
            call.database().persist(key, record);
            call.touched(key);
            call.event(EventClass.GENERIC, "persist", key);
        }
        call.reply().integer(expires ? 1 : 0);
    }
}
