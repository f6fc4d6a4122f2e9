package io.keydb.server.scripting;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.resp.DoubleText;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * The arguments of {@code redis.call} as a request. Strings stay where Lua has them, which is on
 * its stack, until the call returns; numbers are written out.
 *
 * <p>Threads: confined to who runs the script.
 */
final class ScriptArguments implements AutoCloseable {
    /** The longest text of a number, rounded up. */
    private static final int NUMBER_BYTES = 32;

    private final Request request = new Request();
    private long numbers;
    private int room;
    private int used;

    Request request() {
        return request;
    }

    /** Takes all values on the stack; false when one is neither a string nor a number. */
    boolean take(LuaState lua) {
        request.clear();
        used = 0;
        int count = lua.top();
        for (int i = 1; i <= count; i++) {
            switch (lua.type(i)) {
                case LuaType.STRING -> {
                    long address = lua.string(i);
                    request.add(address, lua.stringLength());
                }
                case LuaType.NUMBER -> number(lua.toNumber(i), count);
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void number(double value, int most) {
        if (most > room) {
            // Arguments before this one are strings: no number is written yet when room is taken.
            close();
            numbers = NativeHeap.allocate((long) most * NUMBER_BYTES);
            room = most;
        }
        long at = numbers + (long) used++ * NUMBER_BYTES;
        if (DoubleText.isPlainInteger(value)) {
            request.add(at, (int) (DecimalText.write(at, (long) value) - at));
        } else {
            byte[] text = DoubleText.bytes(value);
            Memory.copyIn(text, 0, at, text.length);
            request.add(at, text.length);
        }
    }

    @Override
    public void close() {
        if (room > 0) {
            NativeHeap.free(numbers, (long) room * NUMBER_BYTES);
            room = 0;
        }
    }
}
