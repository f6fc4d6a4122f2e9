package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * Lua's functions that look at tables past their metatables, made aware of protected tables. What
 * may raise an error of Lua is left to Lua's own function, within a protected call.
 *
 * <p>Threads: as the state it is installed in.
 */
final class TableFunctions {
    /**
     * Lua's own {@code table.insert} moves the elements one by one down to the position, be it two
     * thousand millions before the first, and nobody could end it.
     */
    private static final int MOST_PLACES_BEFORE = 1_000_000;

    private static final String WRONG_ORDER = "invalid order function for sorting";

    private final LuaState lua;
    private final ProtectedTables tables;
    private final int nativeNext;
    private final int nativeInsert;
    private final int nativeForeach;
    private final int nativeSort;
    private final int isLess;
    private final int next;

    TableFunctions(LuaState lua, ProtectedTables tables) {
        this.lua = lua;
        this.tables = tables;
        lua.get(LuaState.GLOBALS, "next");
        nativeNext = lua.keep();
        lua.get(LuaState.GLOBALS, "table");
        lua.get(-1, "insert");
        nativeInsert = lua.keep();
        lua.get(-1, "foreach");
        nativeForeach = lua.keep();
        lua.get(-1, "sort");
        nativeSort = lua.keep();
        lua.pop(1);
        lua.run("return function(a, b) return a < b end", "=(sort)", 1);
        isLess = lua.keep();
        next = lua.register(this::next);
    }

    void install() {
        replace(LuaState.GLOBALS, "rawset", this::rawSet);
        replace(LuaState.GLOBALS, "rawget", this::rawGet);
        replace(LuaState.GLOBALS, "pairs", this::pairs);
        replace(LuaState.GLOBALS, "next", this::next);
        replace(LuaState.GLOBALS, "setmetatable", this::setMetatable);
        replace(LuaState.GLOBALS, "getmetatable", this::getMetatable);
        replace(LuaState.GLOBALS, "unpack", TableFunctions::unpack);
        lua.get(LuaState.GLOBALS, "table");
        replace(-1, "insert", this::insert);
        replace(-1, "foreach", this::foreach);
        replace(-1, "sort", this::sort);
        lua.pop(1);
    }

    private void replace(int table, String name, LuaFunction function) {
        lua.pushFunction(function);
        lua.set(table < 0 && table > LuaState.REGISTRY ? table - 1 : table, name);
    }

    private int rawSet(LuaState unused) {
        lua.tableArgument(1);
        needValue(2);
        needValue(3);
        lua.top(3);
        tables.needWritable(1);
        Keys.need(lua, 2);
        lua.set(1);
        return 1;
    }

    private int rawGet(LuaState unused) {
        lua.tableArgument(1);
        needValue(2);
        lua.top(2);
        unveil(1);
        lua.get(1);
        return 1;
    }

    /** Lua's own counts in 32 bits: asked for too many values, it writes beyond its stack. */
    private static int unpack(LuaState lua) {
        lua.tableArgument(1);
        int from = (int) Numbers.integerArgument(lua, 2, 1);
        int to =
                lua.type(3) <= LuaType.NIL
                        ? (int) lua.length(1)
                        : (int) Numbers.integerArgument(lua, 3);
        long count = (long) to - from + 1;
        if (count <= 0) {
            return 0;
        }
        if (count > Integer.MAX_VALUE || !lua.room((int) count)) {
            throw new LuaError("too many results to unpack");
        }
        for (int i = 0; i < count; i++) {
            lua.get(1, from + i);
        }
        return (int) count;
    }

    private int pairs(LuaState unused) {
        lua.tableArgument(1);
        if (tables.contains(1)) {
            lua.pushFunction(next, 0);
        } else {
            lua.pushKept(nativeNext);
        }
        lua.pushValue(1);
        lua.pushNil();
        return 3;
    }

    private int next(LuaState unused) {
        lua.tableArgument(1);
        lua.top(2);
        unveil(1);
        if (lua.isNil(2)) {
            if (lua.next(1)) {
                return 2;
            }
            lua.pushNil();
            return 1;
        }
        lua.pushKept(nativeNext);
        lua.insert(1);
        return call(2);
    }

    private int setMetatable(LuaState unused) {
        int type = lua.type(2);
        lua.tableArgument(1);
        if (type != LuaType.NIL && type != LuaType.TABLE) {
            throw lua.argument(2, "nil or table expected");
        }
        if (!tables.contains(1) && pushHidingField(1)) {
            throw new LuaError("cannot change a protected metatable");
        }
        lua.top(2);
        tables.needWritable(1);
        lua.setMetatable(1);
        return 1;
    }

    private int getMetatable(LuaState unused) {
        needValue(1);
        if (tables.contains(1)) {
            tables.pushMetatable(1);
        } else if (!pushHidingField(1)) {
            if (lua.metatable(1)) {
                tables.show();
            } else {
                lua.pushNil();
            }
        }
        return 1;
    }

    /** Pushes the field by which a metatable hides itself, when there is one. */
    private boolean pushHidingField(int index) {
        if (!lua.metatable(index)) {
            return false;
        }
        lua.get(-1, "__metatable");
        if (lua.isNil(-1)) {
            lua.pop(2);
            return false;
        }
        return true;
    }

    private int insert(LuaState unused) {
        lua.tableArgument(1);
        int count = lua.top();
        if (count == 3) {
            if ((int) Numbers.integerArgument(lua, 2) < -MOST_PLACES_BEFORE) {
                throw lua.argument(2, "position out of bounds");
            }
            tables.needWritable(1);
            lua.pushKept(nativeInsert);
            lua.insert(1);
            return call(3);
        }
        if (count != 2) {
            throw new LuaError("wrong number of arguments to 'insert'");
        }
        tables.needWritable(1);
        lua.set(1, (int) lua.length(1) + 1);
        return 0;
    }

    private int foreach(LuaState unused) {
        lua.tableArgument(1);
        if (!lua.isFunction(2)) {
            throw lua.wrongType(2, "function");
        }
        lua.top(2);
        unveil(1);
        lua.pushKept(nativeForeach);
        lua.insert(1);
        return call(2);
    }

    /** Where comparing may take long it is done by Lua code, which can be ended. */
    private int sort(LuaState unused) {
        lua.tableArgument(1);
        if (lua.type(2) > LuaType.NIL && !lua.isFunction(2)) {
            throw lua.wrongType(2, "function");
        }
        lua.top(2);
        if (lua.isNil(2) && lua.hasBigValues()) {
            lua.pushKept(isLess);
            lua.replace(2);
        }
        lua.pushKept(nativeSort);
        lua.insert(1);
        if (lua.call(2, 0, 0) == LuaState.OK) {
            return 0;
        }
        if (lua.type(-1) == LuaType.STRING && lua.text(-1).equals(WRONG_ORDER)) {
            throw new LuaError(WRONG_ORDER); // Lua tells the place of who called sort
        }
        throw LuaError.ON_TOP;
    }

    /** Calls the function at the bottom of the stack; its results are ours. */
    private int call(int arguments) {
        if (lua.call(arguments, LuaState.ALL_RESULTS, 0) != LuaState.OK) {
            throw LuaError.ON_TOP;
        }
        return lua.top();
    }

    private void unveil(int index) {
        if (tables.contains(index)) {
            tables.pushTable(index);
            lua.replace(index);
        }
    }

    private void needValue(int argument) {
        if (lua.type(argument) == LuaType.NONE) {
            throw lua.argument(argument, "value expected");
        }
    }
}
