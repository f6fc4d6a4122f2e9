package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;

/**
 * Port to client-side caching: is told what clients read that keep copies. Called for clients of
 * trait {@link io.keydb.server.client.Trait#TRACKS} only, while the locks of the unit are held.
 */
public interface ReadTracking {
    /**
     * A unit of the client begins: what was changed before, by whomever, must be told to the client
     * before the reply.
     */
    void unitBegins(Client client, ReplyWriter reply);

    /** The client has been given what the keys of this request hold. */
    void read(Client client, Command command, Request request);

    /** The unit that began last on this thread is over. */
    void unitEnds();

    /** While nobody keeps copies. */
    static ReadTracking none() {
        return new ReadTracking() {
            @Override
            public void unitBegins(Client client, ReplyWriter reply) {}

            @Override
            public void read(Client client, Command command, Request request) {}

            @Override
            public void unitEnds() {}
        };
    }
}
