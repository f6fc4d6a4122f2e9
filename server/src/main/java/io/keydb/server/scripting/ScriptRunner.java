package io.keydb.server.scripting;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.lua.LuaState;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * Runs a compiled script or function for a request, and replies what it returns.
 *
 * <p>Threads: needs the locks of all partitions.
 */
final class ScriptRunner {
    /** Where the number of keys stands in the request of EVAL and FCALL. */
    static final int KEY_COUNT = 2;

    private static final int LONGEST_UNKNOWN_ERROR = 100;

    /** After so many scripts so many steps of collecting garbage. */
    private static final int COLLECTING_PERIOD = 50;

    private final Conditions conditions;
    private final ScriptCalls calls;
    private final BooleanSupplier isOutOfMemory;
    private int sinceCollecting;

    ScriptRunner(Conditions conditions, ScriptCalls calls, BooleanSupplier isOutOfMemory) {
        this.conditions = conditions;
        this.calls = calls;
        this.isOutOfMemory = isOutOfMemory;
    }

    /** How a state is entered. */
    interface Entry {
        /**
         * Pushes the function to run and its arguments, made of what stands in the request from the
         * number of keys on; gives how many arguments there are.
         */
        int push(ScriptState state, Request request, int keys);
    }

    /**
     * The number of keys a request names.
     *
     * @throws CommandError when it is none, or there are fewer arguments
     */
    static int keys(Call call) {
        long count = call.integer(KEY_COUNT);
        if (count > call.count() - KEY_COUNT - 1) {
            throw new CommandError("ERR Number of keys can't be greater than number of args");
        }
        if (count < 0) {
            throw new CommandError("ERR Number of keys can't be negative");
        }
        return (int) count;
    }

    /**
     * Runs it.
     *
     * @param flags what it declares
     * @param readOnly whether the command allows no writes
     * @throws CommandError when it may not run now, or ends with an error that nobody has counted
     */
    void run(
            Call call,
            ScriptState state,
            ScriptRun.Kind kind,
            String name,
            int flags,
            boolean readOnly,
            Entry entry) {
        int keys = keys(call);
        requireAllowed(call, flags, readOnly);
        boolean declared = (flags & ScriptFlags.UNDECLARED) == 0;
        ScriptRun run =
                new ScriptRun(
                        kind,
                        name,
                        call.client(),
                        call.request(),
                        call.keyspace().clock().nanos(),
                        readOnly || (declared && (flags & ScriptFlags.NO_WRITES) != 0),
                        !(declared && (flags & ScriptFlags.ALLOW_OOM) != 0)
                                && isOutOfMemory.getAsBoolean());
        LuaState lua = state.lua();
        int top = lua.top();
        boolean ended = false;
        calls.begin(call, run);
        try {
            state.pushHandler();
            int arguments = entry.push(state, call.request(), keys);
            int status = lua.call(arguments, 1, top + 1);
            int protocol = calls.protocol();
            calls.end(call, run);
            ended = true;
            if (status == LuaState.OK) {
                reply(call, lua, protocol);
            } else {
                replyError(call, lua, run);
            }
        } finally {
            if (!ended) {
                calls.end(call, run);
            }
            lua.top(top);
            afterwards(state, run);
        }
    }

    private void reply(Call call, LuaState lua, int protocol) {
        new LuaToReply(
                        lua,
                        call.reply(),
                        protocol == 3,
                        error -> calls.countError(call, error.text(), error.isCounted()))
                .write();
    }

    private void afterwards(ScriptState state, ScriptRun run) {
        if (run.isKilled()) {
            state.watch();
        }
        if (++sinceCollecting == COLLECTING_PERIOD) {
            sinceCollecting = 0;
            state.lua().collectSome(COLLECTING_PERIOD);
        }
    }

    private void replyError(Call call, LuaState lua, ScriptRun run) {
        if (!lua.isTable(-1)) {
            String text = lua.isString(-1) ? lua.text(-1) : "execution failure";
            throw new CommandError(
                    "ERR Error running script "
                            + run.name()
                            + ", "
                            + text.substring(0, Math.min(text.length(), LONGEST_UNKNOWN_ERROR)));
        }
        ScriptError error = ScriptError.of(lua);
        byte[] text = error.textWithPlace(run.name());
        if (!error.isCounted()) {
            throw new CommandError(text);
        }
        calls.countError(call, text, true);
        call.reply().error(text);
    }

    private void requireAllowed(Call call, int flags, boolean readOnly) {
        boolean isStale = conditions.holds(Condition.STALE);
        if ((flags & ScriptFlags.UNDECLARED) != 0) {
            if (isStale) {
                throw Condition.STALE.error();
            }
            return;
        }
        if (isStale && (flags & ScriptFlags.ALLOW_STALE) == 0) {
            throw new CommandError(
                    "MASTERDOWN Link with MASTER is down, replica-serve-stale-data is set to 'no'"
                            + " and 'allow-stale' flag is not set on the script.");
        }
        if ((flags & ScriptFlags.NO_WRITES) == 0) {
            if (conditions.holds(Condition.READ_ONLY_REPLICA) && !call.client().isPrimary()) {
                throw new CommandError(
                        "READONLY Can not run script with write flag on readonly replica");
            }
            if (readOnly) {
                throw new CommandError(
                        "ERR Can not execute a script with write flag using *_ro command.");
            }
            if (conditions.holds(Condition.TOO_FEW_REPLICAS)) {
                throw Condition.TOO_FEW_REPLICAS.error();
            }
            if ((flags & ScriptFlags.ALLOW_OOM) == 0 && isOutOfMemory.getAsBoolean()) {
                throw new CommandError(
                        "OOM allow-oom flag is not set on the script, can not run it when used"
                                + " memory > 'maxmemory'");
            }
        }
    }

    /** Pushes a list of the arguments from one place to another of a request. */
    static void pushList(LuaState lua, Request request, int from, int to) {
        lua.newTable(to - from, 0);
        for (int i = from; i < to; i++) {
            lua.pushString(request.address(i), request.length(i));
            lua.set(-2, i - from + 1);
        }
    }

    /** The text of an argument. */
    static String text(Request request, int argument) {
        return new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
    }
}
