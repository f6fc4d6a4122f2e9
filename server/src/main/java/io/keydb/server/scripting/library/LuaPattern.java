package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;

/**
 * A pattern of Lua and the text it is matched with, both bytes in memory that end with a NUL.
 *
 * <p>Lua's own matcher recurses in C and does not look up before it is done: one pattern could end
 * the process, another keep it busy for hours. This one is stopped by an error in both cases, and
 * otherwise gives the same.
 *
 * <p>Threads: confined to one call.
 */
final class LuaPattern {
    /** No match, where an address is expected. */
    static final long NO_MATCH = 0;

    private static final int MOST_CAPTURES = 32;
    private static final int UNFINISHED = -1;
    private static final int POSITION = -2;

    /** Steps between two looks at whether the script is to stop. */
    private final LuaState lua;

    private final long start;
    private final long end;
    private final long[] captureStarts = new long[MOST_CAPTURES];
    private final long[] captureLengths = new long[MOST_CAPTURES];
    private int captures;
    private final Effort effort;

    LuaPattern(LuaState lua, long start, long end) {
        this.lua = lua;
        this.effort = new Effort(lua);
        this.start = start;
        this.end = end;
    }

    /**
     * Where a match that begins at {@code text} ends, or {@link #NO_MATCH}.
     *
     * @throws LuaError when the pattern is wrong or too complex, or the script is to stop
     */
    long match(long text, long pattern) {
        captures = 0;
        try {
            return run(text, pattern);
        } catch (StackOverflowError tooDeep) {
            throw new LuaError("pattern too complex");
        }
    }

    private long run(long text, long pattern) {
        long s = text;
        long p = pattern;
        while (true) {
            effort.step();
            switch (at(p)) {
                case 0 -> {
                    return s;
                }
                case '(' -> {
                    return at(p + 1) == ')'
                            ? startCapture(s, p + 2, POSITION)
                            : startCapture(s, p + 1, UNFINISHED);
                }
                case ')' -> {
                    return endCapture(s, p + 1);
                }
                case '$' -> {
                    if (at(p + 1) == 0) {
                        return s == end ? s : NO_MATCH;
                    }
                }
                case '%' -> {
                    int kind = at(p + 1);
                    if (kind == 'b') {
                        s = balanced(s, p + 2);
                        p += 4;
                    } else if (kind == 'f') {
                        long set = p + 2;
                        if (at(set) != '[') {
                            throw new LuaError("missing '[' after '%f' in pattern");
                        }
                        p = itemEnd(set);
                        s = isFrontier(s, set, p - 1) ? s : NO_MATCH;
                    } else if (kind >= '0' && kind <= '9') {
                        s = repeated(s, kind);
                        p += 2;
                    } else {
                        kind = 0;
                    }
                    if (s == NO_MATCH) {
                        return NO_MATCH;
                    }
                    if (kind != 0) {
                        continue;
                    }
                }
                default -> {}
            }
            long next = itemEnd(p);
            boolean isMatch = s < end && matchesItem(at(s), p, next);
            switch (at(next)) {
                case '?' -> {
                    if (isMatch) {
                        long found = run(s + 1, next + 1);
                        if (found != NO_MATCH) {
                            return found;
                        }
                    }
                    p = next + 1;
                }
                case '*' -> {
                    return longest(s, p, next);
                }
                case '+' -> {
                    return isMatch ? longest(s + 1, p, next) : NO_MATCH;
                }
                case '-' -> {
                    return shortest(s, p, next);
                }
                default -> {
                    if (!isMatch) {
                        return NO_MATCH;
                    }
                    s++;
                    p = next;
                }
            }
        }
    }

    private static int at(long address) {
        return Memory.getByte(address) & 0xff;
    }

    // ---- single characters

    /** Behind one item of the pattern: a character, a class or a set. */
    private static long itemEnd(long pattern) {
        long p = pattern + 1;
        switch (at(pattern)) {
            case '%' -> {
                if (at(p) == 0) {
                    throw new LuaError("malformed pattern (ends with '%')");
                }
                return p + 1;
            }
            case '[' -> {
                if (at(p) == '^') {
                    p++;
                }
                do {
                    int c = at(p);
                    if (c == 0) {
                        throw new LuaError("malformed pattern (missing ']')");
                    }
                    p++;
                    if (c == '%' && at(p) != 0) {
                        p++;
                    }
                } while (at(p) != ']');
                return p + 1;
            }
            default -> {
                return p;
            }
        }
    }

    private boolean matchesItem(int c, long item, long itemEnd) {
        return switch (at(item)) {
            case '.' -> true;
            case '%' -> matchesClass(c, at(item + 1));
            case '[' -> {
                effort.spend(itemEnd - item);
                yield matchesSet(c, item, itemEnd - 1);
            }
            default -> at(item) == c;
        };
    }

    private static boolean matchesSet(int c, long set, long last) {
        long p = set;
        boolean isNegated = at(p + 1) == '^';
        if (isNegated) {
            p++;
        }
        while (++p < last) {
            if (at(p) == '%') {
                p++;
                if (matchesClass(c, at(p))) {
                    return !isNegated;
                }
            } else if (at(p + 1) == '-' && p + 2 < last) {
                p += 2;
                if (at(p - 2) <= c && c <= at(p)) {
                    return !isNegated;
                }
            } else if (at(p) == c) {
                return !isNegated;
            }
        }
        return isNegated;
    }

