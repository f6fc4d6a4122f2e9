package io.keydb.server.scripting;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SCRIPTING;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Condition;
import io.keydb.server.command.HelpText;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FUNCTION: libraries of functions.
 *
 * <p>Threads: immutable.
 */
final class FunctionCommands {
    private static final CommandError LIBRARY_NOT_FOUND = new CommandError("ERR Library not found");
    private static final CommandError WRONG_FLUSH =
            new CommandError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
    private static final CommandError WRONG_POLICY =
            new CommandError(
                    "ERR Wrong restore policy given, value should be either FLUSH, APPEND or"
                            + " REPLACE.");

    private static final String ALL_SHARDS = "request_policy:all_shards";
    private static final String ALL_SUCCEEDED = "response_policy:all_succeeded";

    private final FunctionLibraries libraries;
    private final RunningScript running;
    private final FunctionPayload payload;

    FunctionCommands(FunctionLibraries libraries, RunningScript running, FunctionPayload payload) {
        this.libraries = libraries;
        this.running = running;
        this.payload = payload;
    }

    /** The one command with its subcommands. */
    Command container() {
        return command("FUNCTION", SCRIPTING)
                .since("7.0.0")
                .arity(-2)
                .summary("Commands about libraries of functions.")
                .complexity("Depends on the subcommand.")
                .subcommands(
                        load(), delete(), flush(), list(), stats(), dump(), restore(), kill(),
                        help())
                .container();
    }

    private static Command.Builder subcommand(String name, int arity) {
        return command("FUNCTION|" + name, SCRIPTING).since("7.0.0").arity(arity);
    }

    private Command load() {
        return subcommand("LOAD", -3)
                .flags(WRITE, DENYOOM, NOSCRIPT)
                .script()
                .tips(ALL_SHARDS, ALL_SUCCEEDED)
                .syntax("[REPLACE] function-code")
                .summary("Loads a library of functions.")
                .complexity("O(1) (considering compilation time is redundant)")
                .handledBy(this::load);
    }

    private void load(Call call) {
        boolean replaces = false;
        int code = call.count() - 1;
        for (int i = 2; i < code; i++) {
            if (!call.is(i, "REPLACE")) {
                throw new CommandError("ERR Unknown option given: " + call.text(i));
            }
            replaces = true;
        }
        String name =
                libraries.load(call.request().bytes(code), replaces, !call.client().isPrimary());
        call.changedBesidesKeys();
        call.reply().bulk(bytes(name));
    }

    private Command delete() {
        return subcommand("DELETE", 3)
                .flags(WRITE, NOSCRIPT)
                .script()
                .tips(ALL_SHARDS, ALL_SUCCEEDED)
                .syntax("library-name")
                .summary("Deletes a library and its functions.")
                .handledBy(this::delete);
    }

    private void delete(Call call) {
        if (!libraries.delete(call.text(2))) {
            throw LIBRARY_NOT_FOUND;
        }
        call.changedBesidesKeys();
        call.reply().ok();
    }

    private Command flush() {
        return subcommand("FLUSH", -2)
                .flags(WRITE, NOSCRIPT)
                .script()
                .tips(ALL_SHARDS, ALL_SUCCEEDED)
                .syntax("[ASYNC | SYNC]")
                .summary("Deletes all libraries.")
                .complexity("O(N) where N is the number of functions deleted")
                .handledBy(this::flush);
    }

