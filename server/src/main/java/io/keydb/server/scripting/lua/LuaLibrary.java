package io.keydb.server.scripting.lua;

/**
 * Something scripts find in their state: a table of functions, or a change of the language.
 *
 * <p>Threads: called by whoever owns the state.
 */
@FunctionalInterface
public interface LuaLibrary {
    /** Adds itself to a state; leaves its stack as it was. */
    void install(LuaState lua);
}
