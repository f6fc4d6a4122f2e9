package io.keydb.server.command.sortedset;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.FloatText;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.sortedset.SortedSet;

/**
 * The arguments of a union, intersection or difference from the number of keys on, and the
 * combining.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class Combination {
    /** How the members are combined. */
    enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    /** How the scores of one member become one. */
    private enum Aggregate {
        SUM,
        LEAST,
        GREATEST;

        double of(double score, double other) {
            return switch (this) {
                case SUM -> {
                    // Opposite infinities have no sum; they count as nothing.
                    double sum = score + other;
                    yield Double.isNaN(sum) ? 0 : sum;
                }
                case LEAST -> other < score ? other : score;
                case GREATEST -> other > score ? other : score;
            };
        }
    }

    private static final CommandError WEIGHT = new CommandError("ERR weight value is not a float");
    private static final CommandError NEGATIVE_LIMIT =
            new CommandError("ERR LIMIT can't be negative");

    private final Operation operation;
    private final Source[] sources;
    private final boolean storing;
    private final boolean counting;
    private Aggregate aggregate = Aggregate.SUM;
    private boolean withScores;
    private long limit;

    /**
     * Reads the arguments.
     *
     * @param countAt the argument with the number of keys
     * @param counting whether only the number of members is asked for
     */
    Combination(Call call, int countAt, Operation operation, boolean counting) {
        this.operation = operation;
        this.counting = counting;
        this.storing = countAt > 1;
        long keys = call.integer(countAt);
        if (keys < 1) {
            throw new CommandError(
                    "ERR at least 1 input key is needed for '"
                            + call.command().fullName()
                            + "' command");
        }
        if (keys > call.count() - countAt - 1L) {
            throw Errors.SYNTAX;
        }
        sources = new Source[(int) keys];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = source(call, countAt + 1 + i);
        }
        int option = countAt + 1 + sources.length;
        while (option < call.count()) {
            option = option(call, option);
        }
        if (operation != Operation.DIFFERENCE) {
            sortBySize();
        }
    }

    private static Source source(Call call, int argument) {
        long record = call.database().find(call.key(argument));
        if (record != 0
                && Record.type(record) != Record.SORTED_SET
                && Record.type(record) != Record.SET) {
            throw Errors.WRONG_TYPE;
        }
        return new Source(record);
    }

    /** Reads one option; gives where the next one is. */
    private int option(Call call, int at) {
        int left = call.count() - at;
        boolean combinesScores = operation != Operation.DIFFERENCE && !counting;
        if (combinesScores && left > sources.length && call.is(at, "WEIGHTS")) {
            for (int i = 0; i < sources.length; i++) {
                sources[i].weight(weight(call, at + 1 + i));
            }
            return at + 1 + sources.length;
        }
        if (combinesScores && left >= 2 && call.is(at, "AGGREGATE")) {
            aggregate = aggregate(call, at + 1);
            return at + 2;
        }
        if (!storing && !counting && call.is(at, "WITHSCORES")) {
            withScores = true;
            return at + 1;
        }
        if (counting && left >= 2 && call.is(at, "LIMIT")) {
            limit = call.integer(at + 1, NEGATIVE_LIMIT);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
            return at + 2;
        }
        throw Errors.SYNTAX;
    }

    private static double weight(Call call, int argument) {
        double weight =
                FloatText.parse(call.request().address(argument), call.request().length(argument));
        if (Double.isNaN(weight)) {
            throw WEIGHT;
        }
        return weight;
    }

    private static Aggregate aggregate(Call call, int argument) {
        if (call.is(argument, "SUM")) {
            return Aggregate.SUM;
        }
        if (call.is(argument, "MIN")) {
            return Aggregate.LEAST;
        }
        if (call.is(argument, "MAX")) {
            return Aggregate.GREATEST;
        }
        throw Errors.SYNTAX;
    }

    /** The smallest first; of the same size in the order of the arguments. */
    private void sortBySize() {
        for (int i = 1; i < sources.length; i++) {
            Source moved = sources[i];
            int j = i;
            for (; j > 0 && sources[j - 1].size() > moved.size(); j--) {
                sources[j] = sources[j - 1];
            }
            sources[j] = moved;
        }
    }

    boolean isWithScores() {
        return withScores;
    }

    /** How many members have to be looked at, at most. */
    long work() {
        if (operation == Operation.INTERSECTION) {
            return sources[0].size();
        }
        long sum = 0;
        for (Source source : sources) {
            sum += source.size();
        }
        return sum;
    }

    /** Builds the result, in the large form: a listpack would lose the sign of a negative zero. */
    void combineInto(Draft result) {
        SortedSet.createLarge(result);
        Allocator allocator = result.allocator();
        long scratch = allocator.allocate(DecimalText.LONGEST);
        switch (operation) {
            case UNION -> unite(result, scratch);
            case INTERSECTION -> intersect(result, scratch);
            case DIFFERENCE -> subtract(result, scratch);
        }
        allocator.free(scratch, DecimalText.LONGEST);
    }

    private void unite(Draft result, long scratch) {
        for (Source source : sources) {
            while (source.next()) {
                Element member = source.member();
                long place = SortedSet.find(result.record(), member, scratch);
                double score = weighted(source);
                if (place == 0) {
                    SortedSet.insert(result, member, score);
                } else {
                    double old = SortedSet.score(result.record(), place);
                    update(result, place, scratch, member, aggregate.of(old, score));
                }
            }
        }
    }

    /** Sets the score of a member, whose text is in the scratch memory if it is an integer. */
    private static void update(
            Draft result, long place, long scratch, Element member, double score) {
        long address = member.isInteger() ? scratch : member.address();
        SortedSet.update(result, place, address, member.length(), score);
    }

    private static double weighted(Source source) {
        double score = source.weight() * source.score();
        return Double.isNaN(score) ? 0 : score;
    }

    private void intersect(Draft result, long scratch) {
        while (sources[0].next()) {
            double score = common(scratch);
            if (!Double.isNaN(score)) {
                SortedSet.insert(result, sources[0].member(), score);
            }
        }
    }

    /** The score of the first source's member; not-a-number unless all sources have it. */
    private double common(long scratch) {
        double score = weighted(sources[0]);
        for (int i = 1; i < sources.length; i++) {
            double other = sources[i].scoreOf(sources[0].member(), scratch);
            if (Double.isNaN(other)) {
                return other;
            }
            score = aggregate.of(score, other * sources[i].weight());
        }
        return score;
    }

    /** How many members all sources have, up to the limit. */
    long countCommon(long scratch) {
        long count = 0;
        while ((limit == 0 || count < limit) && sources[0].next()) {
            count += Double.isNaN(common(scratch)) ? 0 : 1;
        }
        return count;
    }

    private void subtract(Draft result, long scratch) {
        for (int i = 1; i < sources.length; i++) {
            if (sources[i].isSame(sources[0])) {
                return;
            }
        }
        while (sources[0].next()) {
            Element member = sources[0].member();
            boolean found = false;
            for (int i = 1; i < sources.length && !found; i++) {
                found = !Double.isNaN(sources[i].scoreOf(member, scratch));
            }
            if (!found) {
                SortedSet.insert(result, member, sources[0].score());
            }
        }
    }
}
