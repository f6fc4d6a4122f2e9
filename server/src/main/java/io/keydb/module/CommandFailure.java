package io.keydb.module;

/**
 * An error reply. Has no stack trace, so it may be made once and thrown often.
 *
 * <p>Threads: immutable.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param text what the client is told, beginning with a code in upper case: {@code ERR no such
     *     filter}
     */
    public CommandFailure(String text) {
        super(text, null, false, false);
    }
}
