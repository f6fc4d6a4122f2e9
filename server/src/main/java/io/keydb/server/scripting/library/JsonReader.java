package io.keydb.server.scripting.library;

import io.keydb.server.scripting.library.JsonScanner.Token;
import io.keydb.server.scripting.library.JsonSettings.Setting;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import java.util.Arrays;

/**
 * Reads JSON onto Lua's stack. Null is a pointer to nothing, because a table cannot keep nil.
 *
 * <p>Threads: confined to one call.
 */
final class JsonReader {
    private static final int OBJECT = -1;

    private final LuaState lua;
    private final JsonScanner scanner;
    private final int maxDepth;
    private int depth;

    /** For each open container, {@link #OBJECT} or the elements an array has so far. */
    private int[] containers = new int[8];

    JsonReader(LuaState lua, JsonSettings settings, long text, int length) {
        this.lua = lua;
        scanner = new JsonScanner(text, length, settings.get(Setting.DECODE_INVALID_NUMBERS) != 0);
        maxDepth = settings.get(Setting.DECODE_MAX_DEPTH);
    }

    /**
     * Pushes the one value of the text.
     *
     * @throws LuaError when it is no JSON
     */
    void read() {
        if (scanner.isWide()) {
            throw new LuaError("JSON parser does not support UTF-16 or UTF-32");
        }
        try (scanner) {
            scanner.next();
            value();
            expect(Token.T_END, "the end");
        }
    }

    /**
     * The value that begins with the token at hand. The containers it is nested in lie on Lua's
     * stack, each with the key that waits for a value; there is no recursion, which a text could
     * drive beyond the thread's stack.
     */
    private void value() {
        while (true) {
            boolean isOpened = false;
            switch (scanner.token()) {
                case T_STRING -> lua.pushString(scanner.textAddress(), scanner.textLength());
                case T_NUMBER -> lua.pushNumber(scanner.number());
                case T_BOOLEAN -> lua.pushBoolean(scanner.number() != 0);
                case T_NULL -> lua.pushPointer(0);
                case T_OBJ_BEGIN -> {
                    open(OBJECT, 3);
                    isOpened = scanner.next() != Token.T_OBJ_END;
                    if (isOpened) {
                        key();
                    } else {
                        depth--;
                    }
                }
                case T_ARR_BEGIN -> {
                    open(0, 2);
                    isOpened = scanner.next() != Token.T_ARR_END;
                    if (!isOpened) {
                        depth--;
                    }
                }
                default -> throw unexpected("value");
            }
            if (!isOpened && !store()) {
                return;
            }
        }
    }

    /**
     * Puts the value on top where it belongs and closes what ends with it; false when no container
     * is left, or else the next value's token is at hand.
     */
    private boolean store() {
        while (depth > 0) {
            int elements = containers[depth - 1];
            boolean isObject = elements == OBJECT;
            if (isObject) {
                lua.set(-3);
            } else {
                containers[depth - 1] = elements + 1;
                lua.set(-2, elements + 1);
            }
            Token token = scanner.next();
            if (token == Token.T_COMMA) {
                scanner.next();
                if (isObject) {
                    key();
                }
                return true;
            }
            if (token != (isObject ? Token.T_OBJ_END : Token.T_ARR_END)) {
                throw unexpected(isObject ? "comma or object end" : "comma or array end");
            }
            depth--;
        }
        return false;
    }

    /** Pushes a key and goes on to its value. */
    private void key() {
        if (scanner.token() != Token.T_STRING) {
            throw unexpected("object key string");
        }
        lua.pushString(scanner.textAddress(), scanner.textLength());
        expect(Token.T_COLON, "colon");
        scanner.next();
    }

    private void open(int kind, int slots) {
        depth++;
        if (depth > maxDepth || !lua.room(slots)) {
            throw tooDeep();
        }
        if (depth > containers.length) {
            containers = Arrays.copyOf(containers, containers.length * 2);
        }
        containers[depth - 1] = kind;
        lua.newTable(0, 0);
    }

    private LuaError tooDeep() {
        return new LuaError(
                "Found too many nested data structures ("
                        + depth
                        + ") at character "
                        + scanner.position());
    }

    private void expect(Token token, String name) {
        if (scanner.next() != token) {
            throw unexpected(name);
        }
    }

    private LuaError unexpected(String expected) {
        return new LuaError(
                "Expected "
                        + expected
                        + " but found "
                        + scanner.found()
                        + " at character "
                        + (scanner.start() + 1));
    }
}
