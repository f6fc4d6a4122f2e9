package io.keydb.operator.database;

import java.util.Optional;

/**
 * What the operator logs in with: the password that is to be, and the one that was before it, which
 * members know until they are told.
 *
 * <p>Threads: immutable.
 */
public record Credentials(Optional<Password> current, Optional<Password> previous) {
    /** For members that ask for no password. */
    public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());

    /** For members that all know one password. */
    public static Credentials of(Password password) {
        return new Credentials(Optional.of(password), Optional.empty());
    }
}
