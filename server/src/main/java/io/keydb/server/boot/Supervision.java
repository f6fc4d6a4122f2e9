package io.keydb.server.boot;

import io.keydb.server.boot.ProcessDirectives.Supervisor;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the server is doing, over the socket it names in {@code NOTIFY_SOCKET}.
 *
 * <p>Threads: safe, because immutable.
 */
final class Supervision {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
    private static final String SOCKET = "NOTIFY_SOCKET";

    private final String socket;

    private Supervision(String socket) {
        this.socket = socket;
    }

    /** What the directive asks for in this environment. */
    static Supervision of(Supervisor supervisor, Map<String, String> environment) {
        return switch (supervisor) {
            case SYSTEMD, AUTO -> new Supervision(environment.getOrDefault(SOCKET, ""));
            case UPSTART, NO -> new Supervision("");
        };
    }

    /** Whether somebody listens. */
    boolean isSupervised() {
        return !socket.isEmpty();
    }

    /** The supervisor as INFO tells it. */
    String name() {
        return isSupervised() ? "systemd" : "no";
    }

    void ready() {
        tell("STATUS=Ready to accept connections\nREADY=1\n");
    }

    void stopping() {
        tell("STOPPING=1\n");
    }

    private void tell(String message) {
        if (isSupervised() && !SystemCalls.sendDatagram(socket, message)) {
            LOG.warn("The supervisor at {} cannot be told: {}", socket, message.strip());
        }
    }
}
