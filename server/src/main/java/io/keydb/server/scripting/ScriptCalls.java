package io.keydb.server.scripting;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Trait;
import io.keydb.server.command.AccessContext;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Denial;
import io.keydb.server.command.Errors;
import io.keydb.server.command.InnerCalls;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis.call}: commands that scripts run, in process, as parts of the unit of the script.
 *
 * <p>Each is checked as stock does: known, number of arguments, allowed in scripts, stale replica,
 * permissions, writes, memory. Once a script has written, nothing of the server's state refuses its
 * writes any more.
 *
 * <p>Threads: needs the locks of all partitions.
 */
final class ScriptCalls {
    private static final String KILLED = "Script killed by user with SCRIPT KILL...";

    /** Commands may take long, too: behind one it is asked again whether the script is to end. */
    private static final long ASKING_PERIOD_NANOS = 10_000_000;

    private static final CommandError UNKNOWN =
            new CommandError("ERR Unknown Redis command called from script");
    private static final CommandError WRONG_COUNT =
            new CommandError("ERR Wrong number of args calling Redis command from script");
    private static final CommandError NOT_IN_SCRIPTS =
            new CommandError("ERR This Redis command is not allowed from script");
    private static final CommandError STALE =
            new CommandError("ERR Can not execute the command on a stale replica");
    private static final CommandError READ_ONLY =
            new CommandError("ERR Write commands are not allowed from read-only scripts.");

    private final Conditions conditions;
    private final RunningScript running;
    private final Client client;
    private final ReplyToLua replies = new ReplyToLua();
    private final ScriptArguments arguments = new ScriptArguments();
    private final ReplyWriter reply = new ReplyWriter(new NativeReplySpace());
    private @Nullable InnerCalls inner;
    private @Nullable Call call;
    private @Nullable ScriptRun run;
    private volatile boolean deniesNothing;

    /** When somebody last asked whether the script is to end. */
    private long askedNanos;

    ScriptCalls(Keyspace keyspace, Conditions conditions, RunningScript running) {
        this.conditions = conditions;
        this.running = running;
        this.client = new Client(0, null, keyspace.database(0), keyspace.clock().millis());
        client.trust();
        client.set(Trait.IS_SCRIPT, true);
    }

    /** Says who runs commands; before the first script. */
    void connect(InnerCalls newInner) {
        inner = newInner;
    }

    private InnerCalls inner() {
        return Objects.requireNonNull(inner);
    }

    /** Whether scripts may call what is flagged {@code noscript}, for tests. */
    void deniesNothing(boolean yes) {
        deniesNothing = yes;
    }

    /** Shows who runs a script to those who MONITOR, before what the script calls. */
    void show(Call calling) {
        inner().show(calling);
    }

    /** A script begins, on behalf of this call. */
    void begin(Call newCall, ScriptRun newRun) {
        call = newCall;
        run = newRun;
        client.kind(newCall.client().isPrimary() ? ClientKind.PRIMARY : ClientKind.NORMAL);
        client.user(newCall.client().user(), true);
        client.database(newCall.database());
        protocol(2);
        inner().begin(newCall);
        running.begin(newRun);
        askedNanos = newRun.startNanos();
    }

    /** It is over, whatever has happened. */
    void end(Call endedCall, ScriptRun endedRun) {
        running.end(endedRun);
        inner().end(endedCall);
        reply.clear();
        call = null;
        run = null;
    }

    /** Counts an error that a script replies. */
    void countError(Call replying, byte[] error, boolean isKnown) {
        if (!isKnown) {
            inner().countError(error);
        }
        inner().countFailed(replying);
    }

    /** The protocol whose replies the script gets. */
    void protocol(int version) {
        reply.protocol(version);
        client.protocol(version);
    }

    int protocol() {
        return reply.protocol();
    }

    /** Whether what follows goes to the log. */
    void told(boolean yes) {
        currentRun().told(yes);
    }

    private ScriptRun currentRun() {
        ScriptRun current = run;
        if (current == null) {
            throw new LuaError("redis.call can only be called inside a script invocation");
        }
        return current;
    }

