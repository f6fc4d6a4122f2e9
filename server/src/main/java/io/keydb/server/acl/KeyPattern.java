package io.keydb.server.acl;

import io.keydb.server.command.KeySpec;
import io.keydb.server.memory.Globs;
import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;

/**
 * Keys that a user may access, and how.
 *
 * <p>Threads: immutable.
 *
 * @param text the pattern, one character for each byte
 * @param glob the same, compiled
 * @param access {@link KeySpec#READ}, {@link KeySpec#WRITE} or both
 */
record KeyPattern(String text, GlobPattern glob, int access) {
    static final int BOTH = KeySpec.READ | KeySpec.WRITE;

    static KeyPattern of(String text, int access) {
        GlobPattern glob = GlobPattern.compile(text.getBytes(StandardCharsets.ISO_8859_1));
        return new KeyPattern(text, glob, access);
    }

    /** The same with more access. */
    KeyPattern with(int more) {
        return new KeyPattern(text, glob, access | more);
    }

    /** Whether it allows this access to the key. */
    boolean allows(long address, int length, int wanted) {
        return (access & wanted) == wanted && Globs.matches(glob, address, length);
    }

    boolean isStar() {
        return text.equals("*");
    }

    /** As a rule. */
    String rule() {
        return switch (access) {
            case KeySpec.READ -> "%R~" + text;
            case KeySpec.WRITE -> "%W~" + text;
            default -> "~" + text;
        };
    }
}
