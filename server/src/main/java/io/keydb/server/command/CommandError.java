package io.keydb.server.command;

import java.nio.charset.StandardCharsets;

/**
 * An error reply on its way to the client. Has no stack trace, so that the common ones can be made
 * once and thrown often; any other exception that reaches the dispatcher is a bug of ours.
 *
 * <p>Threads: immutable.
 */
public final class CommandError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final byte[] text;

    /** An error whose text begins with its prefix, as {@code ERR syntax error}. */
    public CommandError(String text) {
        super(text, null, false, false);
        this.text = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** An error of bytes that begin with its prefix. */
    public CommandError(byte[] text) {
        super(new String(text, StandardCharsets.ISO_8859_1), null, false, false);
        this.text = text;
    }

    /** The text as it goes over the wire, without the leading minus. */
    public byte[] text() {
        return text;
    }
}
