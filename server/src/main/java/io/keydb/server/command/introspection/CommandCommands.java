package io.keydb.server.command.introspection;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.command.KeySpec;
import io.keydb.server.resp.Request;
import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** COMMAND: which commands there are and what is true of them. */
public final class CommandCommands {
    private static final CommandError INVALID_COMMAND =
            new CommandError("ERR Invalid command specified");
    private static final CommandError INVALID_COUNT =
            new CommandError("ERR Invalid number of arguments specified for command");
    private static final CommandError NO_KEYS =
            new CommandError("ERR The command has no key arguments");
    private static final CommandError INVALID_ARGUMENTS =
            new CommandError("ERR Invalid arguments specified for command");

    private final Supplier<CommandTable> table;
    private final List<Command> all;

    /**
     * @param table the table these commands will be part of, asked for when they run
     */
    public CommandCommands(Supplier<CommandTable> table) {
        this.table = table;
        this.all =
                List.of(
                        command("COMMAND", SERVER)
                                .since("2.8.13")
                                .arity(-1)
                                .flags(LOADING, STALE)
                                .categories(AclCategory.CONNECTION)
                                .summary("Describes all commands.")
                                .complexity("O(N) where N is the total number of commands")
                                .tips("nondeterministic_output_order")
                                .subcommands(
                                        count(),
                                        docs(),
                                        getkeys(),
                                        getkeysandflags(),
                                        help(),
                                        info(),
                                        list())
                                .handledBy(this::describeAll));
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private static Command.Builder subcommand(String name, String since, String summary) {
        return command("COMMAND|" + name, SERVER)
                .since(since)
                .flags(LOADING, STALE)
                .categories(AclCategory.CONNECTION)
                .summary(summary);
    }

    private void describeAll(Call call) {
        List<Command> commands = table.get().commands();
        call.reply().array(commands.size());
        commands.forEach(command -> CommandFacts.reply(call.reply(), command));
    }

    private Command count() {
        return subcommand("COUNT", "2.8.13", "Counts the commands.")
                .arity(2)
                .handledBy(call -> call.reply().integer(table.get().commands().size()));
    }

    private Command info() {
        return subcommand("INFO", "2.8.13", "Describes some or all commands.")
                .arity(-2)
                .syntax("[command-name [command-name ...]]")
                .complexity("O(N) where N is the number of commands to look up")
                .changed(
                        "7.0.0",
                        "Allowed to be called with no argument to get info on all commands.")
                .tips("nondeterministic_output_order")
                .handledBy(
                        call -> {
                            if (call.count() == 2) {
                                describeAll(call);
                                return;
                            }
                            call.reply().array(call.count() - 2);
                            for (int i = 2; i < call.count(); i++) {
                                Command found = table.get().find(call.text(i));
                                if (found == null) {
                                    call.reply().nullBulk();
                                } else {
                                    CommandFacts.reply(call.reply(), found);
                                }
                            }
                        });
    }

    private Command docs() {
        return subcommand("DOCS", "7.0.0", "Documents some or all commands.")
                .arity(-2)
                .syntax("[command-name [command-name ...]]")
                .complexity("O(N) where N is the number of commands to look up")
                .tips("nondeterministic_output_order")
                .handledBy(
                        call -> {
                            List<Command> found = new ArrayList<>();
                            if (call.count() == 2) {
                                found.addAll(table.get().commands());
                            }
                            for (int i = 2; i < call.count(); i++) {
                                Command named = table.get().find(call.text(i));
                                if (named != null) {
                                    found.add(named);
                                }
                            }
                            call.reply().map(found.size());
                            for (Command documented : found) {
                                call.reply().bulk(documented.fullName());
                                CommandDocumentation.reply(call.reply(), documented);
                            }
                        });
    }

    private Command list() {
        return subcommand("LIST", "7.0.0", "Gives the names of some or all commands.")
                .arity(-2)
                .syntax("[FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]")
                .complexity("O(N) where N is the total number of commands")
                .tips("nondeterministic_output_order")
                .handledBy(
                        call -> {
                            List<String> names = new ArrayList<>();
                            Predicate<Command> filter = filter(call);
                            for (Command candidate : table.get().commands()) {
                                addMatching(names, candidate, filter);
                                candidate
                                        .subcommands()
                                        .forEach(inner -> addMatching(names, inner, filter));
                            }
                            call.reply().array(names.size());
                            names.forEach(call.reply()::bulk);
                        });
    }

    private static void addMatching(
            List<String> names, Command candidate, Predicate<Command> filter) {
        if (filter.test(candidate)) {
            names.add(candidate.fullName());
        }
    }

    private static Predicate<Command> filter(Call call) {
        if (call.count() == 2) {
            return any -> true;
        }
        if (call.count() != 5 || !call.is(2, "FILTERBY")) {
            throw Errors.SYNTAX;
        }
        String value = call.text(4);
        if (call.is(3, "MODULE")) {
            return command -> command.module() != null && command.module().equalsIgnoreCase(value);
        }
        if (call.is(3, "ACLCAT")) {
            String wanted = "@" + value.toLowerCase(Locale.ROOT);
            return command -> hasCategory(command, wanted);
        }
        if (call.is(3, "PATTERN")) {
            GlobPattern pattern =
                    GlobPattern.compileIgnoringCase(value.getBytes(StandardCharsets.ISO_8859_1));
            return command ->
                    pattern.matches(command.fullName().getBytes(StandardCharsets.US_ASCII));
        }
        throw Errors.SYNTAX;
    }

    private static boolean hasCategory(Command command, String wanted) {
        for (AclCategory category : command.categories()) {
            if (category.wireName().equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private Command getkeys() {
        return subcommand("GETKEYS", "2.8.13", "Finds the keys of a command.")
                .arity(-4)
                .syntax("command [arg [arg ...]]")
                .complexity("O(N) where N is the number of arguments to the command")
                .handledBy(call -> replyKeys(call, false));
    }

    private Command getkeysandflags() {
        return subcommand(
                        "GETKEYSANDFLAGS",
                        "7.0.0",
                        "Finds the keys of a command and what it does with them.")
                .arity(-4)
                .syntax("command [arg [arg ...]]")
                .complexity("O(N) where N is the number of arguments to the command")
                .handledBy(call -> replyKeys(call, true));
    }

    private void replyKeys(Call call, boolean withFlags) {
        Command named = named(call);
        if (named == null) {
            throw INVALID_COMMAND;
        }
        if (named.keySpecs().isEmpty()) {
            throw NO_KEYS;
        }
        try (Request inner = new Request()) {
            for (int i = 2; i < call.count(); i++) {
                inner.add(call.request().address(i), call.request().length(i));
            }
            replyKeys(call, named, inner, withFlags);
        }
    }

    private static void replyKeys(Call call, Command named, Request inner, boolean withFlags) {
        boolean accepted =
                named.arity() >= 0
                        ? inner.count() == named.arity()
                        : inner.count() >= -named.arity();
        if (!accepted) {
            throw INVALID_COUNT;
        }
        List<Integer> keys = new ArrayList<>();
        List<KeySpec> specs = new ArrayList<>();
        boolean fits =
                KeyFinder.find(
                        named,
                        inner,
                        (argument, spec) -> {
                            keys.add(argument);
                            specs.add(spec);
                        });
        if (!fits || keys.isEmpty()) {
            if (!named.has(CommandFlag.NO_MANDATORY_KEYS)) {
                throw INVALID_ARGUMENTS;
            }
            call.reply().array(0);
            return;
        }
        call.reply().array(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            if (withFlags) {
                call.reply().array(2);
            }
            int key = keys.get(i);
            call.reply().bulk(inner.address(key), named.keyLength(inner, key));
            if (withFlags) {
                replyFlags(call, specs.get(i).flags(inner));
            }
        }
    }

    private static void replyFlags(Call call, Set<KeyFlag> flags) {
        call.reply().set(flags.size());
        for (KeyFlag flag : flags) {
            call.reply().simple(flag.wireName().getBytes(StandardCharsets.US_ASCII));
        }
    }

    private @Nullable Command named(Call call) {
        Command named = table.get().find(call.text(2));
        return named != null && named.isContainer() && call.count() > 3
                ? table.get().find(call.text(2) + "|" + call.text(3))
                : named;
    }

    private static Command help() {
        return subcommand("HELP", "5.0.0", "Tells what the subcommands do.")
                .arity(2)
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "COMMAND",
                                        "(no subcommand)",
                                        "    Return details about all Redis commands.",
                                        "COUNT",
                                        "    Return the total number of commands in this Redis"
                                                + " server.",
                                        "LIST",
                                        "    Return a list of all commands in this Redis server.",
                                        "INFO [<command-name> ...]",
                                        "    Return details about multiple Redis commands.",
                                        "    If no command names are given, documentation details"
                                                + " for all",
                                        "    commands are returned.",
                                        "DOCS [<command-name> ...]",
                                        "    Return documentation details about multiple Redis"
                                                + " commands.",
                                        "    If no command names are given, documentation details"
                                                + " for all",
                                        "    commands are returned.",
                                        "GETKEYS <full-command>",
                                        "    Return the keys from a full Redis command.",
                                        "GETKEYSANDFLAGS <full-command>",
                                        "    Return the keys and the access flags from a full Redis"
                                                + " command."));
    }
}
