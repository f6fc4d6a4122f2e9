package io.keydb.server.modules;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_ASYNC_LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.Locking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MODULE. What reads a jar or walks all keys runs on a worker.
 *
 * <p>Threads: immutable.
 */
public final class ModuleCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleCommands.class);
    private static final CommandError NOT_ALLOWED =
            new CommandError(
                    "ERR MODULE command not allowed. If the enable-module-command option is set to"
                            + " \"local\", you can run it from a local connection, otherwise you"
                            + " need to set this option in the configuration file, and then restart"
                            + " the server.");
    private static final CommandError NOT_LOADED =
            new CommandError("ERR Error loading the extension. Please check the server logs.");

    private final Supplier<Modules> modules;
    private final Predicate<Client> mayUse;

    /**
     * @param modules asked for when MODULE runs
     * @param mayUse whether this client may use MODULE: {@code enable-module-command}
     */
    public ModuleCommands(Supplier<Modules> modules, Predicate<Client> mayUse) {
        this.modules = modules;
        this.mayUse = mayUse;
    }

    /** All commands of this class. */
    public List<Command> all() {
        return List.of(
                command("MODULE", SERVER)
                        .since("4.0.0")
                        .arity(-2)
                        .summary("A container for module commands.")
                        .complexity("Depends on subcommand.")
                        .subcommands(list(), load(), loadex(), unload(), help())
                        .container());
    }

    private static Command.Builder subcommand(
            String name, String since, String summary, CommandFlag... flags) {
        return command("MODULE|" + name, SERVER).since(since).flags(flags).summary(summary);
    }

    private Command list() {
        return subcommand("LIST", "4.0.0", "Lists the loaded modules.", ADMIN, NOSCRIPT)
                .arity(2)
                .complexity("O(N) where N is the number of loaded modules.")
                .tips("nondeterministic_output_order")
                .handledBy(call -> modules.get().replyAll(call));
    }

    private Command load() {
        return subcommand("LOAD", "4.0.0", "Loads a module.", ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
                .arity(-3)
                .syntax("path [arg [arg ...]]")
                .complexity("O(1)")
                .guardedBy(this::objection)
                .slow()
                .handledBy(
                        call -> {
                            load(call, Map.of(), arguments(call, 3));
                        });
    }

    private Command loadex() {
        return subcommand(
                        "LOADEX",
                        "7.0.0",
                        "Loads a module using extended parameters.",
                        ADMIN,
                        NOSCRIPT,
                        NO_ASYNC_LOADING)
                .arity(-3)
                .syntax("path [CONFIG name value [CONFIG name value ...]] [ARGS args [args ...]]")
                .complexity("O(1)")
                .guardedBy(this::objection)
                .slow()
                .handledBy(this::loadex);
    }

    private void loadex(Call call) {
        Map<String, String> given = new HashMap<>();
        int i = 3;
        while (i < call.count() && !call.is(i, "ARGS")) {
            if (!call.is(i, "CONFIG")) {
                LOG.info("Syntax Error from arguments to loadex around {}.", utf8(call, i));
                throw NOT_LOADED;
            }
            if (i + 2 >= call.count()) {
                LOG.info("CONFIG specified without name value pair");
                throw NOT_LOADED;
            }
            given.put(utf8(call, i + 1), utf8(call, i + 2));
            i += 3;
        }
        load(call, given, arguments(call, i + 1));
    }

    private static List<byte[]> arguments(Call call, int from) {
        List<byte[]> arguments = new ArrayList<>();
        for (int i = from; i < call.count(); i++) {
            arguments.add(call.request().bytes(i));
        }
        return arguments;
    }

    private void load(Call call, Map<String, String> given, List<byte[]> arguments) {
        if (!modules.get().load(utf8(call, 2), arguments, given)) {
            throw NOT_LOADED;
        }
        call.reply().ok();
    }

    private Command unload() {
        return subcommand("UNLOAD", "4.0.0", "Unloads a module.", ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
                .arity(3)
                .syntax("name")
                .complexity("O(1)")
                .guardedBy(this::objection)
                .slow()
                .locking(Locking.SLICES)
                .handledBy(
                        call -> {
                            String name = utf8(call, 2);
                            @Nullable String objection = modules.get().unload(name);
                            if (objection != null) {
                                LOG.warn("Error unloading module {}: {}", name, objection);
                                throw new CommandError("ERR Error unloading module: " + objection);
                            }
                            call.reply().ok();
                        });
    }

    private static Command help() {
        return subcommand("HELP", "5.0.0", "Tells what the subcommands do.", LOADING, STALE)
                .arity(2)
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "MODULE",
                                        "LIST",
                                        "    Return a list of loaded modules.",
                                        "LOAD <path> [<arg> ...]",
                                        "    Load a module library from <path>, passing to it any"
                                                + " optional arguments.",
                                        "LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]]"
                                                + " [ARGS ...]",
                                        "    Load a module library from <path>, while passing it"
                                                + " module configurations and optional arguments.",
                                        "UNLOAD <name>",
                                        "    Unload a module."));
    }

    private @Nullable CommandError objection(Client client) {
        return mayUse.test(client) ? null : NOT_ALLOWED;
    }

    private static String utf8(Call call, int i) {
        return new String(call.request().bytes(i), StandardCharsets.UTF_8);
    }
}
