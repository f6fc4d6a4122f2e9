package io.keydb.server.value.sortedset;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.SeparatorOrder;

/**
 * A place between the elements of a sorted set: tells of each element whether it comes before. A
 * range has one at its start and one at its end.
 *
 * <p>To the tree, an element is its sortable score and its record; see {@link #sortable}.
 *
 * <p>Threads: confined to its owner.
 */
public final class Bound implements SeparatorOrder {
    private enum Kind {
        START,
        END,
        SCORE,
        TEXT,
        MEMBER
    }

    private Kind kind = Kind.START;
    private boolean behindEqual;
    private long sortable;
    private long address;
    private int length;

    /**
     * Scores as integers in the same order. Both zeros are the same score, so they give the same
     * number.
     */
    static long sortable(double score) {
        long bits = Double.doubleToRawLongBits(score == 0 ? 0.0 : score);
        return bits ^ (bits >> 63 >>> 1);
    }

    /** Before all elements. */
    public Bound setStart() {
        kind = Kind.START;
        return this;
    }

    /** Behind all elements. */
    public Bound setEnd() {
        kind = Kind.END;
        return this;
    }

    /** Before the elements of a score, or behind them. */
    public Bound setScore(double score, boolean behind) {
        kind = Kind.SCORE;
        sortable = sortable(score);
        behindEqual = behind;
        return this;
    }

    /** Before the member with this text, or behind it; for sets with only one score. */
    public Bound setText(long textAddress, int textLength, boolean behind) {
        kind = Kind.TEXT;
        address = textAddress;
        length = textLength;
        behindEqual = behind;
        return this;
    }

    /** At one element, which is there or not. */
    Bound setMember(double score, long textAddress, int textLength) {
        kind = Kind.MEMBER;
        sortable = sortable(score);
        address = textAddress;
        length = textLength;
        return this;
    }

    /** The same element with another score, as {@link #sortable} gives it. */
    Bound withSortable(long newSortable) {
        sortable = newSortable;
        return this;
    }

    /** Positive when the element comes before this place, zero when it is at it. */
    @Override
    public int compareTo(long elementSortable, long record) {
        return switch (kind) {
            case START -> -1;
            case END -> 1;
            case SCORE -> compareScore(elementSortable);
            case TEXT -> beside(compareText(record));
            case MEMBER ->
                    sortable == elementSortable
                            ? compareText(record)
                            : Long.compare(sortable, elementSortable);
        };
    }

    /** The same for an entry of a listpack, the score being behind it. */
    int compareToEntry(double score, long entry) {
        return switch (kind) {
            case START -> -1;
            case END -> 1;
            case SCORE -> compareScore(sortable(score));
            case TEXT -> beside(compareEntry(entry));
            case MEMBER -> {
                int order = Long.compare(sortable, sortable(score));
                yield order != 0 ? order : compareEntry(entry);
            }
        };
    }

    private int compareScore(long elementSortable) {
        return beside(Long.compare(sortable, elementSortable));
    }

    private int beside(int order) {
        return order != 0 ? order : behindEqual ? 1 : -1;
    }

    private int compareText(long record) {
        return Memory.compare(address, length, Record.keyAddress(record), Record.keyLength(record));
    }

    private int compareEntry(long entry) {
        return Listpack.isInteger(entry)
                ? compareDecimal(Listpack.integer(entry))
                : Memory.compare(
                        address, length, Listpack.textAddress(entry), Listpack.textLength(entry));
    }

    /** Compares with the decimal text of a number, digit by digit from the first. */
    private int compareDecimal(long number) {
        int textLength = DecimalText.length(number);
        int digits = number < 0 ? textLength - 1 : textLength;
        // Negative, so that the least number needs no exception.
        long rest = number < 0 ? number : -number;
        int common = Math.min(length, textLength);
        for (int i = 0; i < common; i++) {
            int character;
            if (number < 0 && i == 0) {
                character = '-';
            } else {
                long power = power(--digits);
                character = '0' - (int) (rest / power);
                rest %= power;
            }
            int order = (Memory.getByte(address + i) & 0xff) - character;
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(length, textLength);
    }

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
