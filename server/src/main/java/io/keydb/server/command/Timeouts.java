package io.keydb.server.command;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import io.keydb.server.value.string.LongDouble;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The timeouts of blocking commands.
 *
 * <p>Threads: immutable.
 */
final class Timeouts {
    private static final CommandError NOT_A_FLOAT =
            new CommandError("ERR timeout is not a float or out of range");
    private static final CommandError NOT_AN_INTEGER =
            new CommandError("ERR timeout is not an integer or out of range");
    private static final CommandError NEGATIVE = new CommandError("ERR timeout is negative");
    private static final CommandError OUT_OF_RANGE =
            new CommandError("ERR timeout is out of range");

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final MathContext LONG_DOUBLE = new MathContext(19);
    private static final int MOST_SECONDS_AS_INTEGER = 1_000_000_000;

    private Timeouts() {}

    /** Seconds with decimals, as milliseconds rounded up. */
    static long seconds(Request request, int i, long nowMillis) {
        long whole = DecimalText.parse(request.address(i), request.length(i));
        if (whole >= 0 && whole <= MOST_SECONDS_AS_INTEGER) {
            return whole * 1000;
        }
        byte[] text = Memory.bytes(request.address(i), request.length(i));
        if (LongDouble.isInfinite(text)) {
            throw text[0] == '-' ? NEGATIVE : OUT_OF_RANGE;
        }
        BigDecimal seconds = LongDouble.parse(text);
        if (seconds == null) {
            throw NOT_A_FLOAT;
        }
        BigDecimal millis = seconds.movePointRight(3).round(LONG_DOUBLE);
        if (millis.compareTo(MOST) > 0) {
            throw OUT_OF_RANGE;
        }
        if (millis.compareTo(LEAST) < 0) {
            throw NEGATIVE;
        }
        return checked(millis.setScale(0, RoundingMode.CEILING).longValue(), nowMillis);
    }

    static long millis(Request request, int i, long nowMillis) {
        long millis = DecimalText.parse(request.address(i), request.length(i));
        if (millis == DecimalText.NONE
                && !DecimalText.isLeast(request.address(i), request.length(i))) {
            throw NOT_AN_INTEGER;
        }
        return checked(millis, nowMillis);
    }

    private static long checked(long millis, long nowMillis) {
        if (millis < 0) {
            throw NEGATIVE;
        }
        if (millis > Long.MAX_VALUE - nowMillis) {
            throw OUT_OF_RANGE;
        }
        return millis;
    }
}
