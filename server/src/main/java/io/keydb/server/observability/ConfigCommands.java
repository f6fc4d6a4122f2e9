package io.keydb.server.observability;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.config.ChangeRefused;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Configuration.Assignment;
import io.keydb.server.config.Directive;
import io.keydb.server.config.FileError;
import io.keydb.server.resp.Request;
import io.keydb.server.support.GlobPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CONFIG: reads and changes directives while the server runs, writes them back to the file, and
 * sets the counters to zero.
 *
 * <p>CONFIG SET and CONFIG REWRITE run on a worker: a hook may open a socket, a disk may be slow.
 */
public final class ConfigCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigCommands.class);
    private static final CommandError NO_FILE =
            new CommandError("ERR The server is running without a config file");

    private final Configuration configuration;
    private final Parts parts;
    private final List<Command> all;

    /**
     * What CONFIG needs of the server.
     *
     * @param file the configuration file, if there is one
     * @param conditions whether the server is loading
     * @param mayChangeProtected whether this client may change protected directives
     * @param resetCounters what CONFIG RESETSTAT does
     */
    public record Parts(
            Optional<Path> file,
            Conditions conditions,
            Predicate<Client> mayChangeProtected,
            Runnable resetCounters) {}

    public ConfigCommands(Configuration configuration, Parts parts) {
        this.configuration = configuration;
        this.parts = parts;
        this.all =
                List.of(
                        command("CONFIG", SERVER)
                                .since("2.0.0")
                                .arity(-2)
                                .summary("Reads and changes directives.")
                                .complexity("Depends on subcommand.")
                                .subcommands(get(), help(), resetstat(), rewrite(), set())
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
        Directive<?> whole = configuration.directives().find(name);
        if (whole != null) {
            if (!whole.isFileOnly()) {
                spellings.putIfAbsent(name, asked);
            }
            return;
        }
        GlobPattern pattern = GlobPattern.compile(name.getBytes(StandardCharsets.ISO_8859_1));
        for (String each : configuration.directives().names()) {
            if (isShown(each) && pattern.matches(each.getBytes(StandardCharsets.ISO_8859_1))) {
                spellings.putIfAbsent(each, each);
            }
        }
    }

    private boolean isShown(String name) {
        Directive<?> directive = configuration.directives().find(name);
        return directive != null && !directive.isFileOnly() && !directive.isHidden();
    }

    private Command set() {
        return command("CONFIG|SET", SERVER)
                .since("2.0.0")
                .arity(-4)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .slow()
                .syntax("parameter value [parameter value ...]")
                .secrets(this::isSecret)
                .summary("Changes directives, all of those named or none.")
                .complexity("O(N) where N is the number of directives named.")
                .changed("7.0.0", "Added the ability to set multiple parameters in one call.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::set);
    }

    /** A value behind the name of a directive that keeps a secret. */
    private boolean isSecret(Request request, int argument) {
        if (argument < 3 || argument % 2 == 0) {
            return false;
        }
        byte[] name = request.bytes(argument - 1);
        Directive<?> directive =
                configuration.directives().find(new String(name, StandardCharsets.ISO_8859_1));
        return directive != null && directive.isSensitive();
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
            configuration.change(assignments, directive -> objection(call.client(), directive));
        } catch (ChangeRefused refused) {
            throw new CommandError("ERR " + refused.text());
        }
        call.reply().ok();
    }

    private @Nullable String objection(Client client, Directive<?> directive) {
        if (directive.isProtected() && !parts.mayChangeProtected().test(client)) {
            return "can't set protected config";
        }
        if (directive.isDeniedWhileLoading() && parts.conditions().holds(Condition.LOADING)) {
            throw Condition.LOADING.error();
        }
        return null;
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
                            parts.resetCounters().run();
                            call.reply().ok();
                        });
    }

    private Command rewrite() {
        return command("CONFIG|REWRITE", SERVER)
                .since("2.8.0")
                .arity(2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .slow()
                .summary("Writes the directives as they are now to the configuration file.")
                .complexity("O(1)")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::rewrite);
    }

    private void rewrite(Call call) {
        Path file = parts.file().orElseThrow(() -> NO_FILE);
        try {
            configuration.rewrite(file);
        } catch (IOException failed) {
            String reason = FileError.reason(failed);
            LOG.warn("CONFIG REWRITE failed: {}", reason);
            throw new CommandError("ERR Rewriting config file: " + reason);
        }
        LOG.info("CONFIG REWRITE executed with success.");
        call.reply().ok();
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
                                        "    Reset statistics reported by the INFO command.",
                                        "REWRITE",
                                        "    Rewrite the configuration file."));
    }
}
