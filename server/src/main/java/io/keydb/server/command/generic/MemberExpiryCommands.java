package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ExpiryTime;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** When members of hashes, sets and sorted sets expire, by the names that KeyDB gave. */
public final class MemberExpiryCommands {
    private static final byte[] PEXPIREMEMBERAT_NAME =
            "PEXPIREMEMBERAT".getBytes(StandardCharsets.US_ASCII);
    private static final CommandError INVALID_UNIT = new CommandError("ERR Invalid unit arg");
    private static final CommandError UNSUPPORTED =
            new CommandError("ERR object type is unsupported");

    static final Command EXPIREMEMBER =
            setting("EXPIREMEMBER", "delay [S | MS]", "Sets in what time a member expires.")
                    .arity(-4)
                    .handledBy(MemberExpiryCommands::expiremember);

    static final Command EXPIREMEMBERAT =
            setting(
                            "EXPIREMEMBERAT",
                            "unix-time-seconds",
                            "Sets the second at which a member expires.")
                    .arity(4)
                    .handledBy(call -> expire(call, ExpiryTime.SECONDS));

    static final Command PEXPIREMEMBERAT =
            setting(
                            "PEXPIREMEMBERAT",
                            "unix-time-milliseconds",
                            "Sets the millisecond at which a member expires.")
                    .arity(4)
                    .handledBy(call -> expire(call, ExpiryTime.MILLIS));

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(EXPIREMEMBER, EXPIREMEMBERAT, PEXPIREMEMBERAT);

    private MemberExpiryCommands() {}

    private static Command.Builder setting(String name, String time, String summary) {
        return command(name, GENERIC)
                .since("6.0.0")
                .flags(WRITE, FAST)
                .keys(at(1, RW, UPDATE))
                .syntax("key member " + time)
                .summary(summary)
                .complexity("O(log N) where N is the number of members that expire.");
    }

    private static void expiremember(Call call) {
        call.integer(3);
        if (call.count() > 5) {
            throw Errors.wrongArity(call.command().fullName());
        }
        if (call.count() == 5 && !call.is(4, "S") && !call.is(4, "MS")) {
            throw INVALID_UNIT;
        }
        boolean millis = call.count() == 5 && call.is(4, "MS");
        expire(call, millis ? ExpiryTime.MILLIS_FROM_NOW : ExpiryTime.SECONDS_FROM_NOW);
    }

    private static void expire(Call call, ExpiryTime time) {
        long expiry = time.unixMillis(call, 3);
        Entry entry = call.entry(call.database(), call.key(1));
        if (!entry.exists()) {
            call.reply().integer(0);
            return;
        }
        if (!(Values.of(entry.record()) instanceof CollectionType type)) {
            throw UNSUPPORTED;
        }
        if (!contains(call, entry, type)) {
            call.reply().integer(0);
            return;
        }
        type.toTable(entry);
        long member = member(call, entry);
        if (expiry <= call.nowMillis() && !call.client().isPrimary()) {
            remove(call, entry, type, member);
        } else {
            Members.expire(entry, member, expiry);
            call.effects()
                    .command(call.database().index(), 4)
                    .argument(PEXPIREMEMBERAT_NAME)
                    .argument(entry.key().address(), entry.key().length())
                    .argument(call.request().address(2), call.request().length(2))
                    .argument(expiry);
        }
        call.touched(entry.key());
        call.reply().integer(1);
    }

    private static void remove(Call call, Entry entry, CollectionType type, long member) {
        entry.beforeChange();
        type.remove(entry, member);
        if (type.size(entry.record()) == 0) {
            entry.remove();
        }
        call.effects()
                .command(call.database().index(), 3)
                .argument(type.removal())
                .argument(entry.key().address(), entry.key().length())
                .argument(call.request().address(2), call.request().length(2));
    }

    private static boolean contains(Call call, Entry entry, CollectionType type) {
        Request request = call.request();
        if (!type.contains(entry.record(), request.address(2), request.length(2))) {
            return false;
        }
        return !isTable(entry) || !Members.isExpired(member(call, entry), entry.moment());
    }

    /** The record of the member that argument 2 names, 0 when there is none; only of a table. */
    private static long member(Call call, Entry entry) {
        Request request = call.request();
        return Members.find(Record.number(entry.record()), request.address(2), request.length(2));
    }

    private static boolean isTable(Entry entry) {
        return Record.encoding(entry.record()) == Record.INT;
    }

    /**
     * When the member that argument 2 names expires; -1 when it does not, or there is none, or the
     * key holds no collection.
     */
    static long expiry(Call call, Entry entry) {
        boolean expires =
                Values.of(entry.record()) instanceof CollectionType
                        && Record.membersExpire(entry.record());
        long member = expires ? member(call, entry) : 0;
        boolean visible = member != 0 && !Members.isExpired(member, entry.moment());
        return visible ? Record.expiry(member) : -1;
    }

    /** Lets the member that argument 2 names last for ever; false when it did already. */
    static boolean persist(Call call, Entry entry) {
        if (!entry.exists() || expiry(call, entry) < 0) {
            return false;
        }
        Members.persist(entry, member(call, entry));
        call.touched(entry.key());
        return true;
    }
}
