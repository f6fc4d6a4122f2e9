package io.keydb.server.scripting.library;

import io.keydb.server.scripting.library.JsonScanner.Token;
import io.keydb.server.scripting.library.JsonSettings.Setting;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;

/**
 * Reads JSON onto Lua's stack. Null is a pointer to nothing, because a table cannot keep nil.
 *
 * <p>Threads: confined to one call.
 */
final class JsonReader {
    private final LuaState lua;
    private final JsonScanner scanner;
    private final int maxDepth;
    private int depth;

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
        } catch (StackOverflowError tooDeep) {
            throw tooDeep();
        }
    }

    private void value() {
        switch (scanner.token()) {
            case T_STRING -> lua.pushString(scanner.textAddress(), scanner.textLength());
            case T_NUMBER -> lua.pushNumber(scanner.number());
            case T_BOOLEAN -> lua.pushBoolean(scanner.number() != 0);
            case T_OBJ_BEGIN -> object();
            case T_ARR_BEGIN -> array();
            case T_NULL -> lua.pushPointer(0);
            default -> throw unexpected("value");
        }
    }

    private void object() {
        descend(3);
        lua.newTable(0, 0);
        if (scanner.next() != Token.T_OBJ_END) {
            while (true) {
                if (scanner.token() != Token.T_STRING) {
                    throw unexpected("object key string");
                }
                lua.pushString(scanner.textAddress(), scanner.textLength());
                expect(Token.T_COLON, "colon");
                scanner.next();
                value();
                lua.set(-3);
                if (scanner.next() == Token.T_OBJ_END) {
                    break;
                }
                if (scanner.token() != Token.T_COMMA) {
                    throw unexpected("comma or object end");
                }
                scanner.next();
            }
        }
        depth--;
    }

    private void array() {
        descend(2);
        lua.newTable(0, 0);
        if (scanner.next() != Token.T_ARR_END) {
            for (int i = 1; ; i++) {
                value();
                lua.set(-2, i);
                if (scanner.next() == Token.T_ARR_END) {
                    break;
                }
                if (scanner.token() != Token.T_COMMA) {
                    throw unexpected("comma or array end");
                }
                scanner.next();
            }
        }
        depth--;
    }

    private void descend(int slots) {
        depth++;
        if (depth > maxDepth || !lua.room(slots)) {
            throw tooDeep();
        }
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
