package io.keydb.server.memory;

import io.keydb.server.support.GlobPattern;

/**
 * Glob patterns over bytes outside the Java heap.
 *
 * <p>Threads: stateless.
 */
public final class Globs {

    private Globs() {}

    public static boolean matches(GlobPattern pattern, long address, int length) {
        return pattern.matches(Memory.ALL, address, length);
    }
}
