package io.keydb.server.command;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Values;

/**
 * Which values of an active node are too big to be told as a whole after each write. Of those the
 * commands are told, together with the state they were applied on: a <em>delta</em>.
 *
 * <p>A delta must have the same outcome on every node that has the state before, whenever it
 * arrives; so nothing that expires is told in deltas.
 *
 * <p>Threads: safe.
 */
public final class DeltaRule {
    /** Fewer elements are told as a whole. */
    public static final long LEAST = 64;

    private static final byte[][] ABOUT_EXPIRY = {
        {'E', 'X', 'P', 'I', 'R', 'E'}, {'P', 'E', 'R', 'S', 'I', 'S', 'T'}
    };

    private volatile long least = LEAST;

    /** Sets from how many elements on deltas are told. */
    public void least(long elements) {
        least = elements;
    }

    /** Whether the value of this record may have been told by a delta. */
    public boolean suits(long record) {
        return Record.type(record) != Record.STRING
                && Record.type(record) != Record.TOMBSTONE
                && !Record.hasExpiry(record)
                && !Record.membersExpire(record)
                && Values.of(record).size(record) >= least;
    }

    /** Whether effects have the same outcome whenever they are applied: no expiry comes or goes. */
    static boolean areTimeless(Effects effects) {
        for (int i = 0; i < effects.commands(); i++) {
            long name = effects.nameAddress(i);
            int length = effects.nameLength(i);
            for (byte[] word : ABOUT_EXPIRY) {
                if (contains(name, length, word)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean contains(long address, int length, byte[] word) {
        for (int at = 0; at + word.length <= length; at++) {
            int same = 0;
            while (same < word.length
                    && (Memory.getByte(address + at + same) & ~0x20) == word[same]) {
                same++;
            }
            if (same == word.length) {
                return true;
            }
        }
        return false;
    }
}
