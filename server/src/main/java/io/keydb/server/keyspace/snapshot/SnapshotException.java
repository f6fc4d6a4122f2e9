package io.keydb.server.keyspace.snapshot;

import java.io.IOException;

/** A snapshot that cannot be completed; the data are not affected. */
public final class SnapshotException extends IOException {
    private static final long serialVersionUID = 1;

    SnapshotException(String message) {
        super(message);
    }
}
