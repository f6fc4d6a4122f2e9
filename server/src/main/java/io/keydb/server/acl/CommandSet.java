package io.keydb.server.acl;

import java.util.Arrays;

/**
 * A set of commands by their numbers. What it says of numbers it has never heard of is what it was
 * begun with: so {@code +@all} allows commands that modules bring later, and {@code -@all} does
 * not.
 *
 * <p>Threads: mutable while a user's rules are read, then shared and never changed.
 */
final class CommandSet {
    private long[] words = {};
    private final boolean others;

    /** Every command, or none. */
    CommandSet(boolean all) {
        this.others = all;
    }

    CommandSet(CommandSet from) {
        this.words = from.words.clone();
        this.others = from.others;
    }

    boolean contains(int id) {
        int word = id >>> 6;
        return word < words.length ? (words[word] >>> id & 1) != 0 : others;
    }

    void set(int id, boolean member) {
        int word = id >>> 6;
        if (word >= words.length) {
            int old = words.length;
            words = Arrays.copyOf(words, word + 1);
            Arrays.fill(words, old, words.length, others ? -1L : 0);
        }
        if (member) {
            words[word] |= 1L << id;
        } else {
            words[word] &= ~(1L << id);
        }
    }

    /** Whether commands it has never heard of are members. */
    boolean takesOthers() {
        return others;
    }
}
