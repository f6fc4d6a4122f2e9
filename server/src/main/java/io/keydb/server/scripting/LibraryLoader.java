package io.keydb.server.scripting;

import io.keydb.server.command.CommandError;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.support.Clock;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of a library, which registers its functions.
 *
 * <p>Functions see all that scripts see. While it is loaded the code sees nothing but a table
 * {@code redis} to register functions and to log. So the globals of this state are an empty table
 * whose metatable leads to the one or the other; the table for loading is made anew each time, so
 * no library can leave anything behind in it.
 *
 * <p>Threads: needs the locks of all partitions.
 */
final class LibraryLoader {
    private static final String CHUNK = "@user_function";
    private static final int WATCH_PERIOD = 100_000;
    private static final long LONGEST_LOAD_MILLIS = 500;
    private static final String INDEX = "__index";

    private final ScriptState state;
    private final LuaState lua;
    private final Clock clock;
    private final int globals;
    private final int metatable;
    private final int register;
    private final int unknown;
    private final int refuse;
    private @Nullable FunctionLibrary loading;
    private long deadlineNanos;
    private boolean isHurried;

    LibraryLoader(ScriptState state, Clock clock) {
        this.state = state;
        this.lua = state.lua();
        this.clock = clock;
        lua.pushValue(LuaState.GLOBALS);
        globals = lua.keep();
        register = kept(this::registerFunction);
        unknown = kept(LibraryLoader::unknown);
        refuse = kept(LibraryLoader::refuse);
        lua.newTable(0, 0);
        lua.newTable(0, 2);
        lua.pushKept(refuse);
        lua.set(-2, "__newindex");
        lua.pushValue(-1);
        metatable = lua.keep();
        lua.setMetatable(-2);
        lua.replace(LuaState.GLOBALS);
        showGlobals(globals);
    }

    private int kept(LuaFunction function) {
        lua.pushFunction(function);
        return lua.keep();
    }

    private void showGlobals(int shown) {
        lua.pushKept(metatable);
        lua.pushKept(shown);
        lua.set(-2, INDEX);
        lua.pop(1);
    }

    private static int unknown(LuaState lua) {
        throw new LuaError(
                "Script attempted to access nonexistent global variable '" + lua.text(2) + "'");
    }

    private static int refuse(LuaState unused) {
        throw new LuaError("Attempt to modify a readonly table");
    }

    /**
     * Fills a library with its functions.
     *
     * @param hurried whether it must be done soon
     * @throws CommandError when the code fails
     */
    void load(FunctionLibrary library, boolean hurried) {
        int top = lua.top();
        pushLoadingTable();
        int shown = lua.keep();
        showGlobals(shown);
        loading = library;
        isHurried = hurried;
        deadlineNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(LONGEST_LOAD_MILLIS);
        lua.watch(WATCH_PERIOD, this::watch);
        boolean succeeded = false;
        try {
            run(library);
            succeeded = true;
        } finally {
            loading = null;
            showGlobals(globals);
            lua.forget(shown);
            lua.top(top);
            state.watch();
            if (!succeeded) {
                release(library);
            }
        }
    }

    private void run(FunctionLibrary library) {
        byte[] code = library.code();
        int length = code.length - library.bodyStart();
        long copy = NativeHeap.allocate(length);
        Memory.copyIn(code, library.bodyStart(), copy, length);
        int status = lua.load(copy, length, CHUNK);
        NativeHeap.free(copy, length);
        if (status != LuaState.OK) {
            throw new CommandError("ERR Error compiling function: " + lua.text(-1));
        }
        if (lua.call(0, 0, 0) != LuaState.OK) {
            throw new CommandError(
                    "ERR Error registering functions: " + ScriptError.of(lua).message());
        }
        if (library.functions().isEmpty()) {
            throw new CommandError("ERR No functions registered");
        }
    }

    /** Gives the functions of a library up. */
    void release(FunctionLibrary library) {
        library.functions().values().forEach(function -> lua.forget(function.function()));
    }

    private int watch(LuaState unused) {
        if (isHurried && clock.nanos() > deadlineNanos) {
            throw RedisLibrary.error(lua, "FUNCTION LOAD timeout");
        }
        return 0;
    }

