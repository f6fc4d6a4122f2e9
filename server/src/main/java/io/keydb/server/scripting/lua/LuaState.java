package io.keydb.server.scripting.lua;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * One Lua interpreter: its {@linkplain LuaStack stack}, the code it runs, and what functions
 * written in Java ask about who calls them.
 *
 * <p>Code of scripts runs within {@link #call} only; so nothing that collecting garbage would run
 * may be within reach of scripts: no {@code newproxy}.
 *
 * <p>Threads: confined to one thread at a time.
 */
public final class LuaState extends LuaStack implements AutoCloseable {
    /** What {@link #call} gives when all went well. */
    public static final int OK = 0;

    /** As many results as there are. */
    public static final int ALL_RESULTS = -1;

    /** Scripts that want more get an error. */
    private static final long MOST_MEMORY = 512L << 20;

    private final Arena arena = Arena.ofShared();
    private final long main;
    private final LuaMemory memory;
    private final Upcalls upcalls;
    private long running;

    private LuaState(long mostMemory) {
        memory = new LuaMemory(arena, mostMemory, this::hurry);
        main = LuaNatives.call(LuaNatives.NEW_STATE, memory.function(), 0, 0, 0);
        if (main == 0) {
            throw new OutOfMemoryError("no memory for a Lua state");
        }
        current(main);
        upcalls = new Upcalls(this, arena);
    }

    /** A state with nothing in it but these libraries, installed in this order. */
    public static LuaState open(LuaLibrary... libraries) {
        return open(MOST_MEMORY, libraries);
    }

    /** A state whose scripts get an error when they want more than so many bytes. */
    public static LuaState open(long mostMemory, LuaLibrary... libraries) {
        LuaState lua = new LuaState(mostMemory);
        lua.upcalls.prepare();
        for (LuaLibrary library : libraries) {
            library.install(lua);
        }
        return lua;
    }

    /** Frees everything; nothing of it may be running. */
    @Override
    public void close() {
        LuaNatives.call(LuaNatives.CLOSE, main, 0, 0, 0);
        freeScratch();
        arena.close();
    }

    // ---- functions in Java

    /** A function that runs in Java. Each call takes a little memory for good. */
    public void pushFunction(LuaFunction function) {
        pushFunction(register(function), 0);
    }

    /** Makes a function known, so that it can be pushed by its number as often as one likes. */
    public int register(LuaFunction function) {
        return upcalls.register(function);
    }

    /**
     * Pushes a registered function; so many values on top are popped and go with it, to be found at
     * {@link #upvalue}.
     */
    public void pushFunction(int registered, int upvalues) {
        pushNumber(registered);
        insert(-1 - upvalues);
        pushClosure(upcalls.dispatch(), upvalues + 1);
    }

    // ---- code

    /**
     * Compiles a text and pushes the function it is, or else the error.
     *
     * @param name what errors call it: a place with {@code @} in front, a text with {@code =}
     * @return {@link #OK}, or a number of the library
     */
    public int load(long address, long length, String name) {
        byte[] text = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
        long copy = NativeHeap.allocate(text.length);
        Memory.copyIn(text, 0, copy, text.length);
        try {
            return (int) LuaNatives.call(LuaNatives.LOAD, current(), address, length, copy);
        } finally {
            NativeHeap.free(copy, text.length);
        }
    }

    /** As {@link #load(long, long, String)}, of one byte for each character. */
    public int load(String code, String name) {
        byte[] text = code.getBytes(StandardCharsets.ISO_8859_1);
        long copy = NativeHeap.allocate(Math.max(1, text.length));
        Memory.copyIn(text, 0, copy, text.length);
        try {
            return load(copy, text.length, name);
        } finally {
            NativeHeap.free(copy, Math.max(1, text.length));
        }
    }

    /**
     * Calls the function below its arguments, takes all of them away and pushes its results, or
     * else the error.
     *
     * @param handler place of a function that is shown the error where it happens, or 0
     * @return {@link #OK}, or a number of the library
     */
    public int call(int arguments, int results, int handler) {
        return call(current(), arguments, results, handler);
    }

    /**
     * As {@link #call(int, int, int)} of Lua's own function that resumes a coroutine, which is its
     * first argument.
     */
    public int resume(int arguments) {
        return call(toPointer(-arguments), arguments, ALL_RESULTS, 0);
    }

    private int call(long thread, int arguments, int results, int handler) {
        boolean before = memory.scriptRuns(true);
        long outer = running;
        running = thread;
        try {
            return (int) LuaNatives.call(LuaNatives.CALL, current(), arguments, results, handler);
        } finally {
            running = outer;
            memory.scriptRuns(before);
            if (!upcalls.isInFunction() && memory.isHigh()) {
                collect();
            }
        }
    }

    /**
     * Runs code of the server's own that pushes so many results.
     *
     * @throws IllegalStateException when it fails
     */
    public void run(String code, String name, int results) {
        if (load(code, name) != OK || call(0, results, 0) != OK) {
            throw new IllegalStateException(name + ": " + text(-1));
        }
    }

    /** Installs one of Lua's own libraries, as {@code math}; the base library is {@code base}. */
    public void openNative(String library) {
        pushNative("luaopen_" + library);
        pushString(library.equals("base") ? "" : library);
        if (call(1, 0, 0) != OK) {
            throw new IllegalStateException(text(-1));
        }
    }

    /** Bytes it has taken. */
    public long memory() {
        return memory.used();
    }

    /** Frees what nobody can reach, in one go. */
    public void collect() {
        LuaNatives.call(LuaNatives.COLLECT, main, 2, 0, 0);
    }

    /** Goes on collecting for a while; gives whether a round has ended. */
    public boolean collectSome(int kilobytes) {
        return (int) LuaNatives.call(LuaNatives.COLLECT, main, 5, kilobytes, 0) != 0;
    }

    /**
     * Has somebody asked after every so many instructions of a script, or fewer when they may take
     * long; his error ends it, and comes again after each instruction until {@link #watch} is
     * called anew, so that no script can catch it. With 0 nobody is asked.
     */
    public void watch(int instructions, LuaFunction watcher) {
        upcalls.watch(instructions, watcher);
    }

    /**
     * For functions that last long: asks the watcher as the script itself does.
     *
     * @throws LuaError when the script is to end
     */
    public void check() {
        upcalls.check();
        needMemory();
    }

    @Override
    void needMemory() {
        if (memory.isExceeded() && upcalls.isInFunction()) {
            throw new LuaError("not enough memory");
        }
    }

    boolean scriptRuns(boolean isRunning) {
        return memory.scriptRuns(isRunning);
    }

    /** Whether something in it is so big that a single instruction may take long. */
    public boolean hasBigValues() {
        return memory.big() > 0;
    }

    /** Bytes of what is so big. */
    long bigBytes() {
        return memory.big();
    }

    private void hurry() {
        upcalls.hurry(running);
    }

    // ---- arguments of Java functions

    /** An error of argument {@code i} in Lua's words. */
    public LuaError argument(int i, String problem) {
        int argument = i;
        String name = upcalls.callFact(0, CallFact.NAME);
        if (upcalls.callFact(0, CallFact.KIND).equals("method")) {
            argument--;
            if (argument == 0) {
                return new LuaError("calling '" + name + "' on bad self (" + problem + ")");
            }
        }
        return new LuaError(
                "bad argument #"
                        + argument
                        + " to '"
                        + (name.isEmpty() ? "?" : name)
                        + "' ("
                        + problem
                        + ")");
    }

    /** An error of argument {@code i}, which has the wrong type. */
    public LuaError wrongType(int i, String expected) {
        return argument(i, expected + " expected, got " + LuaType.name(type(i)));
    }

    /**
     * Argument {@code i} as a number.
     *
     * @throws LuaError when it is none
     */
    public double numberArgument(int i) {
        if (!isNumber(i)) {
            throw wrongType(i, "number");
        }
        return toNumber(i);
    }

    /**
     * Argument {@code i} as an integer; fractions are dropped.
     *
     * @throws LuaError when it is no number
     */
    public long integerArgument(int i) {
        return (long) numberArgument(i);
    }

    /**
     * Argument {@code i} as {@link #string} gives it.
     *
     * @throws LuaError when it is neither a string nor a number
     */
    public long stringArgument(int i) {
        long address = string(i);
        if (address == 0) {
            throw wrongType(i, "string");
        }
        return address;
    }

    /**
     * Checks that argument {@code i} is a table.
     *
     * @throws LuaError when it is none
     */
    public void tableArgument(int i) {
        if (!isTable(i)) {
            throw wrongType(i, "table");
        }
    }

    /** Where the caller of the running function is, as errors tell it; empty when it is not Lua. */
    public String place() {
        upcalls.pushPlace(1);
        String place = text(-1);
        pop(1);
        return place;
    }

    /** Who called, and how, seen from a Java function: level 0 is the function itself. */
    public String callFact(int level, CallFact what) {
        return upcalls.callFact(level, what);
    }
}
