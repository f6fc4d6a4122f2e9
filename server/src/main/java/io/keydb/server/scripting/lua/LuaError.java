package io.keydb.server.scripting.lua;

import java.nio.charset.StandardCharsets;

/**
 * An error that a {@link LuaFunction} raises in the script. Its value is either a text, in front of
 * which Lua puts the place in the script that called the function, or whatever lies on top of the
 * stack.
 *
 * <p>Threads: immutable.
 */
public final class LuaError extends RuntimeException {
    /** The value on top of the stack is the error. */
    public static final LuaError ON_TOP = new LuaError();

    private static final long serialVersionUID = 1L;

    private final boolean onTop;

    private LuaError() {
        super("the value on top of the stack", null, false, false);
        onTop = true;
    }

    /** An error with this text, one character for each byte. */
    public LuaError(String message) {
        super(message, null, false, false);
        onTop = false;
    }

    boolean isOnTop() {
        return onTop;
    }

    byte[] text() {
        return String.valueOf(getMessage()).getBytes(StandardCharsets.ISO_8859_1);
    }
}
