package io.keydb.server.observability.trace;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.HelpText;
import java.util.List;

/** SLOWLOG: the commands that took long. */
public final class SlowLogCommands {
    private static final long DEFAULT_COUNT = 10;
    private static final CommandError WRONG_COUNT =
            new CommandError("ERR count should be greater than or equal to -1");

    private final SlowLog log;
    private final List<Command> all;

    public SlowLogCommands(SlowLog log) {
        this.log = log;
        this.all =
                List.of(
                        command("SLOWLOG", SERVER)
                                .since("2.2.12")
                                .arity(-2)
                                .summary("Shows the commands that took long.")
                                .complexity("Depends on subcommand.")
                                .subcommands(get(), help(), len(), reset())
                                .container());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private Command get() {
        return command("SLOWLOG|GET", SERVER)
                .since("2.2.12")
                .arity(-2)
                .flags(ADMIN, LOADING, STALE)
                .syntax("[count]")
                .summary("Shows the latest commands that took long.")
                .complexity("O(N) where N is the number of entries returned")
                .changed("4.0.0", "Added client IP address, port and name to the reply.")
                .tips("request_policy:all_nodes", "nondeterministic_output")
                .handledBy(this::get);
    }

    private void get(Call call) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        long count = DEFAULT_COUNT;
        if (call.count() == 3) {
            count = call.integer(2, WRONG_COUNT);
            if (count < -1) {
                throw WRONG_COUNT;
            }
        }
        List<SlowLog.Entry> entries = log.latest(count);
        call.reply().array(entries.size());
        entries.forEach(entry -> reply(call, entry));
    }

    private static void reply(Call call, SlowLog.Entry entry) {
        call.reply().array(6);
        call.reply().integer(entry.id());
        call.reply().integer(entry.seconds());
        call.reply().integer(entry.micros());
        call.reply().array(entry.arguments().size());
        entry.arguments().forEach(argument -> call.reply().bulk(argument));
        call.reply().bulk(entry.address());
        call.reply().bulk(entry.name());
    }

    private Command len() {
        return command("SLOWLOG|LEN", SERVER)
                .since("2.2.12")
                .arity(2)
                .flags(ADMIN, LOADING, STALE)
                .summary("Tells how many commands are in the slow log.")
                .tips(
                        "request_policy:all_nodes",
                        "response_policy:agg_sum",
                        "nondeterministic_output")
                .handledBy(call -> call.reply().integer(log.length()));
    }

    private Command reset() {
        return command("SLOWLOG|RESET", SERVER)
                .since("2.2.12")
                .arity(2)
                .flags(ADMIN, LOADING, STALE)
                .summary("Empties the slow log.")
                .complexity("O(N) where N is the number of entries in the slowlog")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(
                        call -> {
                            log.clear();
                            call.reply().ok();
                        });
    }

    private static Command help() {
        return command("SLOWLOG|HELP", SERVER)
                .since("6.2.0")
                .arity(2)
                .flags(LOADING, STALE)
                .summary("Tells what the subcommands do.")
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "SLOWLOG",
                                        "GET [<count>]",
                                        "    Return top <count> entries from the slowlog (default:"
                                                + " 10, -1 mean all).",
                                        "    Entries are made of:",
                                        "    id, timestamp, time in microseconds, arguments array,"
                                                + " client IP and port,",
                                        "    client name",
                                        "LEN",
                                        "    Return the length of the slowlog.",
                                        "RESET",
                                        "    Reset the slowlog."));
    }
}
