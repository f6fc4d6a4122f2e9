package io.keydb.server.command;

import java.nio.charset.StandardCharsets;

/**
 * Decimal text of integers; small ones are made once.
 *
 * <p>Threads: immutable.
 */
public final class Decimal {
    private static final byte[][] SMALL = new byte[1024][];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private Decimal() {}

    /** The digits of the value; not to be changed by the caller. */
    public static byte[] bytes(long value) {
        return value >= 0 && value < SMALL.length
                ? SMALL[(int) value]
                : Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
