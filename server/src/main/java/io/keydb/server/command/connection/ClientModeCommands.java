package io.keydb.server.command.connection;

import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;

import io.keydb.server.client.Client;
import io.keydb.server.client.Trait;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.Pause;
import java.util.List;

/** CLIENT REPLY, NO-EVICT and NO-TOUCH, how a client is treated; CLIENT PAUSE and UNPAUSE. */
final class ClientModeCommands {
    private static final CommandError PAUSE_MODE =
            new CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL");

    private final Pause pause;

    ClientModeCommands(Pause pause) {
        this.pause = pause;
    }

    List<Command> all() {
        return List.of(reply(), noEvict(), noTouch(), pause(), unpause());
    }

    private static Command reply() {
        return ClientCommands.subcommand("REPLY", "3.2.0", "Whether the client hears replies.")
                .arity(3)
                .syntax("<ON | OFF | SKIP>")
                .handledBy(ClientModeCommands::reply);
    }

    private static void reply(Call call) {
        Client client = call.client();
        if (call.is(2, "ON")) {
            client.set(Trait.HEARS_NO_REPLIES, false);
            client.set(Trait.SKIPS_REPLY, false);
            call.reply().discarding(false);
            call.reply().ok();
        } else if (call.is(2, "OFF")) {
            client.set(Trait.HEARS_NO_REPLIES, true);
            call.reply().discarding(true);
        } else if (call.is(2, "SKIP")) {
            if (!client.has(Trait.HEARS_NO_REPLIES)) {
                client.set(Trait.SKIPS_NEXT_REPLY, true);
            }
        } else {
            throw Errors.SYNTAX;
        }
    }

    private static Command noEvict() {
        return ClientCommands.subcommand(
                        "NO-EVICT", "7.0.0", "Whether it stays when clients take too much memory.")
                .arity(3)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("<ON | OFF>")
                .handledBy(call -> toggle(call, Trait.NOT_EVICTED));
    }

    private static Command noTouch() {
        return ClientCommands.subcommand(
                        "NO-TOUCH", "7.2.0", "Whether reading keys counts as an access of them.")
                .arity(3)
                .syntax("<ON | OFF>")
                .handledBy(call -> toggle(call, Trait.TOUCHES_NOTHING));
    }

    private static void toggle(Call call, Trait trait) {
        boolean on = call.is(2, "ON");
        if (!on && !call.is(2, "OFF")) {
            throw Errors.SYNTAX;
        }
        call.client().set(trait, on);
        call.reply().ok();
    }

    private Command pause() {
        return ClientCommands.subcommand("PAUSE", "2.9.50", "Lets commands wait for a while.")
                .arity(-3)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("timeout [WRITE | ALL]")
                .changed("6.2.0", "`CLIENT PAUSE WRITE` mode added along with the `mode` option.")
                .handledBy(this::pause);
    }

    private void pause(Call call) {
        boolean writesOnly = call.count() == 4 && call.is(3, "WRITE");
        if (call.count() == 4 && !writesOnly && !call.is(3, "ALL")) {
            throw PAUSE_MODE;
        }
        if (call.count() > 4) {
            throw HelpText.unknownSubcommand(call);
        }
        pause.begin(call.timeoutMillis(2), writesOnly);
        call.reply().ok();
    }

    private Command unpause() {
        return ClientCommands.subcommand("UNPAUSE", "6.2.0", "Lets commands wait no longer.")
                .arity(2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .complexity("O(N) Where N is the number of paused clients")
                .handledBy(
                        call -> {
                            pause.end();
                            call.reply().ok();
                        });
    }
}
