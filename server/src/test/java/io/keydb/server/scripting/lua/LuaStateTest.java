package io.keydb.server.scripting.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls between Java and Lua, and errors on their way through both. */
class LuaStateTest {
    private final LuaState lua = LuaState.open(state -> state.openNative("base"));

    @AfterEach
    void close() {
        assertThat(lua.top()).isZero();
        lua.close();
    }

    @Test
    void codeComputes() {
        assertThat(eval("return 6 * 7")).isEqualTo("42");
    }

    @Test
    void textsMayHoldAnyByte() {
        lua.pushString(new byte[] {0, 1, (byte) 0xFF});
        lua.set(LuaState.GLOBALS, "x");
        assertThat(eval("return #x .. x")).isEqualTo("3\0\1\u00FF");
    }

    @Test
    void javaFunctionsTakeAndGiveValues() {
        define(
                "add",
                state -> {
                    state.pushNumber(state.numberArgument(1) + state.numberArgument(2));
                    return 1;
                });
        assertThat(eval("return add(1, add(2, '3'))")).isEqualTo("6");
    }

    @Test
    void errorsTellThePlaceInTheScript() {
        define(
                "fail",
                state -> {
                    throw new LuaError("no way");
                });
        assertThat(eval("\nreturn fail()")).isEqualTo("error: test:2: no way");
        assertThat(eval("local ok, e = pcall(fail) return e")).isEqualTo("no way");
        assertThat(eval("local ok, e = pcall(function() fail() end) return e"))
                .isEqualTo("test:1: no way");
    }

    @Test
    void errorsMayBeAnyValue() {
        define(
                "fail",
                state -> {
                    state.newTable(0, 1);
                    state.pushString("mine");
                    state.set(-2, "err");
                    throw LuaError.ON_TOP;
                });
        assertThat(eval("local ok, e = pcall(fail) return e.err")).isEqualTo("mine");
    }

    @Test
    void anErrorIsRaisedOnce() {
        define(
                "fail",
                state -> {
                    throw new LuaError("no way");
                });
        assertThat(
                        eval(
                                "local n = 0 for i = 1, 100 do if not pcall(fail) then n = n + 1"
                                        + " end tostring(i) end return n"))
                .isEqualTo("100");
    }

    @Test
    void errorsEndCoroutinesToo() {
        define(
                "fail",
                state -> {
                    throw new LuaError("no way");
                });
        assertThat(
                        eval(
                                "local c = coroutine.create(function() coroutine.yield(1) fail()"
                                        + " end) coroutine.resume(c) local ok, e ="
                                        + " coroutine.resume(c) return e .. tostring(ok) .."
                                        + " coroutine.status(c)"))
                .isEqualTo("test:1: no wayfalsedead");
    }

    @Test
    void wrongArgumentsAreNamedAsLuaDoes() {
        define(
                "half",
                state -> {
                    state.pushNumber(state.numberArgument(1) / 2);
                    return 1;
                });
        assertThat(eval("return half({})"))
                .isEqualTo("error: test:1: bad argument #1 to 'half' (number expected, got table)");
        assertThat(eval("local h = half return h()"))
                .isEqualTo("error: test:1: bad argument #1 to 'h' (number expected, got no value)");
    }

    @Test
    void aFailureOfTheServersOwnIsAnError() {
        define(
                "bug",
                state -> {
                    throw new IllegalStateException("meant to fail");
                });
        assertThat(eval("local ok, e = pcall(bug) return e"))
                .isEqualTo("internal error, see the server's log");
    }

    @Test
    void aWatchedScriptEnds() {
        AtomicInteger asked = new AtomicInteger();
        lua.watch(
                1000,
                state -> {
                    if (asked.incrementAndGet() > 3) {
                        throw new LuaError("killed");
                    }
                    return 0;
                });
        assertThat(eval("while true do end")).isEqualTo("error: test:1: killed");
        assertThat(asked).hasValue(4);
        assertThat(eval("return 1")).isEqualTo("error: test:1: killed");
        lua.watch(0, state -> 0);
        assertThat(eval("return 1")).isEqualTo("1");
    }

    @Test
    void aWatchedScriptCannotCatchItsEnd() {
        lua.watch(
                1000,
                state -> {
                    throw new LuaError("killed");
                });
        assertThat(eval("while true do pcall(function() while true do end end) end"))
                .isEqualTo("error: test:1: killed");
        lua.watch(1000, state -> 0);
        lua.watch(
                1000,
                state -> {
                    throw new LuaError("killed");
                });
        assertThat(
                        eval(
                                "while true do coroutine.wrap(function() while true do end end)()"
                                        + " end"))
                .contains("killed");
        lua.watch(0, state -> 0);
    }

    @Test
    void badCodeIsAnError() {
        assertThat(lua.load("return +", "@test")).isNotEqualTo(LuaState.OK);
        assertThat(lua.text(-1)).isEqualTo("test:1: unexpected symbol near '+'");
        lua.pop(1);
    }

    private void define(String name, LuaFunction function) {
        lua.pushFunction(function);
        lua.set(LuaState.GLOBALS, name);
    }

    private String eval(String code) {
        if (lua.load(code, "@test") != LuaState.OK || lua.call(0, 1, 0) != LuaState.OK) {
            String error = "error: " + lua.text(-1);
            lua.pop(1);
            return error;
        }
        String result = lua.text(-1);
        lua.pop(1);
        return result;
    }
}
