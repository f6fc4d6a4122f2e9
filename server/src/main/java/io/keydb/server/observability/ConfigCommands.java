package io.keydb.server.observability;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.config.ChangeRefused;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Configuration.Assignment;
import io.keydb.server.config.Directive;
import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * CONFIG: reads and changes directives while the server runs, and sets the counters to zero.
 *
 * <p>CONFIG SET runs on a worker: a hook may open a socket.
 */
public final class ConfigCommands {
    private final Configuration configuration;
    private final Runnable resetCounters;
    private final List<Command> all;

    /**
     * @param resetCounters what CONFIG RESETSTAT does
     */
    public ConfigCommands(Configuration configuration, Runnable resetCounters) {
        this.configuration = configuration;
        this.resetCounters = resetCounters;
        this.all =
                List.of(
                        command("CONFIG", SERVER)
                                .since("2.0.0")
                                .arity(-2)
                                .summary("Reads and changes directives.")
                                .complexity("Depends on subcommand.")
                                .subcommands(get(), help(), resetstat(), set())
                                .container());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private Command get() {
        return command("CONFIG|GET", SERVER)
                .since("2.0.0")
                .arity(-3)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("parameter [parameter ...]")
                .summary("Gives the values of directives.")
                .complexity("O(N) where N is the number of directives.")
                .changed(
                        "7.0.0",
                        "Added the ability to pass multiple pattern parameters in one call")
                .handledBy(this::get);
    }

    private void get(Call call) {
        Map<String, String> spellings = new LinkedHashMap<>();
        for (int i = 2; i < call.count(); i++) {
            find(call.text(i), spellings);
        }
        call.reply().map(spellings.size());
        spellings.forEach(
                (name, spelling) -> {
                    call.reply().bulk(spelling);
                    call.reply().bulk(value(name).getBytes(StandardCharsets.UTF_8));
                });
    }

    private String value(String name) {
        Directive<?> directive = configuration.directives().find(name);
        return directive == null ? "" : configuration.text(directive);
    }

    /** Names in lower case, each as it is told: as it was first asked for, as stock does. */
    private void find(String asked, Map<String, String> spellings) {
        String name = asked.toLowerCase(Locale.ROOT);
        if (configuration.directives().find(name) != null) {
            spellings.putIfAbsent(name, asked);
            return;
        }
        GlobPattern pattern = GlobPattern.compile(name.getBytes(StandardCharsets.ISO_8859_1));
        for (String each : configuration.directives().names()) {
            if (pattern.matches(each.getBytes(StandardCharsets.ISO_8859_1))) {
                spellings.putIfAbsent(each, each);
            }
        }
    }

    private Command set() {
        return command("CONFIG|SET", SERVER)
                .since("2.0.0")
                .arity(-4)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .slow()
                .syntax("parameter value [parameter value ...]")
                .summary("Changes directives, all of those named or none.")
                .complexity("O(N) where N is the number of directives named.")
                .changed("7.0.0", "Added the ability to set multiple parameters in one call.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::set);
    }

    private void set(Call call) {
        if (call.count() % 2 != 0) {
            throw Errors.SYNTAX;
        }
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 2; i < call.count(); i += 2) {
            assignments.add(new Assignment(call.text(i), utf8(call, i + 1)));
        }
        try {
            configuration.change(assignments);
        } catch (ChangeRefused refused) {
            throw new CommandError("ERR " + refused.text());
        }
        call.reply().ok();
    }

    private static String utf8(Call call, int argument) {
        return new String(call.request().bytes(argument), StandardCharsets.UTF_8);
    }

    private Command resetstat() {
        return command("CONFIG|RESETSTAT", SERVER)
                .since("2.0.0")
                .arity(2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .summary("Sets the counters of INFO to zero.")
                .complexity("O(1)")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(
                        call -> {
                            resetCounters.run();
                            call.reply().ok();
                        });
    }

    private static Command help() {
        return command("CONFIG|HELP", SERVER)
                .since("5.0.0")
                .arity(2)
                .flags(LOADING, STALE)
                .summary("Tells what the subcommands do.")
                .complexity("O(1)")
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "CONFIG",
                                        "GET <pattern>",
                                        "    Return parameters matching the glob-like <pattern> and"
                                                + " their values.",
                                        "SET <directive> <value>",
                                        "    Set the configuration <directive> to <value>.",
                                        "RESETSTAT",
                                        "    Reset statistics reported by the INFO command."));
    }
}
