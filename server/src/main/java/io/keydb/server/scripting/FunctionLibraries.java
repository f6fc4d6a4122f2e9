package io.keydb.server.scripting;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.support.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The libraries of functions: loaded, deleted, called. All of them live in one state, which is made
 * with the first.
 *
 * <p>Threads: figures and names may be asked for by any; the rest needs the locks of all
 * partitions.
 */
public final class FunctionLibraries implements FunctionStore, AutoCloseable {
    private static final CommandError NOT_FOUND = new CommandError("ERR Function not found");
    private static final CommandError BAD_COUNT =
            new CommandError("ERR Bad number of keys provided");

    private final ScriptCalls calls;
    private final ScriptRunner runner;
    private final Clock clock;
    private final LibrarySet current = new LibrarySet();
    private @Nullable ScriptState state;
    private @Nullable LibraryLoader loader;
    private volatile long stateBytes;

    FunctionLibraries(ScriptCalls calls, ScriptRunner runner, Clock clock) {
        this.calls = calls;
        this.runner = runner;
        this.clock = clock;
    }

    /** The libraries there are. */
    LibrarySet current() {
        return current;
    }

    private LibraryLoader loader() {
        LibraryLoader present = loader;
        if (present == null) {
            ScriptState made = new ScriptState(calls, false);
            present = new LibraryLoader(made, clock);
            state = made;
            loader = present;
        }
        return present;
    }

    // ---- calling

    /** FCALL. */
    void call(Call call, boolean readOnly) {
        calls.show(call);
        LibraryFunction function = current.function(call.text(1));
        if (function == null) {
            throw NOT_FOUND;
        }
        if (!call.isInteger(ScriptRunner.KEY_COUNT)) {
            throw BAD_COUNT;
        }
        ScriptState entered = state;
        if (entered == null) {
            throw new IllegalStateException("functions without a state");
        }
        runner.run(
                call,
                entered,
                ScriptRun.Kind.FUNCTION,
                function.name(),
                function.flags(),
                readOnly,
                (in, request, keys) -> push(in.lua(), request, keys, function));
        stateBytes = entered.lua().memory();
    }

    /** Functions get their keys and arguments as two tables. */
    private static int push(LuaState lua, Request request, int keys, LibraryFunction function) {
        int firstKey = ScriptRunner.KEY_COUNT + 1;
        lua.pushKept(function.function());
        ScriptRunner.pushList(lua, request, firstKey, firstKey + keys);
        ScriptRunner.pushList(lua, request, firstKey + keys, request.count());
        return 2;
    }

    /** How a request of FCALL is checked. Any thread. */
    Command checked(Command declared, Request request) {
        LibraryFunction function =
                request.count() < 2 ? null : current.function(ScriptRunner.text(request, 1));
        return function == null ? declared : ScriptFlags.checked(declared, function.flags());
    }

    // ---- loading

    /**
     * Loads a library; gives its name.
     *
     * @param hurried whether it must be done within half a second
     * @throws CommandError when the code is wrong, or something of the same name is there
     */
    String load(byte[] code, boolean replaces, boolean hurried) {
        FunctionLibrary library = FunctionLibrary.of(code);
        if (!replaces && current.library(library.name()) != null) {
            throw new CommandError("ERR Library '" + library.name() + "' already exists");
        }
        LibraryLoader loads = loader();
        loads.load(library, hurried);
        try {
            current.requireNoCollision(library);
        } catch (CommandError collision) {
            loads.release(library);
            throw collision;
        }
        release(current.add(library));
        stateBytes = memory();
        return library.name();
    }

    private void release(@Nullable FunctionLibrary library) {
        if (library != null) {
            loader().release(library);
        }
    }

    private long memory() {
        return state == null ? 0 : state.lua().memory();
    }

    /** Deletes a library; false when there is none of that name. */
    boolean delete(String name) {
        FunctionLibrary removed = current.remove(name);
        release(removed);
        return removed != null;
    }

    /** Deletes all libraries. */
    void flush() {
        current.clear();
        close();
    }

    /** What happens to libraries that are there when others are restored. */
    enum Policy {
        APPEND,
        REPLACE,
        FLUSH
    }

    /**
     * Loads libraries, all or none.
     *
     * @throws CommandError when one is wrong, or something of the same name is there
     */
    void restore(List<byte[]> codes, Policy policy) {
        if (codes.isEmpty() && state == null) {
            return; // nothing comes and nothing is there: no state is needed for that
        }
        LibrarySet loaded = new LibrarySet();
        LibraryLoader loads = loader();
        try {
            for (byte[] code : codes) {
                FunctionLibrary library = FunctionLibrary.of(code);
                if (loaded.library(library.name()) != null) {
                    throw new CommandError("ERR Library '" + library.name() + "' already exists");
                }
                loads.load(library, false);
                loaded.requireNoCollision(library);
                loaded.add(library);
            }
            if (policy != Policy.FLUSH) {
                requireJoinable(loaded, policy);
            }
        } catch (CommandError wrong) {
            loaded.libraries().forEach(loads::release);
            throw wrong;
        }
        if (policy == Policy.FLUSH) {
            current.clear().forEach(loads::release);
        }
        loaded.libraries().forEach(library -> release(current.add(library)));
        stateBytes = memory();
    }

    private void requireJoinable(LibrarySet loaded, Policy policy) {
        LibrarySet rest = new LibrarySet();
        for (FunctionLibrary present : current.libraries()) {
            if (loaded.library(present.name()) == null) {
                rest.add(present);
            } else if (policy == Policy.APPEND) {
                throw new CommandError("ERR Library " + present.name() + " already exists");
            }
        }
        loaded.libraries().forEach(rest::requireNoCollision);
    }

    // ---- for dumps

    @Override
    public List<byte[]> codes() {
        List<byte[]> codes = new ArrayList<>();
        current.libraries().forEach(library -> codes.add(library.code()));
        return codes;
    }

    @Override
    public void replace(List<byte[]> codes) {
        restore(codes, Policy.FLUSH);
    }

    @Override
    public void add(List<byte[]> codes, boolean replaces) {
        restore(codes, replaces ? Policy.REPLACE : Policy.APPEND);
    }

    // ---- figures; any thread

    /** Number of libraries. */
    public int libraryCount() {
        return current.libraries().size();
    }

    /** Bytes of their codes. */
    long codeBytes() {
        long bytes = 0;
        for (FunctionLibrary library : current.libraries()) {
            bytes += library.code().length;
        }
        return bytes;
    }

    /** Number of functions. */
    public int functionCount() {
        return current.functionCount();
    }

    /** Bytes the state took when the last function ended. */
    public long stateBytes() {
        return stateBytes;
    }

    @Override
    public void close() {
        ScriptState present = state;
        if (present != null) {
            state = null;
            loader = null;
            stateBytes = 0;
            present.close();
        }
    }
}