    private static boolean matchesClass(int c, int letter) {
        boolean isMember =
                switch (letter | 0x20) {
                    case 'a' -> isLetter(c);
                    case 'c' -> c < 0x20 || c == 0x7f;
                    case 'd' -> isDigit(c);
                    case 'l' -> c >= 'a' && c <= 'z';
                    case 'p' -> c > 0x20 && c < 0x7f && !isLetter(c) && !isDigit(c);
                    case 's' -> c == ' ' || (c >= '\t' && c <= '\r');
                    case 'u' -> c >= 'A' && c <= 'Z';
                    case 'w' -> isLetter(c) || isDigit(c);
                    case 'x' -> isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
                    case 'z' -> c == 0;
                    default -> letter == c;
                };
        boolean isClass = isLetter(letter) && "acdlpsuwxz".indexOf(letter | 0x20) >= 0;
        if (!isClass) {
            return letter == c;
        }
        return isMember != (letter <= 'Z');
    }

    private static boolean isLetter(int c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    // ---- repetition

    private long longest(long s, long item, long itemEnd) {
        long last = s;
        while (last < end && matchesItem(at(last), item, itemEnd)) {
            last++;
        }
        for (long from = last; from >= s; from--) {
            effort.step();
            long found = run(from, itemEnd + 1);
            if (found != NO_MATCH) {
                return found;
            }
        }
        return NO_MATCH;
    }

    private long shortest(long s, long item, long itemEnd) {
        long from = s;
        while (true) {
            long found = run(from, itemEnd + 1);
            if (found != NO_MATCH) {
                return found;
            }
            if (from >= end || !matchesItem(at(from), item, itemEnd)) {
                return NO_MATCH;
            }
            from++;
        }
    }

    private static long balancedArguments(long p) {
        if (at(p) == 0 || at(p + 1) == 0) {
            throw new LuaError("unbalanced pattern");
        }
        return p;
    }

    private long balanced(long s, long p) {
        int open = at(balancedArguments(p));
        int close = at(p + 1);
        if (at(s) != open) {
            return NO_MATCH;
        }
        int depth = 1;
        for (long i = s + 1; i < end; i++) {
            effort.step();
            int c = at(i);
            if (c == close) {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            } else if (c == open) {
                depth++;
            }
        }
        return NO_MATCH;
    }

    private boolean isFrontier(long s, long set, long last) {
        effort.spend(last - set);
        int previous = s == start ? 0 : at(s - 1);
        return !matchesSet(previous, set, last) && matchesSet(at(s), set, last);
    }

    // ---- captures

    private long startCapture(long s, long p, int kind) {
        if (captures >= MOST_CAPTURES) {
            throw new LuaError("too many captures");
        }
        captureStarts[captures] = s;
        captureLengths[captures] = kind;
        captures++;
        long found = run(s, p);
        if (found == NO_MATCH) {
            captures--;
        }
        return found;
    }

    private long endCapture(long s, long p) {
        int open = captures - 1;
        while (open >= 0 && captureLengths[open] != UNFINISHED) {
            open--;
        }
        if (open < 0) {
            throw new LuaError("invalid pattern capture");
        }
        captureLengths[open] = s - captureStarts[open];
        long found = run(s, p);
        if (found == NO_MATCH) {
            captureLengths[open] = UNFINISHED;
        }
        return found;
    }

    /** What a capture holds, once more. */
    private long repeated(long s, int digit) {
        int capture = digit - '1';
        if (capture < 0 || capture >= captures || captureLengths[capture] == UNFINISHED) {
            throw new LuaError("invalid capture index");
        }
        long length = captureLengths[capture];
        effort.bytes(length);
        boolean isSame =
                length >= 0 && end - s >= length && Memory.equal(captureStarts[capture], s, length);
        return isSame ? s + length : NO_MATCH;
    }

    /** Pushes all captures; when there are none, the whole match. */
    int pushCaptures(long from, long to) {
        int count = Math.max(1, captures);
        Numbers.needRoom(lua, count, "too many captures");
        for (int i = 0; i < count; i++) {
            pushCapture(i, from, to);
        }
        return count;
    }

    /** Pushes all captures, perhaps none. */
    int pushCapturesOnly() {
        return captures == 0 ? 0 : pushCaptures(0, 0);
    }

    /** Pushes one capture; the first is the whole match when there are none. */
    void pushCapture(int i, long from, long to) {
        if (i >= captures) {
            if (i > 0) {
                throw new LuaError("invalid capture index");
            }
            lua.pushString(from, to - from);
            return;
        }
        if (captureLengths[i] == UNFINISHED) {
            throw new LuaError("unfinished capture");
        }
        if (captureLengths[i] == POSITION) {
            lua.pushNumber(captureStarts[i] - start + 1);
        } else {
            lua.pushString(captureStarts[i], captureLengths[i]);
        }
    }
}
