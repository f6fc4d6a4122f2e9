package io.keydb.server.scripting.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Patterns give what Lua's own functions give, and end when they are told to. */
class PatternTest {
    private static final String[] PIECES = {
        "a", "b", ".", "%a", "%d", "%s", "%w", "%x", "%p", "%l", "%u", "%W", "%.", "[ab]", "[^a]",
        "[a-c%d]", "[]]", "(", ")", "()", "*", "+", "-", "?", "^", "$", "%b()", "%f[%w]", "%1", "%",
        "[", "%z", "]", "1"
    };

    /** Calls a function of ours and Lua's own and tells what differs. */
    private static final String COMPARING =
            "function both(name, ...) "
                    + "local function text(...) local r = {} "
                    + "for i = 1, select('#', ...) do r[i] = tostring((select(i, ...))) end "
                    + "return table.concat(r, '|') end "
                    + "local theirs = text(pcall(native[name], ...)) "
                    + "local ours = text(pcall(string[name], ...)) "
                    + "return ours == theirs and '' or ours .. ' not ' .. theirs end "
                    + "function all(f) return function(s, p) local r = {} "
                    + "for a, b in f(s, p) do r[#r + 1] = tostring(a) .. tostring(b) end "
                    + "return table.concat(r, ',') end end "
                    + "native.all = all(native.gmatch) string.all = all(string.gmatch)";

    private static final LuaFunction WATCHER =
            state -> {
                throw new LuaError("stop");
            };

    private final LuaState lua =
            LuaState.open(
                    32 << 20,
                    state -> {
                        state.openNative("base");
                        state.openNative("string");
                        state.run( // globals until the sandbox takes their place
                                "native = {} for k, v in pairs(string) do native[k] = v end",
                                "=keep",
                                0);
                    },
                    new BaseLibraries(),
                    state -> state.run(COMPARING, "=comparing", 0),
                    new Sandbox());

    @AfterEach
    void close() {
        lua.close();
    }

    @Test
    void randomPatternsGiveWhatLuaGives() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 4_000; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int n = random.nextInt(7); n >= 0; n--) {
                pattern.append(PIECES[random.nextInt(PIECES.length)]);
            }
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("abcAB1 .()".charAt(random.nextInt(10)));
            }
            String arguments = ", '" + text + "', '" + pattern + "'";
            for (String call :
                    new String[] {
                        "'find'" + arguments + ", " + (random.nextInt(6) - 2),
                        "'match'" + arguments,
                        "'gsub'" + arguments + ", '<%0%1>'",
                        "'gsub'" + arguments + ", {a = 1, b = false}",
                        "'gsub'" + arguments + ", function(x) return x end, 2",
                        "'all'" + arguments
                    }) {
                assertThat(evaluate("return both(" + call + ")"))
                        .as("seed %s: %s", seed, call)
                        .isEmpty();
            }
        }
    }

    @Test
    void patternsTooDeepAreAnError() {
        assertThat(evaluate("return ('a'):rep(1e6):find(('a?'):rep(1e6))"))
                .isEqualTo("test:1: pattern too complex");
        assertThat(evaluate("return ('a'):rep(100):find(('a?'):rep(100))")).isEqualTo("1");
    }

    @Test
    void patternsThatLastAreStopped() {
        lua.watch(100_000, WATCHER);
        for (String search :
                List.of(
                        "find, ('a'):rep(1000), ('a*'):rep(30) .. 'b'",
                        "find, ('('):rep(1000000), '%b()'",
                        "find, ('a'):rep(1000000), '[^' .. ('b'):rep(100000) .. 'a]'",
                        "find, ('a'):rep(1000000), '(a*)%1b'",
                        "find, ('a'):rep(1000000), ('a'):rep(500000) .. 'b', 1, true")) {
            assertThat(evaluate("while true do pcall(string." + search + ") end"))
                    .as(search)
                    .endsWith("stop");
            lua.watch(0, state -> 0);
            lua.watch(100_000, WATCHER);
        }
    }

    @Test
    void memoryIsLimited() {
        for (String bomb :
                new String[] {
                    "local s = 'x' while true do s = s .. s end",
                    "return ('x'):rep(1e9)",
                    "local t = {} while true do t[#t + 1] = {} end",
                    "local t = {} for i = 1, 1e9 do t[i] = i end",
                    "return (('x'):rep(1e6):gsub('x', ('y'):rep(1e6)))"
                }) {
            assertThat(evaluate(bomb)).as(bomb).endsWith("not enough memory");
        }
        assertThat(evaluate("return 1")).isEqualTo("1");
        assertThat(lua.memory()).isLessThan(1 << 20);
    }

    @Test
    void manyParametersAndManyArgumentsDoNoHarm() {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < 190; i++) {
            parameters.append('p').append(i).append(", ");
        }
        assertThat(
                        evaluate(
                                "local function f("
                                        + parameters
                                        + "...) return select('#', ...) end local function g(n,"
                                        + " ...) if n == 0 then return f(...) end local a = f()"
                                        + " local r = g(n - 1, ...) return r end for i = 1, 300 do"
                                        + " g(i % 60) coroutine.wrap(g)(i % 50) end return"
                                        + " 'whole'"))
                .isEqualTo("whole");
    }

    @Test
    void callsNestedAsDeepAsCanBeNeedLittleStack() throws InterruptedException {
        List<String> results = new ArrayList<>();
        Thread small =
                new Thread(
                        null,
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                results.add(
                                        evaluate(
                                                "local function f(s) return s:gsub('x', f) end "
                                                        + "f('x')"));
                                results.add(
                                        evaluate(
                                                "local f f = function() local t = setmetatable({},"
                                                        + " {__index = f}) return t.x end f()"));
                                results.add(
                                        evaluate(
                                                "local function f() return"
                                                        + " coroutine.wrap(function(s) return"
                                                        + " s:gsub('x', f) end)('x') end f()"));
                            }
                        },
                        "small",
                        2 << 20);
        small.start();
        small.join();
        assertThat(results).hasSize(600).allMatch(text -> text.contains("stack overflow"));
    }

    private String evaluate(String code) {
        lua.top(0);
        if (lua.load(code, "=test") == LuaState.OK) {
            lua.call(0, 1, 0);
        }
        return lua.text(-1);
    }
}
