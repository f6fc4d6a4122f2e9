package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.resp.Request;
import org.jspecify.annotations.Nullable;

/**
 * Decides with one comparison whether anybody looks at a command that was executed: all are looked
 * at from a certain duration on, which is beyond reach when nobody is interested and below zero
 * when somebody wants to see everything.
 *
 * <p>Threads: safe.
 */
public final class Observation {
    private @Nullable CommandObserver observer;
    private volatile long fromNanos = Long.MAX_VALUE;

    /** Connects the observer; before the first request. */
    public void observer(CommandObserver who) {
        observer = who;
    }

    /** Commands that take as long as this are told to the observer. */
    public void from(long nanos) {
        fromNanos = nanos;
    }

    void connected(Client client) {
        if (fromNanos < 0 && observer != null) {
            observer.connected(client);
        }
    }

    void ran(Client client, Request request, Command command, long nanos) {
        if (nanos >= fromNanos && observer != null) {
            observer.ran(client, request, command, nanos);
        }
    }

    void waits(Client client, Request request, Command command, long nanos) {
        if (nanos >= fromNanos && observer != null) {
            observer.waits(client, request, command, nanos);
        }
    }

    void hasWaited(Client client, Request request, Command command, long nanos) {
        if (nanos >= fromNanos && observer != null) {
            observer.hasWaited(client, request, command, nanos);
        }
    }

    /** Shows a request to those who want to see everything. */
    public void shown(Client client, Request request, Command command) {
        if (fromNanos < 0 && observer != null) {
            observer.shown(client, request, command);
        }
    }
}
