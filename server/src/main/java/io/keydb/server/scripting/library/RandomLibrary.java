package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * {@code math.random} and {@code math.randomseed}: the numbers of {@code lrand48} of C, the same on
 * every machine. Without a seed the first script of a server begins the sequence and the next go on
 * with it.
 *
 * <p>Threads: as the state it is installed in.
 */
final class RandomLibrary implements LuaLibrary {
    private static final long MULTIPLIER = 0x5_DEEC_E66DL;
    private static final long INCREMENT = 0xB;
    private static final long MASK = (1L << 48) - 1;
    private static final int SEED_LOW = 0x330E;

    private long state = 0x1234_ABCD_330EL;

    @Override
    public void install(LuaState lua) {
        lua.get(LuaState.GLOBALS, "math");
        lua.pushFunction(this::random);
        lua.set(-2, "random");
        lua.pushFunction(this::randomSeed);
        lua.set(-2, "randomseed");
        lua.pop(1);
    }

    private static long seeded(int seed) {
        return ((seed & 0xffffffffL) << 16) | SEED_LOW;
    }

    private int random(LuaState lua) {
        double fraction = (double) (nextInt() % Integer.MAX_VALUE) / Integer.MAX_VALUE;
        switch (lua.top()) {
            case 0 -> lua.pushNumber(fraction);
            case 1 -> {
                int most = (int) Numbers.integerArgument(lua, 1);
                if (most < 1) {
                    throw lua.argument(1, "interval is empty");
                }
                lua.pushNumber(Math.floor(fraction * most) + 1);
            }
            case 2 -> {
                int least = (int) Numbers.integerArgument(lua, 1);
                int most = (int) Numbers.integerArgument(lua, 2);
                if (least > most) {
                    throw lua.argument(2, "interval is empty");
                }
                lua.pushNumber(Math.floor(fraction * (most - least + 1)) + least);
            }
            default -> throw new LuaError("wrong number of arguments");
        }
        return 1;
    }

    /** The next number of 31 bits. */
    private int nextInt() {
        state = (state * MULTIPLIER + INCREMENT) & MASK;
        return (int) (state >>> 17);
    }

    private int randomSeed(LuaState lua) {
        state = seeded((int) Numbers.integerArgument(lua, 1));
        return 0;
    }
}
