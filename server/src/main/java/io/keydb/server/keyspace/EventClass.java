package io.keydb.server.keyspace;

/** The kinds of keyspace events, by the letters of {@code notify-keyspace-events}. */
public enum EventClass {
    GENERIC('g'),
    STRING('$'),
    LIST('l'),
    SET('s'),
    HASH('h'),
    SORTED_SET('z'),
    EXPIRED('x'),
    EVICTED('e'),
    STREAM('t'),
    MODULE('d'),
    KEY_MISS('m'),
    NEW('n');

    private final char letter;

    EventClass(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /** Whether the letter A stands for it, among others. */
    public boolean isInAll() {
        return this != KEY_MISS && this != NEW;
    }

    int bit() {
        return 1 << ordinal();
    }
}
