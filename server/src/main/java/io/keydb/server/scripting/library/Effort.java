package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaState;

/**
 * What a function that may last long has done, in steps of a few nanoseconds; now and then it asks
 * whether its script is to end.
 *
 * <p>Threads: as the state it belongs to.
 */
final class Effort {
    private static final int STEPS = 1 << 18;

    /** So many bytes are compared in the time of a step. */
    private static final int BYTES = 64;

    private final LuaState lua;
    private long left = STEPS;

    Effort(LuaState lua) {
        this.lua = lua;
    }

    void step() {
        spend(1);
    }

    /** So many bytes have been looked at in one go. */
    void bytes(long count) {
        spend(1 + count / BYTES);
    }

    void spend(long steps) {
        left -= steps;
        if (left <= 0) {
            left = STEPS;
            lua.check();
        }
    }
}