    /** Pushes what code sees as its globals while it is loaded. */
    private void pushLoadingTable() {
        lua.newTable(0, 2);
        lua.newTable(0, 16);
        lua.pushKept(register);
        lua.set(-2, "register_function");
        RedisLibrary.addLogAndVersion(lua);
        pushReadOnly();
        lua.pushValue(-1);
        lua.set(-3, "redis");
        lua.set(-2, "keydb");
        lua.newTable(0, 1);
        lua.pushKept(unknown);
        lua.set(-2, INDEX);
        lua.setMetatable(-2);
    }

    /** Replaces a table on top by one that shows it and refuses writes and unknown names. */
    private void pushReadOnly() {
        lua.newTable(0, 1);
        lua.pushKept(unknown);
        lua.set(-2, INDEX);
        lua.setMetatable(-2);
        lua.newTable(0, 0);
        lua.newTable(0, 3);
        lua.pushValue(-3);
        lua.set(-2, INDEX);
        lua.pushKept(refuse);
        lua.set(-2, "__newindex");
        lua.pushBoolean(false);
        lua.set(-2, "__metatable");
        lua.setMetatable(-2);
        lua.remove(-2);
    }

    // ---- redis.register_function

    private int registerFunction(LuaState unused) {
        FunctionLibrary library = loading;
        if (library == null) {
            throw error("redis.register_function can only be called on FUNCTION LOAD command");
        }
        LibraryFunction function =
                switch (lua.top()) {
                    case 1 -> named();
                    case 2 -> positional();
                    default -> throw error("wrong number of arguments to redis.register_function");
                };
        String problem =
                !FunctionLibrary.isName(function.name())
                        ? FunctionLibrary.WRONG_NAME
                        : library.functions().containsKey(function.name())
                                ? "Function already exists in the library"
                                : null;
        if (problem != null) {
            lua.forget(function.function());
            throw error(problem);
        }
        library.functions().put(function.name(), function);
        return 0;
    }

    private LuaError error(String text) {
        return RedisLibrary.error(lua, text);
    }

    private LibraryFunction positional() {
        if (!lua.isString(1)) {
            throw error("first argument to redis.register_function must be a string");
        }
        if (!lua.isFunction(2)) {
            throw error("second argument to redis.register_function must be a function");
        }
        lua.pushValue(2);
        return new LibraryFunction(lua.text(1), null, 0, lua.keep());
    }

    private LibraryFunction named() {
        if (!lua.isTable(1)) {
            throw error(
                    "calling redis.register_function with a single argument is only applicable to"
                            + " Lua table (representing named arguments).");
        }
        String name = null;
        String description = null;
        int callback = 0;
        int flags = 0;
        lua.pushNil();
        while (lua.next(1)) {
            if (!lua.isString(-2)) {
                throw error("named argument key given to redis.register_function is not a string");
            }
            switch (key().toLowerCase(Locale.ROOT)) {
                case "function_name" -> name = string("function_name");
                case "description" -> description = string("description");
                case "callback" -> {
                    if (!lua.isFunction(-1)) {
                        throw error(
                                "callback argument given to redis.register_function must be a"
                                        + " function");
                    }
                    callback = lua.top();
                    lua.pushValue(-2); // the function stays where it is, the key goes on top
                    continue;
                }
                case "flags" -> {
                    if (!lua.isTable(-1)) {
                        throw error(
                                "flags argument to redis.register_function must be a table"
                                        + " representing function flags");
                    }
                    flags = flags();
                }
                default -> throw error("unknown argument given to redis.register_function");
            }
            lua.pop(1);
        }
        if (name == null) {
            throw error("redis.register_function must get a function name argument");
        }
        if (callback == 0) {
            throw error("redis.register_function must get a callback argument");
        }
        lua.pushValue(callback);
        return new LibraryFunction(name, description, flags, lua.keep());
    }

    /** The key of the pair on top, which stays what it is even when it is a number. */
    private String key() {
        lua.pushValue(-2);
        String key = lua.text(-1);
        lua.pop(1);
        return key;
    }

    private String string(String argument) {
        if (!lua.isString(-1)) {
            throw error(argument + " argument given to redis.register_function must be a string");
        }
        return lua.text(-1);
    }

    private int flags() {
        int flags = 0;
        int i = 1;
        lua.get(-1, i);
        while (!lua.isNil(-1)) {
            int flag =
                    lua.isString(-1) ? ScriptFlags.bit(lua.text(-1).toLowerCase(Locale.ROOT)) : 0;
            if (flag == 0) {
                throw error("unknown flag given");
            }
            flags |= flag;
            lua.pop(1);
            lua.get(-1, ++i);
        }
        lua.pop(1);
        return flags;
    }
}
