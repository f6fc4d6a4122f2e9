package io.keydb.server.command.sortedset;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of ZRANGE and all its older relatives: the two ends, BYSCORE, BYLEX, REV, LIMIT and
 * WITHSCORES.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class RangeArguments {
    private static final CommandError LIMIT_OF_RANKS =
            new CommandError(
                    "ERR syntax error, LIMIT is only supported in combination with either BYSCORE"
                            + " or BYLEX");
    private static final CommandError SCORES_OF_TEXT =
            new CommandError(
                    "ERR syntax error, WITHSCORES not supported in combination with BYLEX");

    private final Range range;
    private Range.@Nullable Kind kind;
    private final boolean reverse;
    private boolean withScores;
    private long offset;
    private long limit = -1;

    /**
     * Reads the arguments from the first end on.
     *
     * @param fixedKind the kind of range if the command says it, else options do
     * @param fixedReverse the same for the direction, which is given with the kind
     */
    private RangeArguments(
            Call call,
            int first,
            boolean storing,
            Range.@Nullable Kind fixedKind,
            boolean fixedReverse) {
        kind = fixedKind;
        boolean backwards = fixedReverse;
        for (int i = first + 2; i < call.count(); i++) {
            if (!storing && call.is(i, "WITHSCORES")) {
                withScores = true;
            } else if (call.is(i, "LIMIT") && i + 2 < call.count()) {
                offset = call.integer(i + 1);
                limit = call.integer(i + 2);
                i += 2;
            } else if (fixedKind == null && !backwards && call.is(i, "REV")) {
                backwards = true;
            } else if (kind == null && call.is(i, "BYLEX")) {
                kind = Range.Kind.TEXT;
            } else if (kind == null && call.is(i, "BYSCORE")) {
                kind = Range.Kind.SCORE;
            } else {
                throw Errors.SYNTAX;
            }
        }
        reverse = backwards;
        Range.Kind chosen = kind == null ? Range.Kind.RANK : kind;
        if (limit != -1 && chosen == Range.Kind.RANK) {
            throw LIMIT_OF_RANKS;
        }
        if (withScores && chosen == Range.Kind.TEXT) {
            throw SCORES_OF_TEXT;
        }
        boolean exchanged = reverse && chosen != Range.Kind.RANK;
        int min = exchanged ? first + 1 : first;
        int max = exchanged ? first : first + 1;
        range = Range.of(call, chosen, min, max, reverse);
    }

    /** Arguments of a command whose options say what the range is. */
    static RangeArguments of(Call call, int first, boolean storing) {
        return new RangeArguments(call, first, storing, null, false);
    }

    /** Arguments of a command whose name says what the range is. */
    static RangeArguments of(Call call, Range.Kind kind, boolean reverse) {
        return new RangeArguments(call, 2, false, kind, reverse);
    }

    /** The positions asked for, in the set of this record; 0 is an empty one. */
    Span span(long record) {
        if (record == 0) {
            return Span.EMPTY;
        }
        Span span = range.span(record);
        return kind == null ? span : span.limited(offset, limit, reverse);
    }

    boolean isReverse() {
        return reverse;
    }

    boolean isWithScores() {
        return withScores;
    }
}
