package io.keydb.server.scripting.lua;

/**
 * What Lua knows of a running function.
 *
 * <p>Threads: immutable.
 */
public enum CallFact {
    /** How its caller calls it; empty when nobody knows. */
    NAME('n', 8),
    /** What that name is: {@code global}, {@code local}, {@code method}, {@code field} or empty. */
    KIND('n', 16),
    /** {@code Lua}, {@code C}, {@code main} or {@code tail}. */
    WHAT('S', 24),
    /** The name its code was loaded by. */
    SOURCE('S', 32),
    /** The line that runs; -1 outside Lua. */
    LINE('l', 40);

    private final char option;
    private final int offset;

    CallFact(char option, int offset) {
        this.option = option;
        this.offset = offset;
    }

    char option() {
        return option;
    }

    /** Where it stands in the record that the library fills. */
    int offset() {
        return offset;
    }
}
