package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.resp.Request;

/**
 * Port to who looks at commands as they are executed: the slow log, the latency monitor, MONITOR.
 *
 * <p>Threads: called on the thread that runs the command, under the locks of its keys; so what is
 * told about a key comes in the order in which it was done. Arguments are valid during the call.
 */
public interface CommandObserver {
    /** A client has connected; on its loop, no locks held. */
    void connected(Client client);

    /** A command has run, with or without success. */
    void ran(Client client, Request request, Command command, long nanos);

    /** A command has found nothing and begun to wait. */
    void waits(Client client, Request request, Command command, long nanos);

    /**
     * A command that had waited is over.
     *
     * @param nanos the time of all its runs, not that of waiting
     */
    void hasWaited(Client client, Request request, Command command, long nanos);

    /** A command is to be shown that says itself when, or that does not count as run. */
    void shown(Client client, Request request, Command command);
}
