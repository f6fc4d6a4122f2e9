package io.keydb.server.scripting.lua;

/**
 * A function that scripts call and Java runs.
 *
 * <p>Threads: called by whoever runs the script.
 */
@FunctionalInterface
public interface LuaFunction {
    /**
     * The arguments are at 1 to {@code lua.top()} of the stack; the results are what lies on top of
     * it in the end.
     *
     * @return how many results there are
     * @throws LuaError when the script is to see an error
     */
    int call(LuaState lua);
}