    /** {@code redis.call} when errors are raised, else {@code redis.pcall}. */
    int call(LuaState lua, boolean raises) {
        ScriptRun current = currentRun();
        if (lua.top() == 0) {
            RedisLibrary.pushError(
                    lua, "Please specify at least one argument for this redis lib call");
            return end(raises);
        }
        if (!arguments.take(lua)) {
            lua.top(0);
            RedisLibrary.pushError(
                    lua, "Lua redis lib command arguments must be strings or integers");
            return end(raises);
        }
        Request request = arguments.request();
        Command command = inner().find(request);
        CommandError refusal = command == null ? UNKNOWN : refusal(current, command, request);
        if (refusal != null) {
            inner().refused(currentCall(), command, refusal.text());
            lua.top(0); // many arguments leave no room for the error
            ReplyToLua.push(lua, new String(refusal.text(), StandardCharsets.ISO_8859_1));
            return end(raises);
        }
        Command known = Objects.requireNonNull(command);
        if (known.has(CommandFlag.WRITE) && !current.beginsToWrite()) {
            throw RedisLibrary.error(lua, KILLED);
        }
        reply.clear();
        inner().run(currentCall(), client, request, reply, known, current.isTold());
        lua.top(0); // many arguments leave no room for the reply
        long now = inner().endNanos(currentCall());
        if (now - askedNanos > ASKING_PERIOD_NANOS) {
            askedNanos = now;
            lua.check();
        }
        boolean isError = replies.push(lua, reply.address());
        return end(raises && isError);
    }

    private static int end(boolean raises) {
        if (raises) {
            throw LuaError.ON_TOP;
        }
        return 1;
    }

    private Call currentCall() {
        return Objects.requireNonNull(call);
    }

    private @Nullable CommandError refusal(ScriptRun current, Command command, Request request) {
        if (!InnerCalls.acceptsCount(command, request)) {
            return WRONG_COUNT;
        }
        if (command.has(CommandFlag.NOSCRIPT) && !deniesNothing) {
            return NOT_IN_SCRIPTS;
        }
        if (conditions.holds(Condition.STALE) && !command.has(CommandFlag.STALE)) {
            return STALE;
        }
        Denial denial = denial(current.caller(), command, request);
        if (denial != null) {
            return new CommandError("ERR ACL failure in script: " + denial.text());
        }
        boolean writes = command.has(CommandFlag.WRITE);
        if (current.isReadOnly() && (writes || command.has(CommandFlag.MAY_REPLICATE))) {
            return READ_ONLY;
        }
        return current.hasWritten() ? null : refusalOfState(current, command);
    }

    /** What forbids the command to the user on whose behalf the script runs. */
    private @Nullable Denial denial(Client caller, Command command, Request request) {
        return caller.isUnrestricted()
                ? null
                : currentCall().permissions().denial(caller, command, request, AccessContext.LUA);
    }

    private @Nullable CommandError refusalOfState(ScriptRun current, Command command) {
        boolean byPrimary = current.caller().isPrimary();
        if (command.has(CommandFlag.WRITE) && !byPrimary) {
            if (conditions.holds(Condition.READ_ONLY_REPLICA)) {
                return Condition.READ_ONLY_REPLICA.error();
            }
            if (conditions.holds(Condition.SAVE_FAILED)) {
                return Condition.SAVE_FAILED.error();
            }
            if (conditions.holds(Condition.APPENDING_FAILED)) {
                return conditions.error(Condition.APPENDING_FAILED);
            }
            if (conditions.holds(Condition.TOO_FEW_REPLICAS)) {
                return Condition.TOO_FEW_REPLICAS.error();
            }
        }
        return current.isMemoryRefused() && !byPrimary && command.has(CommandFlag.DENYOOM)
                ? Errors.OUT_OF_MEMORY
                : null;
    }

    /** Asked between instructions; throws when the script is to end. */
    int watch(LuaState lua) {
        if (!running.isStillWelcome(() -> inner().sendAhead(currentCall()))) {
            throw RedisLibrary.error(lua, KILLED);
        }
        return 0;
    }

    /** {@code redis.acl_check_cmd}. */
    int mayCall(LuaState lua) {
        Client caller = currentRun().caller();
        if (lua.top() == 0) {
            throw RedisLibrary.error(
                    lua, "Please specify at least one argument for this redis lib call");
        }
        if (!arguments.take(lua)) {
            throw RedisLibrary.error(
                    lua, "Lua redis lib command arguments must be strings or integers");
        }
        Command command = inner().find(arguments.request());
        if (command == null) {
            throw RedisLibrary.error(lua, "Invalid command passed to redis.acl_check_cmd()");
        }
        lua.pushBoolean(
                caller.isUnrestricted()
                        || currentCall().permissions().allow(caller, command, arguments.request()));
        return 1;
    }
}
