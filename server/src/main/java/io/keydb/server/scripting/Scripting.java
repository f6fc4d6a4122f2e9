package io.keydb.server.scripting;

import io.keydb.server.command.Command;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.command.ScriptFigures;
import io.keydb.server.command.Workers;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.Keyspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scripts and functions of one server, put together.
 *
 * <pre>
 *   EVAL ─► Scripts (cache, state) ─► ScriptRunner ─► Lua ─► redis.call ─► ScriptCalls ─► command.InnerCalls
 *                                         │
 *                    SCRIPT KILL ─► RunningScript ─► others are answered BUSY
 * </pre>
 *
 * <p>Threads: safe; each part has its own rule.
 */
public final class Scripting implements ScriptFigures, AutoCloseable {
    private final Keyspace keyspace;
    private final RunningScript running;
    private final ScriptCalls calls;
    private final Scripts scripts;
    private final FunctionLibraries libraries;
    private final FunctionPayload payload;
    private @Nullable Dispatcher dispatcher;

    public Scripting(
            Keyspace keyspace,
            Conditions conditions,
            Workers workers,
            Configuration configuration,
            FunctionPayload payload) {
        this.payload = payload;
        this.keyspace = keyspace;
        this.running =
                new RunningScript(
                        conditions,
                        workers,
                        keyspace.clock(),
                        configuration.setting(ScriptingDirectives.BUSY_REPLY_THRESHOLD));
        this.calls = new ScriptCalls(keyspace, conditions, running);
        ScriptRunner runner = new ScriptRunner(conditions, calls, this::isOutOfMemory);
        this.scripts = new Scripts(calls, runner);
        this.libraries = new FunctionLibraries(calls, runner, keyspace.clock());
    }

    /**
     * Says whether the server waits for scripts in order to end: a slow one that has written
     * nothing is then ended. Any thread.
     */
    public void serverEnds(boolean yes) {
        running.serverEnds(yes);
    }

    /** Connects the engine; before the first request. */
    public void connect(Dispatcher newDispatcher) {
        dispatcher = newDispatcher;
        calls.connect(newDispatcher.innerCalls());
    }

    private boolean isOutOfMemory() {
        return dispatcher != null && dispatcher.isOutOfMemory();
    }

    /** All commands of scripts and functions. */
    public List<Command> commands() {
        List<Command> all = new ArrayList<>();
        all.addAll(new EvalCommands(scripts).all());
        all.addAll(FcallCommands.of(libraries));
        all.add(new FunctionCommands(libraries, running, payload).container());
        all.addAll(new ScriptCommands(scripts, running).all());
        return all;
    }

    /** The libraries of functions, for dumps. */
    public FunctionStore functionStore() {
        return libraries;
    }

    /**
     * Whether scripts may call what is flagged {@code noscript}: DEBUG SET-DISABLE-DENY-SCRIPTS.
     */
    public void deniesNothing(boolean yes) {
        calls.deniesNothing(yes);
    }

    @Override
    public long scriptStateBytes() {
        return scripts.stateBytes();
    }

    @Override
    public long functionStateBytes() {
        return libraries.stateBytes();
    }

    @Override
    public int scripts() {
        return scripts.count();
    }

    @Override
    public long scriptBytes() {
        return scripts.textBytes();
    }

    @Override
    public int libraries() {
        return libraries.libraryCount();
    }

    @Override
    public long libraryBytes() {
        return libraries.codeBytes();
    }

    @Override
    public int functions() {
        return libraries.functionCount();
    }

    /** Frees all states; nothing may run any more. */
    @Override
    public void close() {
        keyspace.lock(keyspace.allPartitions());
        try {
            scripts.flush();
            libraries.flush();
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }
}
