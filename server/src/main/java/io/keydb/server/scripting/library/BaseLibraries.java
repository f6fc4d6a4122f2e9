package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;
import java.util.List;

/**
 * Lua's own libraries as far as scripts may have them: nothing that reads files, prints, or reaches
 * into other functions. Those that could run away are our own.
 *
 * <p>Threads: immutable.
 */
public final class BaseLibraries implements LuaLibrary {
    private static final List<String> OPENED = List.of("base", "table", "string", "math");
    private static final List<String> LEFT_OUT =
            List.of("dofile", "loadfile", "print", "getfenv", "setfenv", "newproxy");

    @Override
    public void install(LuaState lua) {
        for (String library : OPENED) {
            lua.openNative(library);
        }
        for (String name : LEFT_OUT) {
            lua.pushNil();
            lua.set(LuaState.GLOBALS, name);
        }
        new StringFunctions().install(lua);
        new RandomLibrary().install(lua);
        new GarbageFunctions().install(lua);
    }
}
