package io.keydb.server.shutdown;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_MULTI;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Errors;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SHUTDOWN.
 *
 * <p>Threads: its handler runs on event loops.
 */
final class ShutdownCommand {
    private static final CommandError NONE = new CommandError("ERR No shutdown in progress.");
    private static final CommandError CANNOT_WAIT =
            new CommandError(
                    "ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client");

    private final Shutdown shutdown;
    private final Conditions conditions;

    ShutdownCommand(Shutdown shutdown, Conditions conditions) {
        this.shutdown = shutdown;
        this.conditions = conditions;
    }

    Command declared() {
        return command("SHUTDOWN", SERVER)
                .arity(-1)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE, NO_MULTI, ALLOW_BUSY)
                .syntax("[[NOSAVE | SAVE] [NOW] [FORCE] [ABORT] | SOFT]")
                .summary("Saves the data if that is configured or asked for, and ends the server.")
                .complexity(
                        "O(N) when saving, where N is the total number of keys in all databases"
                                + " when saving data, otherwise O(1)")
                .changed("7.0.0", "Added the `NOW`, `FORCE` and `ABORT` modifiers.")
                .handledBy(this::run);
    }

    private void run(Call call) {
        Set<ShutdownOption> options = EnumSet.noneOf(ShutdownOption.class);
        boolean aborts = false;
        boolean soft = false;
        for (int i = 1; i < call.count(); i++) {
            ShutdownOption option = option(call, i);
            if (option != null) {
                options.add(option);
            } else if (call.is(i, "ABORT")) {
                aborts = true;
            } else if (call.is(i, "SOFT")) {
                soft = true;
            } else {
                throw Errors.SYNTAX;
            }
        }
        boolean isCombined = (aborts || soft) && (!options.isEmpty() || (aborts && soft));
        if (isCombined || ShutdownOption.isContradiction(options)) {
            throw Errors.SYNTAX;
        }
        if (aborts) {
            abort(call);
        } else if (soft) {
            shutdown.beginSoft();
            call.reply().ok();
        } else {
            begin(call, options);
        }
    }

    private static @Nullable ShutdownOption option(Call call, int argument) {
        for (ShutdownOption option : ShutdownOption.values()) {
            if (call.is(argument, option.name())) {
                return option;
            }
        }
        return null;
    }

    private void abort(Call call) {
        if (!shutdown.abort()) {
            throw NONE;
        }
        call.reply().ok();
    }

    private void begin(Call call, Set<ShutdownOption> options) {
        if (call.client().connection() == null) {
            throw CANNOT_WAIT;
        }
        if (!options.contains(ShutdownOption.NOSAVE)) {
            refuseWhileBusy();
        }
        shutdown.begin(call.client(), options);
    }

    /** Saving would have to wait for the script. */
    private void refuseWhileBusy() {
        if (conditions.holds(Condition.BUSY_SCRIPT)) {
            throw Condition.BUSY_SCRIPT.error();
        }
        if (conditions.holds(Condition.BUSY_FUNCTION)) {
            throw Condition.BUSY_FUNCTION.error();
        }
    }
}
