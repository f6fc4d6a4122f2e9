package io.keydb.server.command.transaction;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.SKIP_SLOWLOG;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.TRANSACTIONS;
import static io.keydb.server.command.KeyFlag.RO;

import io.keydb.server.client.Transaction;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.KeySpec;
import io.keydb.server.command.Locking;
import java.util.List;

/**
 * Transactions: a queue of commands that runs as one unit, optionally only when watched keys have
 * not changed.
 */
public final class TransactionCommands {
    private static final CommandError NESTED =
            new CommandError("ERR MULTI calls can not be nested");
    private static final CommandError WATCH_INSIDE =
            new CommandError("ERR WATCH inside MULTI is not allowed");
    private static final CommandError DISCARD_OUTSIDE =
            new CommandError("ERR DISCARD without MULTI");

    static final Command MULTI =
            command("MULTI", TRANSACTIONS)
                    .since("1.2.0")
                    .arity(1)
                    .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
                    .neverQueued()
                    .summary("Begins a transaction: the commands that follow are queued.")
                    .handledBy(TransactionCommands::multi);

    static final Command EXEC =
            command("EXEC", TRANSACTIONS)
                    .since("1.2.0")
                    .arity(1)
                    .flags(NOSCRIPT, LOADING, STALE, SKIP_SLOWLOG)
                    .neverQueued()
                    .locking(Locking.QUEUE)
                    .summary("Runs the queued commands as one unit.")
                    .complexity("Depends on the commands of the transaction.")
                    .handledBy(
                            call -> {
                                throw new IllegalStateException("run by the engine");
                            });

    static final Command DISCARD =
            command("DISCARD", TRANSACTIONS)
                    .since("2.0.0")
                    .arity(1)
                    .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
                    .neverQueued()
                    .summary("Drops the queued commands and forgets the watched keys.")
                    .complexity("O(N), when N is the number of queued commands.")
                    .handledBy(TransactionCommands::discard);

    static final Command WATCH =
            command("WATCH", TRANSACTIONS)
                    .since("2.2.0")
                    .arity(-2)
                    .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
                    .keys(KeySpec.range(1, -1, 1, RO))
                    .neverQueued()
                    .syntax("key [key ...]")
                    .summary("Makes the next EXEC depend on these keys not having changed.")
                    .complexity("O(1) for every key.")
                    .handledBy(TransactionCommands::watch);

    static final Command UNWATCH =
            command("UNWATCH", TRANSACTIONS)
                    .since("2.2.0")
                    .arity(1)
                    .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
                    .summary("Forgets all watched keys.")
                    .handledBy(TransactionCommands::unwatch);

    /** All commands of the family. */
    public static final List<Command> ALL = List.of(MULTI, EXEC, DISCARD, WATCH, UNWATCH);

    private TransactionCommands() {}

    private static void multi(Call call) {
        Transaction transaction = call.client().transaction();
        if (transaction.isOpen()) {
            throw NESTED;
        }
        transaction.open(call.keyspace().pages());
        call.reply().ok();
    }

    private static void discard(Call call) {
        Transaction transaction = call.client().transaction();
        if (!transaction.isOpen()) {
            throw DISCARD_OUTSIDE;
        }
        transaction.close();
        transaction.unwatchAll();
        call.reply().ok();
    }

    private static void watch(Call call) {
        Transaction transaction = call.client().transaction();
        if (transaction.isOpen()) {
            throw WATCH_INSIDE;
        }
        for (int i = 1; i < call.count(); i++) {
            transaction.watch(call.database(), call.key(i));
        }
        call.reply().ok();
    }

    private static void unwatch(Call call) {
        if (!call.inTransaction()) {
            call.client().transaction().unwatchAll();
        }
        call.reply().ok();
    }
}
