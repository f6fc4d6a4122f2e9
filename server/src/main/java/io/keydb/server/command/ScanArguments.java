package io.keydb.server.command;

import io.keydb.server.memory.Globs;
import io.keydb.server.support.GlobPattern;
import io.keydb.server.value.Element;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that HSCAN, SSCAN and ZSCAN share, and in part SCAN: the cursor, MATCH and COUNT.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
public final class ScanArguments {
    private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");
    private static final long DEFAULT_COUNT = 10;

    private final @Nullable GlobPattern pattern;
    private final int count;

    private ScanArguments(@Nullable GlobPattern pattern, long count) {
        this.pattern = pattern;
        this.count = (int) Math.min(count, Integer.MAX_VALUE);
    }

    /**
     * The options from argument {@code first} on.
     *
     * @throws CommandError when there are others than MATCH and COUNT, or the count is below 1
     */
    public static ScanArguments of(Call call, int first) {
        GlobPattern pattern = null;
        long count = DEFAULT_COUNT;
        for (int i = first; i < call.count(); i += 2) {
            if (i + 1 < call.count() && call.is(i, "COUNT")) {
                count = count(call, i + 1);
            } else if (i + 1 < call.count() && call.is(i, "MATCH")) {
                pattern = pattern(call, i + 1);
            } else {
                throw Errors.SYNTAX;
            }
        }
        return new ScanArguments(pattern, count);
    }

    /** Argument {@code i} as the value of COUNT. */
    public static long count(Call call, int i) {
        long count = call.integer(i);
        if (count < 1) {
            throw Errors.SYNTAX;
        }
        return count;
    }

    /** Argument {@code i} as a pattern; null for a lone star, which takes everything. */
    public static @Nullable GlobPattern pattern(Call call, int i) {
        return call.is(i, "*") ? null : GlobPattern.compile(call.request().bytes(i));
    }

    /**
     * Argument {@code i} as a cursor, which is read as C reads unsigned numbers: a sign is allowed,
     * nothing at all is zero, and a byte of zero ends it.
     */
    public static long cursor(Call call, int i) {
        String text = call.text(i);
        int end = text.indexOf('\0');
        if (end >= 0) {
            text = text.substring(0, end);
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = signed ? text.substring(1) : text;
        if (digits.isEmpty() ? signed : !isDecimal(digits)) {
            throw INVALID_CURSOR;
        }
        try {
            long magnitude = digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
            return text.startsWith("-") ? -magnitude : magnitude;
        } catch (NumberFormatException tooLarge) {
            throw INVALID_CURSOR;
        }
    }

    /** About how many elements to show in one call. */
    public int count() {
        return count;
    }

    /** Whether the pattern takes these bytes. */
    public boolean accepts(long address, int length) {
        return pattern == null || Globs.matches(pattern, address, length);
    }

    /**
     * Whether the pattern takes this element; an integer's text is made at {@code scratch}, which
     * has room for one.
     */
    public boolean accepts(Element element, long scratch) {
        if (pattern == null) {
            return true;
        }
        if (element.isInteger()) {
            return accepts(scratch, (int) (element.copyTo(scratch) - scratch));
        }
        return accepts(element.address(), element.length());
    }

    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
