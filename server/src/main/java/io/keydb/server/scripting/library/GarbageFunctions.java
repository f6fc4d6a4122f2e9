package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * {@code collectgarbage} that collects, but changes nothing about how garbage is collected: that
 * belongs to all scripts of the state. One that had it stopped, or begun anew with every
 * allocation, would have harmed those behind it.
 *
 * <p>Threads: as the state it is installed in.
 */
final class GarbageFunctions implements LuaLibrary {
    private static final double KILOBYTE = 1024;

    /** Lua's own pace in percent, which {@code setpause} and {@code setstepmul} leave as it is. */
    private static final int PACE = 200;

    @Override
    public void install(LuaState lua) {
        lua.pushFunction(GarbageFunctions::collectGarbage);
        lua.set(LuaState.GLOBALS, "collectgarbage");
    }

    private static int collectGarbage(LuaState lua) {
        String option = "collect";
        if (lua.type(1) > LuaType.NIL) {
            lua.stringArgument(1);
            option = lua.text(1);
        }
        int argument = (int) Numbers.integerArgument(lua, 2, 0);
        switch (option) {
            case "collect" -> {
                lua.check();
                lua.collect();
                lua.pushNumber(0);
            }
            case "step" -> {
                lua.check();
                lua.pushBoolean(lua.collectSome(argument));
            }
            case "count" -> lua.pushNumber(lua.memory() / KILOBYTE);
            case "stop", "restart" -> lua.pushNumber(0);
            case "setpause", "setstepmul" -> lua.pushNumber(PACE);
            default -> throw lua.argument(1, "invalid option '" + option + "'");
        }
        return 1;
    }
}
