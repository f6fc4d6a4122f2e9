package io.keydb.server.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A glob pattern as KEYS, SCAN, PSUBSCRIBE and CONFIG GET understand it: {@code *}, {@code ?},
 * {@code [a-z]}, {@code [^a-z]} and {@code \x}, over bytes.
 *
 * <p>The pattern is compiled to a list of elements, each of which takes exactly one byte, or is a
 * star. Stock's corner cases are decided here, at compile time: a class that is not closed ends
 * with the pattern, {@code [^} at the end takes any byte, ranges may be given backwards and compare
 * bytes as signed, a trailing backslash is itself. An empty text is matched by the empty pattern
 * only, not by {@code *}.
 *
 * <p>Matching remembers only the last star: when what follows it fits nowhere, a longer match for
 * an earlier star cannot help. So the cost is at most the product of the lengths.
 *
 * <p>Threads: immutable.
 */
public final class GlobPattern {

    static final int ANY = -1;
    static final int STAR = -2;

    /** Element i: a byte (0 to 255), {@link #ANY}, {@link #STAR}, or 256 + the index of a class. */
    private final int[] elements;

    /** Four words of 64 bits per class. */
    private final long[] classes;

    GlobPattern(int[] elements, long[] classes) {
        this.elements = elements;
        this.classes = classes;
    }

    public static GlobPattern compile(byte[] pattern) {
        return new GlobCompiler(pattern, false).compile();
    }

    /** A pattern for which ASCII letters of either case are equal. */
    public static GlobPattern compileIgnoringCase(byte[] pattern) {
        return new GlobCompiler(pattern, true).compile();
    }

    public boolean matches(byte[] text) {
        return matches(text, 0, text.length);
    }

    public boolean matches(byte[] text, int offset, int length) {
        return matches(MemorySegment.ofArray(text), offset, length);
    }

    public boolean matches(MemorySegment segment, long offset, int length) {
        if (length == 0) {
            return elements.length == 0;
        }
        int element = 0;
        int at = 0;
        int afterStar = -1;
        int starAt = 0;
        while (at < length) {
            if (element < elements.length && elements[element] == STAR) {
                afterStar = ++element;
                starAt = at;
                if (element == elements.length) {
                    return true;
                }
            } else if (element < elements.length
                    && takes(elements[element], segment.get(ValueLayout.JAVA_BYTE, offset + at))) {
                element++;
                at++;
            } else if (afterStar >= 0) {
                element = afterStar;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (element < elements.length && elements[element] == STAR) {
            element++;
        }
        return element == elements.length;
    }

    private boolean takes(int element, byte value) {
        if (element >= 256) {
            int word = (element - 256) * 4 + ((value & 0xff) >>> 6);
            return (classes[word] >>> value & 1) != 0;
        }
        return element == ANY || element == (value & 0xff);
    }
}
