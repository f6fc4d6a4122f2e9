package io.keydb.server.persistence.rdb;

/** An RDB stream that cannot be read: damaged, or with content this server does not hold. */
public final class RdbException extends Exception {
    private static final long serialVersionUID = 1;

    public RdbException(String message) {
        super(message);
    }
}
