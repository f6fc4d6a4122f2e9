package io.keydb.server.command.hash;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HASH;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ExpiryTime;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Members;
import io.keydb.server.value.hash.HashValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** When fields of hashes expire. */
public final class FieldExpiryCommands {
    private static final CommandError NEGATIVE_TIME =
            new CommandError("ERR invalid expire time, must be >= 0");
    private static final CommandError NO_FIELDS =
            new CommandError(
                    "ERR Mandatory argument FIELDS is missing or not at the right position");
    private static final CommandError WRONG_NUMBER =
            new CommandError("ERR The `numfields` parameter must match the number of arguments");
    private static final CommandError NUMBER_BELOW_ONE =
            new CommandError("ERR Parameter `numFields` should be greater than 0");
    private static final CommandError NUMBER_NOT_POSITIVE =
            new CommandError("ERR Number of fields must be a positive integer");

    private static final byte[] HPEXPIREAT_NAME = ascii("HPEXPIREAT");
    private static final byte[] HDEL_NAME = ascii("HDEL");
    private static final byte[] FIELDS = ascii("FIELDS");

    /** The latest time: 2^46 milliseconds. */
    private static final long LATEST = (1L << 46) - 1;

    private static final int NO_FIELD = -2;
    private static final int NO_EXPIRY = -1;
    private static final int CONDITION_NOT_MET = 0;
    private static final int SET = 1;
    private static final int REMOVED = 2;

    static final Command HEXPIRE =
            setting("HEXPIRE", "seconds", "Sets in how many seconds fields expire.")
                    .handledBy(call -> expire(call, ExpiryTime.SECONDS_FROM_NOW));

    static final Command HPEXPIRE =
            setting("HPEXPIRE", "milliseconds", "Sets in how many milliseconds fields expire.")
                    .handledBy(call -> expire(call, ExpiryTime.MILLIS_FROM_NOW));

    static final Command HEXPIREAT =
            setting("HEXPIREAT", "unix-time-seconds", "Sets the second at which fields expire.")
                    .handledBy(call -> expire(call, ExpiryTime.SECONDS));

    static final Command HPEXPIREAT =
            setting(
                            "HPEXPIREAT",
                            "unix-time-milliseconds",
                            "Sets the millisecond at which fields expire.")
                    .handledBy(call -> expire(call, ExpiryTime.MILLIS));

    static final Command HTTL =
            telling("HTTL", "Tells in how many seconds fields expire.")
                    .tips("nondeterministic_output")
                    .handledBy(call -> tell(call, 1000, true));

    static final Command HPTTL =
            telling("HPTTL", "Tells in how many milliseconds fields expire.")
                    .tips("nondeterministic_output")
                    .handledBy(call -> tell(call, 1, true));

    static final Command HEXPIRETIME =
            telling("HEXPIRETIME", "Tells the second at which fields expire.")
                    .handledBy(call -> tell(call, 1000, false));

    static final Command HPEXPIRETIME =
            telling("HPEXPIRETIME", "Tells the millisecond at which fields expire.")
                    .handledBy(call -> tell(call, 1, false));

