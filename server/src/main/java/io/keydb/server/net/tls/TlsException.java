package io.keydb.server.net.tls;

import java.io.IOException;

/** Says why TLS cannot be had as it is configured, in the words of stock servers. */
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1L;

    TlsException(String reason) {
        super(reason);
    }
}
