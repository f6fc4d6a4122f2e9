package io.keydb.server.scripting;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SCRIPTING;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.HelpText;
import java.util.List;

/**
 * SCRIPT: the cache of scripts, and the end of one that runs.
 *
 * <p>Threads: immutable.
 */
public final class ScriptCommands {
    private static final CommandError WRONG_FLUSH =
            new CommandError("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
    private static final CommandError WRONG_DEBUG =
            new CommandError("ERR Use SCRIPT DEBUG YES/SYNC/NO");
    private static final CommandError NO_DEBUGGER =
            new CommandError("ERR this server has no debugger for scripts");

    private final Scripts scripts;
    private final RunningScript running;

    ScriptCommands(Scripts scripts, RunningScript running) {
        this.scripts = scripts;
        this.running = running;
    }

    /** All commands. */
    public List<Command> all() {
        return List.of(
                command("SCRIPT", SCRIPTING)
                        .since("2.6.0")
                        .arity(-2)
                        .summary("Commands about scripts.")
                        .complexity("Depends on the subcommand.")
                        .subcommands(load(), exists(), flush(), kill(), debug(), help())
                        .container());
    }

    private Command load() {
        return command("SCRIPT|LOAD", SCRIPTING)
                .since("2.6.0")
                .arity(3)
                .flags(NOSCRIPT, STALE)
                .script()
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .syntax("script")
                .summary("Keeps a script without running it.")
                .complexity("O(N) with N being the length in bytes of the script body.")
                .handledBy(call -> call.reply().bulk(scripts.load(call.request(), 2).digest()));
    }

    private Command exists() {
        return command("SCRIPT|EXISTS", SCRIPTING)
                .since("2.6.0")
                .arity(-3)
                .flags(NOSCRIPT)
                .tips("request_policy:all_shards", "response_policy:agg_logical_and")
                .syntax("sha1 [sha1 ...]")
                .summary("Tells which scripts the server has.")
                .complexity("O(N) with N being the number of scripts to check.")
                .handledBy(this::exists);
    }

    private void exists(Call call) {
        call.reply().array(call.count() - 2L);
        for (int i = 2; i < call.count(); i++) {
            call.reply().integer(scripts.contains(call.text(i)) ? 1 : 0);
        }
    }

    private Command flush() {
        return command("SCRIPT|FLUSH", SCRIPTING)
                .since("2.6.0")
                .arity(-2)
                .flags(NOSCRIPT)
                .script()
                .changed("6.2.0", "Added the `ASYNC` and `SYNC` flushing mode modifiers.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .syntax("[ASYNC | SYNC]")
                .summary("Forgets all scripts.")
                .complexity("O(N) with N being the number of scripts in cache")
                .handledBy(this::flush);
    }

    private void flush(Call call) {
        if (call.count() > 3
                || (call.count() == 3 && !call.is(2, "SYNC") && !call.is(2, "ASYNC"))) {
            throw WRONG_FLUSH;
        }
        scripts.flush();
        call.reply().ok();
    }

    private Command kill() {
        return command("SCRIPT|KILL", SCRIPTING)
                .since("2.6.0")
                .arity(2)
                .flags(NOSCRIPT, ALLOW_BUSY)
                .tips("request_policy:all_shards", "response_policy:one_succeeded")
                .summary("Ends the script that runs, unless it has written.")
                .handledBy(
                        call -> {
                            running.kill(call, ScriptRun.Kind.SCRIPT);
                            call.reply().ok();
                        });
    }

    private static Command debug() {
        return command("SCRIPT|DEBUG", SCRIPTING)
                .since("3.2.0")
                .arity(3)
                .flags(NOSCRIPT)
                .syntax("<YES | SYNC | NO>")
                .summary("Sets the debug mode of scripts, of which there is none here but NO.")
                .handledBy(ScriptCommands::debug);
    }

    private static void debug(Call call) {
        if (call.is(2, "YES") || call.is(2, "SYNC")) {
            throw NO_DEBUGGER;
        }
        if (!call.is(2, "NO")) {
            throw WRONG_DEBUG;
        }
        call.reply().ok();
    }

    private static Command help() {
        return command("SCRIPT|HELP", SCRIPTING)
                .since("5.0.0")
                .arity(2)
                .flags(LOADING, STALE)
                .summary("Tells what SCRIPT can do.")
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "SCRIPT",
                                        "DEBUG (YES|SYNC|NO)",
                                        "    Set the debug mode for subsequent scripts executed.",
                                        "EXISTS <sha1> [<sha1> ...]",
                                        "    Return information about the existence of the"
                                                + " scripts in the script cache.",
                                        "FLUSH [ASYNC|SYNC]",
                                        "    Flush the Lua scripts cache. Very dangerous on"
                                                + " replicas.",
                                        "    When called without the optional mode argument, the"
                                                + " behavior is determined by the",
                                        "    lazyfree-lazy-user-flush configuration directive."
                                                + " Valid modes are:",
                                        "    * ASYNC: Asynchronously flush the scripts cache.",
                                        "    * SYNC: Synchronously flush the scripts cache.",
                                        "KILL",
                                        "    Kill the currently executing Lua script.",
                                        "LOAD <script>",
                                        "    Load a script into the scripts cache without"
                                                + " executing it."));
    }
}
