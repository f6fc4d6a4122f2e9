package io.keydb.server.scripting;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.lua.LuaState;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of EVAL: compiled once, kept by the SHA-1 of their text, run in one state.
 *
 * <p>The state and all there is in it is made with the first script.
 *
 * <p>Threads: what answers from the cache alone may be called by any; the rest needs the locks of
 * all partitions.
 */
public final class Scripts implements AutoCloseable {
    private static final CommandError NO_SCRIPT =
            new CommandError("NOSCRIPT No matching script. Please use EVAL.");
    private static final String CHUNK = "@user_script";

    private final ScriptCalls calls;
    private final ScriptRunner runner;
    private final ScriptCache cache = new ScriptCache();
    private @Nullable ScriptState state;
    private volatile long stateBytes;

    Scripts(ScriptCalls calls, ScriptRunner runner) {
        this.calls = calls;
        this.runner = runner;
    }

    // ---- running

    /** EVAL. */
    void eval(Call call, boolean readOnly) {
        calls.show(call);
        ScriptRunner.keys(call);
        Script script = cache.findText(call.request(), 1);
        run(call, script == null ? compile(call.request(), 1) : script, readOnly);
    }

    /** EVALSHA. */
    void evalDigest(Call call, boolean readOnly) {
        calls.show(call);
        if (call.request().length(1) != ScriptCache.DIGEST_LENGTH) {
            throw NO_SCRIPT;
        }
        ScriptRunner.keys(call);
        Script script = cache.findDigest(call.request(), 1);
        if (script == null) {
            throw NO_SCRIPT;
        }
        run(call, script, readOnly);
    }

    private void run(Call call, Script script, boolean readOnly) {
        ScriptState current = state();
        runner.run(
                call,
                current,
                ScriptRun.Kind.SCRIPT,
                script.digest(),
                script.flags(),
                readOnly,
                (entered, request, keys) -> push(entered, request, keys, script));
        stateBytes = current.lua().memory();
    }

    /** Scripts find their keys and arguments in two global tables. */
    private static int push(ScriptState state, Request request, int keys, Script script) {
        LuaState lua = state.lua();
        int firstKey = ScriptRunner.KEY_COUNT + 1;
        ScriptRunner.pushList(lua, request, firstKey, firstKey + keys);
        state.setGlobal("KEYS");
        ScriptRunner.pushList(lua, request, firstKey + keys, request.count());
        state.setGlobal("ARGV");
        lua.pushKept(script.function());
        return 0;
    }

    private ScriptState state() {
        ScriptState present = state;
        if (present == null) {
            present = new ScriptState(calls, true);
            state = present;
        }
        return present;
    }

    // ---- the cache

    /**
     * The script whose text is an argument; it is compiled if it is new.
     *
     * @throws CommandError when it cannot be compiled
     */
    Script load(Request request, int argument) {
        Script known = cache.findText(request, argument);
        return known == null ? compile(request, argument) : known;
    }

    private Script compile(Request request, int argument) {
        long address = request.address(argument);
        int length = request.length(argument);
        int flags = ScriptFlags.UNDECLARED;
        int start = 0;
        if (isDeclared(request, argument)) {
            String body = new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
            flags = ScriptFlags.parse(body);
            start = ScriptFlags.codeStart(body);
        }
        LuaState lua = state().lua();
        if (lua.load(address + start, length - start, CHUNK) != LuaState.OK) {
            String error = lua.text(-1);
            lua.pop(1);
            throw new CommandError("ERR Error compiling script (new function): " + error);
        }
        Script script =
                new Script(ScriptCache.digest(address, length), flags, lua.keep(), address, length);
        cache.add(script);
        stateBytes = lua.memory();
        return script;
    }

    private static boolean isDeclared(Request request, int argument) {
        return request.length(argument) > 1
                && Memory.getByte(request.address(argument)) == '#'
                && Memory.getByte(request.address(argument) + 1) == '!';
    }

    /** Whether there is a script of this digest. Any thread. */
    boolean contains(String digest) {
        return cache.get(digest) != null;
    }

    /** Forgets all scripts and all they have left behind in the state. */
    void flush() {
        cache.clear();
        close();
    }

    // ---- how requests are checked; any thread

    Command checkedByText(Command declared, Request request) {
        if (request.count() < 2 || !isDeclared(request, 1)) {
            return declared;
        }
        Integer flags =
                ScriptFlags.parseQuietly(new String(request.bytes(1), StandardCharsets.ISO_8859_1));
        return flags == null ? declared : ScriptFlags.checked(declared, flags);
    }

    Command checkedByDigest(Command declared, Request request) {
        if (request.count() < 2 || request.length(1) != ScriptCache.DIGEST_LENGTH) {
            return declared;
        }
        Script script = cache.get(new String(request.bytes(1), StandardCharsets.ISO_8859_1));
        return script == null ? declared : ScriptFlags.checked(declared, script.flags());
    }

    // ---- figures; any thread

    /** Number of cached scripts. */
    public int count() {
        return cache.count();
    }

    /** Bytes of their texts. */
    public long textBytes() {
        return cache.bytes();
    }

    /** Bytes the state took when the last script ended. */
    public long stateBytes() {
        return stateBytes;
    }

    @Override
    public void close() {
        ScriptState present = state;
        if (present != null) {
            state = null;
            stateBytes = 0;
            present.close();
        }
    }
}
