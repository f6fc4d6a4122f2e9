package io.keydb.module;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where keys stand among the arguments of a command, the name of the command being argument 0. From
 * it the server knows what to lock, what a user may touch, and in which slot of a cluster the
 * command belongs.
 *
 * <p>Threads: immutable.
 */
public sealed interface Keys {
    /** What is done with the keys. */
    Set<KeyUse> uses();

    /** Keys from {@code first} to {@code last}, every {@code step}-th argument. */
    record InRange(int first, int last, int step, Set<KeyUse> uses) implements Keys {}

    /** A count at {@code countAt}, and as many keys behind it. */
    record Counted(int countAt, Set<KeyUse> uses) implements Keys {}

    /** One key behind a keyword, which is looked for from argument {@code startFrom} on. */
    record Behind(String keyword, int startFrom, Set<KeyUse> uses) implements Keys {}

    /** One key at an argument. */
    static Keys at(int index, KeyUse use, KeyUse... more) {
        return new InRange(index, index, 1, EnumSet.of(use, more));
    }

    /**
     * Keys from one argument to another, every {@code step}-th.
     *
     * @param last negative: counted from the end, -1 the last argument
     */
    static Keys range(int first, int last, int step, KeyUse use, KeyUse... more) {
        return new InRange(first, last, step, EnumSet.of(use, more));
    }

    /** A count at an argument, and as many keys behind it. */
    static Keys counted(int countAt, KeyUse use, KeyUse... more) {
        return new Counted(countAt, EnumSet.of(use, more));
    }

    /**
     * One key behind a keyword.
     *
     * @param startFrom the argument from which it is looked for; negative: backwards from the end
     */
    static Keys behind(String keyword, int startFrom, KeyUse use, KeyUse... more) {
        return new Behind(keyword, startFrom, EnumSet.of(use, more));
    }
}
