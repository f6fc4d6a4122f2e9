package io.keydb.server.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A listener could not be opened. The message names address, port and the system's reason. */
public final class ListenException extends IOException {

    private static final long serialVersionUID = 1L;

    ListenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
