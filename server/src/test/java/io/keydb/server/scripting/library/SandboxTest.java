package io.keydb.server.scripting.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import io.keydb.server.scripting.lua.LuaState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts can and cannot do to what they share. */
class SandboxTest {
    private final long allocatedBefore = NativeHeap.allocatedBytes();
    private final Sandbox sandbox = new Sandbox();
    private final LuaState lua = LuaState.open(new BaseLibraries(), new BitLibrary(), sandbox);

    @AfterEach
    void nothingIsLeft() {
        lua.close();
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(allocatedBefore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = 1",
                "_G.x = 1",
                "bit.x = 1",
                "bit.band = nil",
                "string.rep = 1",
                "getmetatable('').__index = 1",
                "getmetatable('').__index.rep = 1",
                "getmetatable(_G).__index = nil",
                "local t = setmetatable({}, {__newindex = bit}) t.x = 1",
                "for k in pairs(_G) do _G[k] = nil end",
                "setmetatable(_G, {})",
                "setmetatable(bit, nil)",
                "rawset(_G, 'x', 1)",
                "rawset(bit, 'band', 1)",
                "rawset(getmetatable(_G), '__index', 1)",
                "table.insert(bit, 1)",
                "table.insert(_G, 1, 1)",
                "function string.x() end",
                "local _, t = pairs(bit) t.x = 1"
            })
    void nothingSharedCanBeChanged(String code) {
        assertThat(evaluate(code)).endsWith("Attempt to modify a readonly table");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "print",
                "dofile",
                "loadfile",
                "require",
                "module",
                "package",
                "io",
                "os",
                "debug",
                "getfenv",
                "setfenv",
                "newproxy",
                "java",
                "luajava"
            })
    void whatScriptsMustNotHaveIsUnknown(String name) {
        assertThat(evaluate("return " + name))
                .isEqualTo(
                        "test:1: Script attempted to access nonexistent global variable '"
                                + name
                                + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    local n = 0 for _ in pairs(bit) do n = n + 1 end return n          | 12
                    local n = 0 for _ in next, bit do n = n + 1 end return n           | 12
                    local n = 0 table.foreach(bit, function() n = n + 1 end) return n  | 12
                    return type(rawget(bit, 'band'))                                   | function
                    return tostring(_G._G == _G)                                       | true
                    return tostring(getmetatable('').__index == string)                | true
                    return tostring(getmetatable(bit))                                 | nil
                    return type(getmetatable(_G).__index)                              | function
                    return ('x'):rep(3)                                                | xxx
                    return type(bit)                                                   | table
                    return tostring(next({}))                                          | nil
                    return next({5})                                                   | 1
                    return select(2, next({5, 6}, 1))                                  | 6
                    return (select(2, pcall(next, {}, 1)))                             | invalid key to 'next'
                    return (select(2, loadstring('\\27Lua')))                          | [string "\u001bLua"]:1: unexpected symbol near 'char(27)'
                    return (select(2, load(function() return '\\27Lua' end)))          | (load):1: unexpected symbol near 'char(27)'
                    return loadstring('return 1 + 1')()                                | 2
                    return tostring(loadstring('return nope'))                         | ?
                    local f = loadstring('x = 1') return (select(2, pcall(f)))         | [string "x = 1"]:1: Attempt to modify a readonly table
                    local i = 0 return load(function() i = i + 1 return ({'return', ' 7'})[i] end)() | 7
                    local f = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return f(1) .. f(10) | 220
                    return tostring(coroutine.resume(coroutine.create(function() error('x') end))) | false
                    return coroutine.wrap(function() error('q') end)()                 | test:1: test:1: q
                    local f = coroutine.wrap(function() end) f() f()                   | test:1: cannot resume dead coroutine
                    return math.random(1000000)                                        | 396465
                    local t = {} table.insert(t, -5, 1) return t[-5]                   | 1
                    local t = {7} table.insert(t, 1, 6) return t[2]                    | 7
                    table.insert({}, -2000000000, 1)                                   | test:1: bad argument #2 to 'insert' (position out of bounds)
                    table.insert({}, 1e15, 1)                                          | test:1: bad argument #2 to 'insert' (position out of bounds)
                    return (select('#', unpack({1, nil, 3})))                          | 3
                    return (select(2, unpack({1, 2, 3}, 2)))                           | 3
                    return (select('#', unpack({}, 2147483647, 2147483647)))           | 1
                    return (select('#', unpack({}, 2, 1)))                             | 0
                    return (select(2, pcall(unpack, {}, -2147483648, 4294967295)))     | too many results to unpack
                    return (select(2, pcall(unpack, {}, -2147483648, 2147483647)))     | too many results to unpack
                    return (select(2, pcall(unpack, {}, 1, 2147483647)))               | too many results to unpack
                    return (select(2, pcall(unpack)))                                  | bad argument #1 to '?' (table expected, got no value)
                    return collectgarbage()                                            | 0
                    return collectgarbage('collect', 5)                                | 0
                    return tostring(collectgarbage('step', 100000))                    | true
                    return tostring(collectgarbage('count') > 10)                      | true
                    collectgarbage('stop') collectgarbage('setpause', 0) return collectgarbage('setpause', 1) | 200
                    return collectgarbage('setstepmul', 1e9)                           | 200
                    return (select(2, pcall(collectgarbage, 'x')))                     | bad argument #1 to '?' (invalid option 'x')
                    return (select(2, pcall(collectgarbage, 'collect', {})))           | bad argument #2 to '?' (number expected, got table)
                    local t = {} table.insert(t, 'a') table.insert(t, 1, 'b') return table.concat(t) | ba
                    """)
    void allElseIsAsInLua(String code, String expected) {
        String result = evaluate(code);
        if (expected.equals("?")) {
            assertThat(result).startsWith("function: ");
        } else {
            assertThat(result).isEqualTo(expected);
        }
    }

    @Test
    void theServerSetsGlobals() {
        lua.pushNumber(5);
        sandbox.setGlobal(lua, "KEYS");
        assertThat(evaluate("return KEYS")).isEqualTo("5");
        assertThat(evaluate("KEYS = 6")).endsWith("Attempt to modify a readonly table");
    }

    @Test
    void chainsOfCoroutinesEnd() {
        assertThat(evaluate("local function f() return coroutine.wrap(f)() end f()"))
                .endsWith("C stack overflow");
        assertThat(
                        evaluate(
                                "local function f() "
                                        + "local ok, e = coroutine.resume(coroutine.create(f)) "
                                        + "return ok and 'ok' or e end return f()"))
                .isEqualTo("ok");
    }

    private String evaluate(String code) {
        lua.top(0);
        if (lua.load(code, "=test") == LuaState.OK) {
            lua.call(0, 1, 0);
        }
        if (lua.isFunction(-1)) {
            return "function: ";
        }
        return lua.isNil(-1) ? "nil" : lua.text(-1);
    }
}
