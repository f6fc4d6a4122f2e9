package io.keydb.operator.observe;

import io.keydb.operator.database.Password;

/**
 * Where the password of a deployment comes from, as found now.
 *
 * <p>Threads: immutable.
 */
public sealed interface PasswordSource {
    /** No password is asked for. */
    record Unused() implements PasswordSource {}

    /** The operator makes one, once. */
    record Generated() implements PasswordSource {}

    /** The user gave one. */
    record Given(Password password) implements PasswordSource {}

    /** The user named a Secret that gives none. */
    record Unavailable(Cause cause, String message) implements PasswordSource {}

    /** Why a Secret gives no password. */
    enum Cause {
        SECRET_MISSING,
        KEY_MISSING,
        NOT_USABLE
    }
}