    private void flush(Call call) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        if (call.count() == 3 && !call.is(2, "SYNC") && !call.is(2, "ASYNC")) {
            throw WRONG_FLUSH;
        }
        libraries.flush();
        call.changedBesidesKeys();
        call.reply().ok();
    }

    private Command list() {
        return subcommand("LIST", -2)
                .flags(NOSCRIPT)
                .script()
                .tips("nondeterministic_output_order")
                .syntax("[LIBRARYNAME library-name-pattern] [WITHCODE]")
                .summary("Tells what libraries and functions there are.")
                .complexity("O(N) where N is the number of functions")
                .handledBy(this::list);
    }

    private void list(Call call) {
        boolean withCode = false;
        GlobPattern pattern = null;
        for (int i = 2; i < call.count(); i++) {
            if (!withCode && call.is(i, "WITHCODE")) {
                withCode = true;
            } else if (pattern == null && call.is(i, "LIBRARYNAME")) {
                if (i == call.count() - 1) {
                    throw new CommandError("ERR library name argument was not given");
                }
                pattern = GlobPattern.compileIgnoringCase(call.request().bytes(++i));
            } else {
                throw new CommandError("ERR Unknown argument " + call.text(i));
            }
        }
        List<FunctionLibrary> shown = new ArrayList<>();
        for (FunctionLibrary library : libraries.current().libraries()) {
            if (pattern == null || pattern.matches(bytes(library.name()))) {
                shown.add(library);
            }
        }
        call.reply().array(shown.size());
        for (FunctionLibrary library : shown) {
            tell(call.reply(), library, withCode);
        }
    }

    private static void tell(ReplyWriter reply, FunctionLibrary library, boolean withCode) {
        reply.map(withCode ? 4 : 3);
        reply.bulk("library_name");
        reply.bulk(bytes(library.name()));
        reply.bulk("engine");
        reply.bulk("LUA");
        reply.bulk("functions");
        reply.array(library.functions().size());
        for (LibraryFunction function : library.functions().values()) {
            tell(reply, function);
        }
        if (withCode) {
            reply.bulk("library_code");
            reply.bulk(library.code());
        }
    }

    private static void tell(ReplyWriter reply, LibraryFunction function) {
        reply.map(3);
        reply.bulk("name");
        reply.bulk(bytes(function.name()));
        reply.bulk("description");
        String description = function.description();
        if (description == null) {
            reply.nullBulk();
        } else {
            reply.bulk(bytes(description));
        }
        reply.bulk("flags");
        reply.set(Integer.bitCount(function.flags()));
        for (String flag : ScriptFlags.NAMES) {
            if ((function.flags() & ScriptFlags.bit(flag)) != 0) {
                reply.simple(bytes(flag));
            }
        }
    }

    private Command stats() {
        return subcommand("STATS", 2)
                .flags(NOSCRIPT, ALLOW_BUSY)
                .tips("nondeterministic_output", ALL_SHARDS, "response_policy:special")
                .summary("Tells which function runs, and how many there are.")
                .handledBy(this::stats);
    }

    private void stats(Call call) {
        ScriptRun run = running.current();
        if (run != null && run.kind() == ScriptRun.Kind.SCRIPT) {
            throw Condition.BUSY_SCRIPT.error();
        }
        ReplyWriter reply = call.reply();
        reply.map(2);
        reply.bulk("running_script");
        tell(reply, run);
        reply.bulk("engines");
        reply.map(1);
        reply.bulk("LUA");
        reply.map(2);
        reply.bulk("libraries_count");
        reply.integer(libraries.libraryCount());
        reply.bulk("functions_count");
        reply.integer(libraries.functionCount());
    }

    private void tell(ReplyWriter reply, @Nullable ScriptRun run) {
        if (run == null) {
            reply.nullBulk();
            return;
        }
        reply.map(3);
        reply.bulk("name");
        reply.bulk(bytes(run.name()));
        reply.bulk("command");
        reply.array(run.command().length);
        for (byte[] word : run.command()) {
            reply.bulk(word);
        }
        reply.bulk("duration_ms");
        reply.integer(running.millisSinceStart(run));
    }

    private Command dump() {
        return subcommand("DUMP", 2)
                .flags(NOSCRIPT)
                .script()
                .summary("Gives all libraries as one payload.")
                .complexity("O(N) where N is the number of functions")
                .handledBy(call -> call.reply().bulk(payload.write(libraries.codes())));
    }

    private Command restore() {
        return subcommand("RESTORE", -3)
                .flags(WRITE, DENYOOM, NOSCRIPT)
                .script()
                .tips(ALL_SHARDS, ALL_SUCCEEDED)
                .syntax("serialized-value [FLUSH | APPEND | REPLACE]")
                .summary("Loads the libraries of a payload.")
                .complexity("O(N) where N is the number of functions on the payload")
                .handledBy(this::restore);
    }

    private void restore(Call call) {
        if (call.count() > 4) {
            throw HelpText.unknownSubcommand(call);
        }
        FunctionLibraries.Policy policy = FunctionLibraries.Policy.APPEND;
        if (call.count() == 4) {
            policy = policy(call);
        }
        libraries.restore(payload.read(call.request().bytes(2)), policy);
        call.changedBesidesKeys();
        call.reply().ok();
    }

    private static FunctionLibraries.Policy policy(Call call) {
        for (FunctionLibraries.Policy policy : FunctionLibraries.Policy.values()) {
            if (call.is(3, policy.name())) {
                return policy;
            }
        }
        throw WRONG_POLICY;
    }

    private Command kill() {
        return subcommand("KILL", 2)
                .flags(NOSCRIPT, ALLOW_BUSY)
                .tips(ALL_SHARDS, "response_policy:one_succeeded")
                .summary("Ends the function that runs, unless it has written.")
                .handledBy(
                        call -> {
                            running.kill(call, ScriptRun.Kind.FUNCTION);
                            call.reply().ok();
                        });
    }

    private static Command help() {
        return subcommand("HELP", 2)
                .flags(LOADING, STALE)
                .summary("Tells what FUNCTION can do.")
                .handledBy(call -> HelpText.reply(call, "FUNCTION", HELP));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final String[] HELP = {
        "LOAD [REPLACE] <FUNCTION CODE>",
        "    Create a new library with the given library name and code.",
        "DELETE <LIBRARY NAME>",
        "    Delete the given library.",
        "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
        "    Return general information on all the libraries:",
        "    * Library name",
        "    * The engine used to run the Library",
        "    * Library description",
        "    * Functions list",
        "    * Library code (if WITHCODE is given)",
        "    It also possible to get only function that matches a pattern using LIBRARYNAME"
                + " argument.",
        "STATS",
        "    Return information about the current function running:",
        "    * Function name",
        "    * Command used to run the function",
        "    * Duration in MS that the function is running",
        "    If no function is running, return nil",
        "    In addition, returns a list of available engines.",
        "KILL",
        "    Kill the current running function.",
        "FLUSH [ASYNC|SYNC]",
        "    Delete all the libraries.",
        "    When called without the optional mode argument, the behavior is determined by the",
        "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
        "    * ASYNC: Asynchronously flush the libraries.",
        "    * SYNC: Synchronously flush the libraries.",
        "DUMP",
        "    Return a serialized payload representing the current libraries, can be restored using"
                + " FUNCTION RESTORE command",
        "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
        "    Restore the libraries represented by the given payload, it is possible to give a"
                + " restore policy to",
        "    control how to handle existing libraries (default APPEND):",
        "    * FLUSH: delete all existing libraries.",
        "    * APPEND: appends the restored libraries to the existing libraries. On collision,"
                + " abort.",
        "    * REPLACE: appends the restored libraries to the existing libraries, On collision,"
                + " replace the old",
        "      libraries with the new libraries (notice that even on this option there is a chance"
                + " of failure",
        "      in case of functions name collision with another library)."
    };
}