    static final Command HPERSIST =
            command("HPERSIST", HASH)
                    .since("7.4.0")
                    .arity(-5)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key FIELDS numfields field [field ...]")
                    .summary("Makes fields last for ever.")
                    .complexity("O(N) where N is the number of specified fields")
                    .handledBy(FieldExpiryCommands::persist);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    HEXPIRE,
                    HPEXPIRE,
                    HEXPIREAT,
                    HPEXPIREAT,
                    HTTL,
                    HPTTL,
                    HEXPIRETIME,
                    HPEXPIRETIME,
                    HPERSIST);

    private FieldExpiryCommands() {}

    private static Command.Builder setting(String name, String unit, String summary) {
        return command(name, HASH)
                .since("7.4.0")
                .arity(-6)
                .flags(WRITE, DENYOOM, FAST)
                .keys(at(1, RW, UPDATE))
                .syntax("key " + unit + " [NX | XX | GT | LT] FIELDS numfields field [field ...]")
                .summary(summary)
                .complexity("O(N) where N is the number of specified fields");
    }

    private static Command.Builder telling(String name, String summary) {
        return command(name, HASH)
                .since("7.4.0")
                .arity(-5)
                .flags(READONLY, FAST)
                .keys(at(1, RO, ACCESS))
                .syntax("key FIELDS numfields field [field ...]")
                .summary(summary)
                .complexity("O(N) where N is the number of specified fields");
    }

    /** Under which condition a field gets an expiry; no expiry counts as later than any. */
    private enum When {
        ALWAYS,
        NX,
        XX,
        GT,
        LT;

        boolean holds(long current, long expiry) {
            return switch (this) {
                case ALWAYS -> true;
                case NX -> current < 0;
                case XX -> current >= 0;
                case GT -> current >= 0 && expiry > current;
                case LT -> current < 0 || expiry < current;
            };
        }
    }

    private static void expire(Call call, ExpiryTime time) {
        Entry hash = call.entry(1, Record.HASH);
        long expiry = unixMillis(call, time);
        When when = when(call);
        int first = requireFields(call, when == When.ALWAYS ? 3 : 4, NUMBER_BELOW_ONE);
        call.reply().array(call.count() - first);
        Outcome outcome = new Outcome(call, hash, first);
        for (int i = first; i < call.count(); i++) {
            int result = expire(call, hash, i, expiry, when);
            outcome.note(i, result);
            call.reply().integer(result);
        }
        outcome.write(expiry);
        if (hash.exists() && HashValue.size(hash.record()) == 0) {
            hash.remove();
            call.event(EventClass.GENERIC, "del", hash.key());
        }
    }

    private static long unixMillis(Call call, ExpiryTime time) {
        if (call.integer(2) < 0) {
            throw NEGATIVE_TIME;
        }
        long expiry = time.unixMillis(call, 2);
        if (expiry > LATEST) {
            throw Errors.invalidExpiry(call.command().fullName());
        }
        return expiry;
    }

    private static When when(Call call) {
        for (When when : When.values()) {
            if (when != When.ALWAYS && call.is(3, when.name())) {
                return when;
            }
        }
        return When.ALWAYS;
    }

    /** Checks FIELDS at an argument and the number behind it; gives where the fields begin. */
    private static int requireFields(Call call, int at, CommandError ifNoNumber) {
        if (!call.is(at, "FIELDS")) {
            throw NO_FIELDS;
        }
        // The least number of arguments allows a condition to stand in the place of the number.
        if (at + 1 >= call.count()) {
            throw ifNoNumber;
        }
        long number = call.integer(at + 1, ifNoNumber);
        if (number < 1) {
            throw ifNoNumber;
        }
        if (number != call.count() - at - 2) {
            throw WRONG_NUMBER;
        }
        return at + 2;
    }

    private static int expire(Call call, Entry hash, int i, long expiry, When when) {
        Request request = call.request();
        boolean exists = hash.exists() && HashCommands.get(call, hash, i);
        if (!exists) {
            return NO_FIELD;
        }
        if (!when.holds(expiry(hash, request, i), expiry)) {
            return CONDITION_NOT_MET;
        }
        if (expiry <= call.nowMillis() && !call.client().isPrimary()) {
            HashValue.remove(hash, request.address(i), request.length(i));
            return REMOVED;
        }
        set(hash, request, i, expiry);
        return SET;
    }

    /** Sets when a field expires, which must be there. */
    static void set(Entry hash, Request request, int i, long expiry) {
        HashValue.toTable(hash);
        Members.expire(hash, member(hash, request, i), expiry);
    }

    /** The record of a field, 0 when there is none; only of a table. */
    private static long member(Entry hash, Request request, int i) {
        return Members.find(Record.number(hash.record()), request.address(i), request.length(i));
    }

    /** When the field of argument {@code i} expires, -1 when it does not. */
    static long expiry(Entry hash, Request request, int i) {
        if (!HashValue.isTable(hash.record())) {
            return NO_EXPIRY;
        }
        long member = member(hash, request, i);
        return member == 0 ? NO_EXPIRY : Record.expiry(member);
    }

    private static void tell(Call call, long millisPerUnit, boolean relative) {
        Entry hash = call.entry(1, Record.HASH);
        int first = requireFields(call, 2, NUMBER_NOT_POSITIVE);
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            boolean exists = hash.exists() && HashCommands.get(call, hash, i);
            long expiry = exists ? expiry(hash, call.request(), i) : NO_FIELD;
            if (expiry >= 0) {
                long millis = relative ? Math.max(0, expiry - call.nowMillis()) : expiry;
                expiry = (millis + millisPerUnit - 1) / millisPerUnit;
            }
            call.reply().integer(expiry);
        }
    }

    private static void persist(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        int first = requireFields(call, 2, NUMBER_NOT_POSITIVE);
        call.reply().array(call.count() - first);
        boolean changed = false;
        for (int i = first; i < call.count(); i++) {
            boolean exists = hash.exists() && HashCommands.get(call, hash, i);
            long expiry = exists ? expiry(hash, call.request(), i) : NO_FIELD;
            if (expiry >= 0) {
                Members.persist(hash, member(hash, call.request(), i));
                changed = true;
                expiry = SET;
            }
            call.reply().integer(expiry);
        }
        if (changed) {
            call.touched(hash.key());
            call.event(EventClass.HASH, "hpersist", hash.key());
        }
    }

    /**
     * Leaves to the log when a field expires that was just set without losing its expiry, behind
     * the effect that set it.
     */
    static void effectOfKeptExpiry(Call call, Entry hash, int i) {
        long expiry = expiry(hash, call.request(), i);
        if (expiry >= 0) {
            Effects effects = call.effects();
            effects.command(call.database().index(), 6).argument(HPEXPIREAT_NAME);
            effects.argument(hash.key().address(), hash.key().length()).argument(expiry);
            effects.argument(FIELDS).argument(1);
            effects.argument(call.request().address(i), call.request().length(i));
        }
    }

    /** What became of each field, for the log: HPEXPIREAT of those set, HDEL of those removed. */
    private static final class Outcome {
        private final Call call;
        private final Entry hash;
        private final int first;
        private final byte[] results;
        private int set;
        private int removed;

        Outcome(Call call, Entry hash, int first) {
            this.call = call;
            this.hash = hash;
            this.first = first;
            this.results = new byte[call.count() - first];
        }

        void note(int i, int result) {
            results[i - first] = (byte) result;
            set += result == SET ? 1 : 0;
            removed += result == REMOVED ? 1 : 0;
        }

        void write(long expiry) {
            if (set + removed == 0) {
                return;
            }
            call.touched(hash.key(), set + removed);
            Effects effects = call.effects();
            if (removed > 0) {
                call.event(EventClass.HASH, "hdel", hash.key());
                effects.command(call.database().index(), 2 + removed).argument(HDEL_NAME);
                effects.argument(hash.key().address(), hash.key().length());
                fields(REMOVED);
            }
            if (set > 0) {
                call.event(EventClass.HASH, "hexpire", hash.key());
                effects.command(call.database().index(), 5 + set).argument(HPEXPIREAT_NAME);
                effects.argument(hash.key().address(), hash.key().length()).argument(expiry);
                effects.argument(FIELDS).argument(set);
                fields(SET);
            }
        }

        private void fields(int result) {
            Request request = call.request();
            for (int i = 0; i < results.length; i++) {
                if (results[i] == result) {
                    call.effects().argument(request.address(first + i), request.length(first + i));
                }
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
