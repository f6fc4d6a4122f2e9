package io.keydb.server.scripting.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import io.keydb.server.scripting.lua.LuaState;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The libraries by themselves; beside stock they stand in the differential scripts. */
class LibraryTest {
    private final long allocatedBefore = NativeHeap.allocatedBytes();
    private LuaState lua;

    @BeforeEach
    void open() {
        lua =
                LuaState.open(
                        state -> {
                            for (String library :
                                    new String[] {"base", "string", "table", "math"}) {
                                state.openNative(library);
                            }
                        },
                        new JsonLibrary(),
                        new MessagePackLibrary(),
                        new BitLibrary(),
                        new StructLibrary());
    }

    @AfterEach
    void nothingIsLeft() {
        lua.close();
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(allocatedBefore);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    bit.band(0xff, 0x0f, -1)                            | 15
                    bit.tohex(-1, 4)                                    | ffff
                    bit.tohex(255, -2147483648)                         | 000000FF
                    bit.bswap(0x12345678)                               | 2018915346
                    struct.size('!8bd')                                 | 16
                    struct.unpack('>I2', struct.pack('<I2', 258))       | 513
                    #struct.pack('i32', -1)                             | 32
                    cjson.encode({1, 2, {a = 'x/"'}})                   | [1,2,{"a":"x\\/\\""}]
                    cjson.encode({})                                    | {}
                    cjson.encode(0.1)                                   | 0.1
                    cjson.encode(1e15)                                  | 1e+15
                    cjson.encode(123456789012345678)                    | 1.2345678901235e+17
                    cjson.encode({[1] = 1, [3] = 3})                    | [1,null,3]
                    cjson.decode('{"a":[1,{"b":2}]}').a[2].b            | 2
                    cjson.decode('"\\\\u00e4\\\\ud834\\\\udd1e"')       | \u00c3\u00a4\u00f0\u009d\u0084\u009e
                    tostring(cjson.decode('[null]')[1] == cjson.null)   | true
                    cjson.decode('0x1F')                                | 31
                    cjson.decode('-1.5e3')                              | -1500
                    cjson.decode('1e400')                               | inf
                    #cmsgpack.pack({1, 2, 3})                           | 4
                    cmsgpack.unpack(cmsgpack.pack(-200))                | -200
                    cmsgpack.unpack(cmsgpack.pack({a = {1, 2}})).a[2]   | 2
                    cmsgpack.unpack_one(cmsgpack.pack(5, 6), 1)         | -1
                    """)
    void givesWhatItShould(String expression, String expected) {
        assertThat(evaluate("return " + expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    bit.band({})              | test:1: bad argument #1 to 'band' (number expected, got table)
                    bit.tobit()               | test:1: bad argument #1 to 'tobit' (number expected, got no value)
                    struct.pack('z', 1)       | test:1: bad argument #1 to 'pack' (invalid format option 'z')
                    struct.unpack('i', 'x')   | test:1: bad argument #2 to 'unpack' (data string too short)
                    cjson.decode('{x')        | test:1: Expected object key string but found invalid token at character 2
                    cjson.decode('[1')        | test:1: Expected comma or array end but found T_END at character 3
                    cjson.encode({[{}] = 1})  | test:1: Cannot serialise table: table key must be a number or string
                    cjson.encode(1/0)         | test:1: Cannot serialise number: must not be NaN or Inf
                    cjson.encode_max_depth(0) | test:1: bad argument #1 to 'encode_max_depth' (expected integer between 1 and 2147483647)
                    cmsgpack.unpack('\\193') | test:1: Bad data format in input.
                    cmsgpack.unpack('\\129\\192\\1') | table index is nil
                    """)
    void saysWhatIsWrong(String expression, String error) {
        assertThat(evaluate("local x = " + expression + " return x")).isEqualTo(error);
    }

    @Test
    void numbersAreWrittenAsCWritesThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            double number =
                    i % 2 == 0
                            ? Double.longBitsToDouble(random.nextLong())
                            : random.nextInt(1_000_000) / Math.pow(10, random.nextInt(12));
            if (!Double.isFinite(number)) {
                continue;
            }
            int digits = 1 + random.nextInt(14);
            lua.pushNumber(number);
            lua.set(LuaState.GLOBALS, "n");
            assertThat(NumberText.of(number, digits))
                    .as("%s, %s digits, seed %s", number, digits, seed)
                    .isEqualTo(evaluate("return string.format('%." + digits + "g', n)"));
        }
    }

    @Test
    void settingsBelongToTheirTable() {
        String code =
                "local mine = cjson.new() mine.encode_number_precision(3) "
                        + "return mine.encode(1.23456) .. ' ' .. cjson.encode(1.23456)";
        assertThat(evaluate(code)).isEqualTo("1.23 1.23456");
    }

    @Test
    void deepJsonIsAnError() {
        assertThat(evaluate("return cjson.decode(string.rep('[', 1001))"))
                .isEqualTo(
                        "test:1: Found too many nested data structures (1001) at character 1001");
        assertThat(
                        evaluate(
                                "cjson.decode_max_depth(1e9) "
                                        + "return cjson.decode(string.rep('[', 100000))"))
                .contains("Found too many nested data structures");
        assertThat(evaluate("local t = {} t[1] = t return cjson.encode(t)"))
                .isEqualTo("test:1: Cannot serialise, excessive nesting (1001)");
    }

    @Test
    void deepMessagePackIsAnError() {
        assertThat(evaluate("return cmsgpack.unpack(string.rep('\\145', 100000))"))
                .contains("stack overflow");
    }

    private String evaluate(String code) {
        lua.top(0);
        if (lua.load(code, "=test") == LuaState.OK) {
            lua.call(0, 1, 0);
        }
        return lua.text(-1);
    }
}
