package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.Trait;
import io.keydb.server.resp.ReplyWriter;

/**
 * What is over with a command, for clients of which something unusual is true.
 *
 * <p>Threads: on the event loop of the client's connection.
 */
final class CommandEnd {
    private CommandEnd() {}

    /** The client's command is over, and its reply is written. */
    static void of(Client client, ReplyWriter reply) {
        if (client.has(Trait.SKIPS_NEXT_REPLY) || client.has(Trait.SKIPS_REPLY)) {
            client.set(Trait.SKIPS_REPLY, client.has(Trait.SKIPS_NEXT_REPLY));
            client.set(Trait.SKIPS_NEXT_REPLY, false);
            reply.discarding(client.isDeaf());
        }
        if (client.has(Trait.IS_CACHING_EXCEPTION)
                && !client.transaction().isOpen()
                && !client.lastCommand().startsWith("client|")) {
            client.set(Trait.IS_CACHING_EXCEPTION, false);
        }
        if (client.has(Trait.READS_LOG) && reply.length() > 0) {
            ReplicaRequests.answered(client, client.lastCommand());
            reply.truncate(0);
        }
    }
}
