package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * The library {@code cmsgpack}: values as MessagePack.
 *
 * <p>Threads: as the state it is installed in.
 */
public final class MessagePackLibrary implements LuaLibrary {
    @Override
    public void install(LuaState lua) {
        new Functions(lua)
                .add("pack", MessagePackLibrary::pack)
                .add("unpack", call -> unpack(call, 0, 0))
                .add("unpack_one", MessagePackLibrary::unpackOne)
                .add("unpack_limit", MessagePackLibrary::unpackLimit)
                .add("_NAME", "cmsgpack")
                .add("_VERSION", "lua-cmsgpack 0.4.0")
                .add("_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo")
                .add("_DESCRIPTION", "MessagePack C implementation for Lua")
                .install("cmsgpack");
    }

    private static int pack(LuaState lua) {
        int arguments = lua.top();
        if (arguments == 0) {
            throw lua.argument(0, "MessagePack pack needs input.");
        }
        if (!lua.room(arguments)) {
            throw lua.argument(0, "Too many arguments for MessagePack pack.");
        }
        try (NativeBuffer to = new NativeBuffer()) {
            MessagePackWriter writer = new MessagePackWriter(lua, to);
            for (int i = 1; i <= arguments; i++) {
                lua.pushValue(i);
                writer.write();
            }
            to.push(lua);
        }
        return 1;
    }

    private static int unpackOne(LuaState lua) {
        long offset = Numbers.integerArgument(lua, 2, 0);
        lua.top(Math.min(1, lua.top()));
        return unpack(lua, 1, offset);
    }

    private static int unpackLimit(LuaState lua) {
        long limit = Numbers.integerArgument(lua, 2);
        long offset = Numbers.integerArgument(lua, 3, 0);
        lua.top(1);
        return unpack(lua, limit, offset);
    }

    /**
     * Unpacks values one behind the other: all, when limit and offset are 0; or else at most so
     * many, with the offset of what is left in front of them, or -1.
     */
    private static int unpack(LuaState lua, long limit, long offset) {
        long data = lua.stringArgument(1);
        long length = lua.stringLength();
        if (offset < 0 || limit < 0) {
            throw new LuaError(
                    "Invalid request to unpack with offset of "
                            + (int) offset
                            + " and limit of "
                            + (int) length
                            + ".");
        }
        if (offset > length) {
            throw new LuaError(
                    "Start offset "
                            + (int) offset
                            + " greater than input length "
                            + (int) length
                            + ".");
        }
        boolean isAll = limit == 0 && offset == 0;
        long most = isAll ? Integer.MAX_VALUE : limit;
        MessagePackReader reader = new MessagePackReader(lua, data + offset, data + length);
        int count = 0;
        while (!reader.isAtEnd() && count < most) {
            reader.read();
            count++;
        }
        if (isAll) {
            return count;
        }
        Numbers.needRoom(lua, 1, "in function mp_unpack_full");
        lua.pushNumber(reader.isAtEnd() ? -1 : reader.position() - data);
        lua.insert(2);
        return count + 1;
    }
}
