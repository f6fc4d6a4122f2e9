package io.keydb.server.support;

import java.util.Arrays;

/**
 * Reads a glob pattern once, from left to right, in the steps of stock's matcher, and writes the
 * elements of a {@link GlobPattern}.
 *
 * <p>Threads: confined to one compilation.
 */
final class GlobCompiler {

    /** With more stars a pattern matches nothing, as in stock. */
    private static final int MOST_STARS = 1000;

    private final byte[] pattern;
    private final boolean ignoreCase;
    private final int[] elements;
    private int elementCount;
    private long[] classes = new long[0];
    private int at;

    GlobCompiler(byte[] pattern, boolean ignoreCase) {
        this.pattern = pattern;
        this.ignoreCase = ignoreCase;
        this.elements = new int[pattern.length];
    }

    GlobPattern compile() {
        while (at < pattern.length) {
            switch (pattern[at]) {
                case '*' -> {
                    if (elementCount == 0 || elements[elementCount - 1] != GlobPattern.STAR) {
                        add(GlobPattern.STAR);
                    }
                }
                case '?' -> add(GlobPattern.ANY);
                case '[' -> addClass();
                case '\\' -> {
                    if (at + 1 < pattern.length) {
                        at++;
                    }
                    addByte(pattern[at]);
                }
                default -> addByte(pattern[at]);
            }
            at++;
        }
        return starsWithin() > MOST_STARS
                ? new GlobPattern(new int[] {256}, new long[4]) // a class of no byte
                : new GlobPattern(Arrays.copyOf(elements, elementCount), classes);
    }

    /** Stars with something behind them. */
    private int starsWithin() {
        int stars = 0;
        for (int i = 0; i < elementCount - 1; i++) {
            stars += elements[i] == GlobPattern.STAR ? 1 : 0;
        }
        return stars;
    }

    private void add(int element) {
        elements[elementCount++] = element;
    }

    private void addByte(byte value) {
        if (ignoreCase && isLetter(value)) {
            int first = newClass();
            include(first, value);
        } else {
            add(value & 0xff);
        }
    }

    /** Leaves {@link #at} on the closing bracket, or on the last byte of the pattern. */
    private void addClass() {
        int first = newClass();
        at++;
        boolean negated = at < pattern.length && pattern[at] == '^';
        if (negated) {
            at++;
        }
        while (at < pattern.length) {
            int left = pattern.length - at;
            if (left >= 2 && pattern[at] == '\\') {
                at++;
                // Stock compares an escaped byte in a class as it is, whatever the case.
                set(first, pattern[at]);
            } else if (pattern[at] == ']') {
                break;
            } else if (left >= 3 && pattern[at + 1] == '-') {
                includeRange(first, pattern[at], pattern[at + 2]);
                at += 2;
            } else {
                include(first, pattern[at]);
            }
            at++;
        }
        if (at >= pattern.length) {
            at = pattern.length - 1;
        }
        if (negated) {
            for (int i = first; i < first + 4; i++) {
                classes[i] = ~classes[i];
            }
        }
    }

    /** Adds an empty class and returns the index of its first word. */
    private int newClass() {
        int first = classes.length;
        add(256 + first / 4);
        classes = Arrays.copyOf(classes, first + 4);
        return first;
    }

    /** As in stock on common platforms, bytes above 127 are negative numbers here. */
    private void includeRange(int first, byte from, byte to) {
        int start = ignoreCase ? lower(Math.min(from, to)) : Math.min(from, to);
        int end = ignoreCase ? lower(Math.max(from, to)) : Math.max(from, to);
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            int compared = ignoreCase ? lower(value) : value;
            if (compared >= start && compared <= end) {
                set(first, (byte) value);
            }
        }
    }

    private void include(int first, byte value) {
        set(first, value);
        if (ignoreCase && isLetter(value)) {
            set(first, (byte) (value ^ 0x20));
        }
    }

    private void set(int first, byte value) {
        classes[first + ((value & 0xff) >>> 6)] |= 1L << value;
    }

    private static boolean isLetter(int value) {
        return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z');
    }

    private static int lower(int value) {
        return value >= 'A' && value <= 'Z' ? value | 0x20 : value;
    }
}
