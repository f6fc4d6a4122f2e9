package io.keydb.server.persistence;

import java.io.IOException;

/** A file with data that cannot be loaded; the message is for whoever starts the server. */
public final class DataFileException extends IOException {
    private static final long serialVersionUID = 1;

    public DataFileException(String message) {
        super(message);
    }

    public DataFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
