package io.keydb.server.config;

/**
 * Says why a value does not fit its directive, in the words a client or an administrator is shown.
 *
 * <p>Threads: immutable.
 */
public final class InvalidValue extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidValue(String reason) {
        super(reason, null, false, false);
    }

    /** The reason, without the name of the directive. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
