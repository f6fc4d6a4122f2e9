package io.keydb.operator.database;

import java.io.IOException;
import java.io.Serial;

/** A server answered with an error, or with bytes that are not RESP. */
public final class DatabaseException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    DatabaseException(String message) {
        super(message);
    }

    /** Whether the server refused the password, or asked for one and got none. */
    boolean isRefusedPassword() {
        var message = getMessage();
        return message != null
                && (message.startsWith("WRONGPASS")
                        || message.startsWith("NOAUTH")
                        || message.startsWith("ERR invalid password"));
    }
}
