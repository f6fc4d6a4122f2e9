package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.HelpText;
import io.keydb.server.keyspace.AccessClock;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Values;
import java.util.List;

/** OBJECT: how a value is kept. */
public final class ObjectCommands {
    private static final long LARGEST_SHARED_INTEGER = 9999;
    private static final String ADJUSTING =
            " Please note that when switching between policies at runtime LRU and LFU data will"
                    + " take some time to adjust.";
    private static final CommandError NO_FREQUENCIES =
            new CommandError(
                    "ERR An LFU maxmemory policy is not selected, access frequency not tracked."
                            + ADJUSTING);
    private static final CommandError NO_IDLE_TIMES =
            new CommandError(
                    "ERR An LFU maxmemory policy is selected, idle time not tracked." + ADJUSTING);

    private static final CommandError NO_STAMPS =
            new CommandError(
                    "ERR active-replica is off, when a key was last changed is not tracked.");

    /** A stamp is a time in milliseconds and a counter of so many bits. */
    private static final int STAMP_COUNTER_BITS = 20;

    static final Command ENCODING =
            asking("ENCODING", "Tells how a value is encoded.")
                    .handledBy(
                            call -> {
                                long record = lookUp(call);
                                if (record != 0) {
                                    call.reply().bulk(Values.encodingName(record));
                                }
                            });

    static final Command FREQ =
            asking("FREQ", "Tells how often a key is accessed, under an LFU policy.")
                    .since("4.0.0")
                    .handledBy(
                            call -> {
                                long record = lookUp(call);
                                if (record != 0) {
                                    call.reply().integer(frequency(call, record));
                                }
                            });

    static final Command IDLETIME =
            asking("IDLETIME", "Tells for how many seconds a key was not accessed.")
                    .handledBy(
                            call -> {
                                long record = lookUp(call);
                                if (record != 0) {
                                    call.reply().integer(idleSeconds(call, record));
                                }
                            });

    static final Command REFCOUNT =
            asking("REFCOUNT", "Tells how many references to a value there are.")
                    .handledBy(ObjectCommands::refcount);

    static final Command LASTMODIFIED =
            asking("LASTMODIFIED", "Tells for how many seconds a key was not changed.")
                    .since("6.0.0")
                    .handledBy(ObjectCommands::lastModified);

    static final Command HELP =
            command("OBJECT|HELP", GENERIC)
                    .since("6.2.0")
                    .arity(2)
                    .flags(LOADING, STALE)
                    .summary("Tells what the subcommands do.")
                    .handledBy(
                            call ->
                                    HelpText.reply(
                                            call,
                                            "OBJECT",
                                            "ENCODING <key>",
                                            "    Return the kind of internal representation used"
                                                    + " in order to store the value",
                                            "    associated with a <key>.",
                                            "FREQ <key>",
                                            "    Return the access frequency index of the <key>."
                                                    + " The returned integer is",
                                            "    proportional to the logarithm of the recent"
                                                    + " access frequency of the key.",
                                            "IDLETIME <key>",
                                            "    Return the idle time of the <key>, that is the"
                                                    + " approximated number of",
                                            "    seconds elapsed since the last access to the"
                                                    + " key.",
                                            "REFCOUNT <key>",
                                            "    Return the number of references of the value"
                                                    + " associated with the specified",
                                            "    <key>."));

    static final Command OBJECT =
            command("OBJECT", GENERIC)
                    .since("2.2.3")
                    .arity(-2)
                    .summary("Tells how a value is kept.")
                    .complexity("Depends on subcommand.")
                    .subcommands(ENCODING, FREQ, HELP, IDLETIME, LASTMODIFIED, REFCOUNT)
                    .container();

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(OBJECT);

    private ObjectCommands() {}

    private static Command.Builder asking(String name, String summary) {
        return command("OBJECT|" + name, GENERIC)
                .since("2.2.3")
                .arity(3)
                .flags(READONLY)
                .keys(at(2, RO))
                .syntax("key")
                .summary(summary)
                .tips("nondeterministic_output");
    }

    /** The record, or 0 after a null reply. */
    private static long lookUp(Call call) {
        long record = call.database().peek(call.key(2));
        if (record == 0) {
            call.reply().nullBulk();
        }
        return record;
    }

    private static long frequency(Call call, long record) {
        AccessClock accesses = call.keyspace().accesses();
        if (!accesses.isCounting()) {
            throw NO_FREQUENCIES;
        }
        return accesses.frequency(record);
    }

    private static long idleSeconds(Call call, long record) {
        AccessClock accesses = call.keyspace().accesses();
        if (accesses.isCounting()) {
            throw NO_IDLE_TIMES;
        }
        return accesses.idleMillis(record) / 1000;
    }

    private static void lastModified(Call call) {
        long record = lookUp(call);
        if (record == 0) {
            return;
        }
        if (!Record.hasStamp(record)) {
            throw NO_STAMPS;
        }
        long changed = Record.stamp(record) >>> STAMP_COUNTER_BITS;
        call.reply().integer(Math.max(0, call.nowMillis() - changed) / 1000);
    }

    private static void refcount(Call call) {
        long record = lookUp(call);
        if (record == 0) {
            return;
        }
        // Stock keeps one object for each small integer and says so with the largest count.
        boolean shared =
                !call.keyspace().accesses().isDecisive()
                        && Record.type(record) == Record.STRING
                        && Record.encoding(record) == Record.INT
                        && Record.number(record) >= 0
                        && Record.number(record) <= LARGEST_SHARED_INTEGER;
        call.reply().integer(shared ? Integer.MAX_VALUE : 1);
    }
}
