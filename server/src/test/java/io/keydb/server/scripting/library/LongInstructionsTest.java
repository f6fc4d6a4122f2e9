package io.keydb.server.scripting.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where single instructions take long, a script is looked after more often. */
class LongInstructionsTest {
    private static final int PERIOD = 100_000;

    /** So often the script is let go on. */
    private static final int PATIENCE = 5;

    private int rounds;
    private int asked;

    private final LuaState lua =
            LuaState.open(
                    256 << 20,
                    new BaseLibraries(),
                    state -> {
                        state.pushFunction(
                                unused -> {
                                    rounds++;
                                    return 0;
                                });
                        state.set(LuaState.GLOBALS, "round");
                    },
                    new Sandbox());

    @AfterEach
    void close() {
        lua.close();
    }

    private int watch(LuaState unused) {
        if (++asked > PATIENCE) {
            throw new LuaError("stop");
        }
        return 0;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local t = s .. 'y'",
                "local t = 'y' .. s",
                "local t = s:upper()",
                "local t = s:sub(2)",
                "local t = s:reverse()",
                "local t = s:format()",
                "local t = s <= s",
                "local t = tonumber(s)",
                "local t = table.maxn(list)",
                "table.insert(list, 1, 1) table.remove(list, 1)",
                "pcall(function() local t = s .. 'y' end)",
                "coroutine.wrap(function() round() local t = s .. 'y' end)()",
                "coroutine.wrap(function() while true do round() local t = s .. 'y' end end)()",
                "coroutine.wrap(function() while true do round() local t = s < s end end)()",
                "table.sort({s, s, s, s, s, s, s, s})"
            })
    void itIsAskedAfterFewOfThem(String step) {
        lua.watch(PERIOD, this::watch);
        String end =
                evaluate(
                        "local s = ('1'):rep(2e7) local list = {} for i = 1, 1e6 do list[i] = i end"
                                + " while true do round() "
                                + step
                                + " end");
        assertThat(end).endsWith("stop");
        assertThat(rounds).isLessThan(3000);
    }

    @Test
    void otherwiseItIsAskedAsSeldomAsWanted() {
        lua.watch(PERIOD, this::watch);
        assertThat(evaluate("while true do round() end")).endsWith("stop");
        assertThat(rounds).isGreaterThan(PATIENCE * PERIOD / 10);
    }

    @Test
    void afterwardsAllIsAsBefore() {
        lua.watch(PERIOD, this::watch);
        assertThat(evaluate("local s = ('1'):rep(2e7) return #(s .. 'y')")).isEqualTo("20000001");
        for (int i = 0; i < 20; i++) {
            lua.collect(); // halves the buffer in which texts are joined
        }
        asked = 0;
        assertThat(evaluate("while true do round() end")).endsWith("stop");
        assertThat(rounds).isGreaterThan(PATIENCE * PERIOD / 10);
    }

    @Test
    void sortingALongListOfOneLongTextCanBeEnded() {
        lua.watch(PERIOD, this::watch);
        assertThat(
                        evaluate(
                                "local s = ('1'):rep(2e7) local list = {} for i = 1, 1e6 do"
                                        + " list[i] = s end table.sort(list)"))
                .endsWith("stop");
    }

    private String evaluate(String code) {
        lua.top(0);
        if (lua.load(code, "=test") == LuaState.OK) {
            lua.call(0, 1, 0);
        }
        return lua.text(-1);
    }
}
