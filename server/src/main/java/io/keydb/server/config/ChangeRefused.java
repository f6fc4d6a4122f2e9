package io.keydb.server.config;

/**
 * Says why CONFIG SET changed nothing, in the words of stock servers.
 *
 * <p>Threads: immutable.
 */
public final class ChangeRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private ChangeRefused(String text) {
        super(text, null, false, false);
    }

    static ChangeRefused unknown(String name) {
        return new ChangeRefused(
                "Unknown option or number of arguments for CONFIG SET - '" + name + "'");
    }

    static ChangeRefused because(String name, String reason) {
        return new ChangeRefused(
                "CONFIG SET failed (possibly related to argument '" + name + "') - " + reason);
    }

    /** The whole text, without an error code in front. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
