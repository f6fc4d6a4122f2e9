package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * {@code load} and {@code loadstring} that compile text only: bytecode is not checked by Lua and
 * could do anything to the process. It is handed on with a blank in front, so that it fails as any
 * bad text does.
 *
 * <p>The pieces that {@code load} gets are put together before they are compiled, because garbage
 * that is collected while a piece is fetched would take away what the compiler still uses.
 *
 * <p>Threads: as the state it is installed in.
 */
final class LoadFunctions {
    private static final byte BYTECODE = 0x1b;

    /** Bytes of text; a function that gives pieces for ever gets no further. */
    private static final long LARGEST = 16 << 20;

    private final LuaState lua;
    private final int nativeLoadString;

    LoadFunctions(LuaState lua) {
        this.lua = lua;
        lua.get(LuaState.GLOBALS, "loadstring");
        nativeLoadString = lua.keep();
    }

    void install() {
        lua.pushFunction(this::loadString);
        lua.set(LuaState.GLOBALS, "loadstring");
        lua.pushFunction(this::load);
        lua.set(LuaState.GLOBALS, "load");
    }

    private int loadString(LuaState unused) {
        lua.stringArgument(1);
        if (lua.type(2) <= LuaType.NIL) {
            lua.top(1);
            lua.pushValue(1);
        } else {
            lua.stringArgument(2);
            lua.top(2);
        }
        return compile();
    }

    private int load(LuaState unused) {
        if (!lua.isFunction(1)) {
            throw lua.wrongType(1, "function");
        }
        if (lua.type(2) <= LuaType.NIL) {
            lua.top(1);
            lua.pushString("=(load)");
        } else {
            lua.stringArgument(2);
            lua.top(2);
        }
        try (NativeBuffer text = new NativeBuffer()) {
            if (!collect(text)) {
                return 2;
            }
            text.push(lua);
        }
        lua.replace(1);
        return compile();
    }

    /**
     * Puts together the pieces that the function at 1 gives; false, with nil and the reason pushed,
     * when it fails.
     */
    private boolean collect(NativeBuffer text) {
        while (true) {
            lua.pushValue(1);
            boolean isDone = lua.call(0, 1, 0) == LuaState.OK;
            String problem = null;
            if (isDone && !lua.isNil(-1) && !lua.isString(-1)) {
                problem = lua.place() + "reader function must return a string";
            } else if (text.length() > LARGEST) {
                problem = "not enough memory";
            }
            if (!isDone || problem != null) {
                lua.pushNil();
                lua.insert(-2);
                if (problem != null) {
                    lua.pop(1);
                    lua.pushString(problem);
                }
                return false;
            }
            long piece = lua.string(-1);
            int length = lua.stringLength();
            text.append(piece, length);
            boolean isRefused =
                    text.length() == length && length > 0 && Memory.getByte(piece) == BYTECODE;
            lua.pop(1);
            if (length == 0 || isRefused) {
                return true;
            }
        }
    }

    /** Compiles the text at 1, called the name at 2. */
    private int compile() {
        long text = lua.string(1);
        int length = lua.stringLength();
        if (length > 0 && Memory.getByte(text) == BYTECODE) {
            try (NativeBuffer blank = new NativeBuffer()) {
                blank.append(' ');
                blank.append(text, length);
                blank.push(lua);
            }
            lua.replace(1);
        }
        lua.pushKept(nativeLoadString);
        lua.insert(1);
        if (lua.call(2, LuaState.ALL_RESULTS, 0) != LuaState.OK) {
            throw LuaError.ON_TOP;
        }
        return lua.top();
    }
}
