package io.keydb.server.command.introspection;

import java.util.List;
import java.util.Locale;

/**
 * One argument of a command, or a group of arguments.
 *
 * @param keySpec number of the key specification that finds it, or -1
 * @param token the keyword before it, or itself for a pure token, which may be the empty string;
 *     empty when there is none
 * @param flags {@code optional}, {@code multiple}, {@code multiple_token}
 * @param parts what a group consists of
 */
record Argument(
        String name,
        Type type,
        int keySpec,
        String token,
        List<String> flags,
        List<Argument> parts) {
    /** The types COMMAND DOCS knows. */
    enum Type {
        STRING,
        INTEGER,
        DOUBLE,
        KEY,
        PATTERN,
        UNIX_TIME,
        PURE_TOKEN,
        ONEOF,
        BLOCK;

        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    boolean hasToken() {
        return type == Type.PURE_TOKEN || !token.isEmpty();
    }
}
