package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;

/**
 * The reply of a command that waited, written apart from its connection.
 *
 * <p>Threads: handed from the thread that writes it to the one that sends it.
 */
final class LateReply implements AutoCloseable {
    private final NativeReplySpace space = new NativeReplySpace();
    private final ReplyWriter writer = new ReplyWriter(space);

    LateReply(Client client) {
        writer.protocol(client.protocol());
        writer.discarding(client.isDeaf());
    }

    /** Puts it where the replies of the connection go. On its loop. */
    void send(Client client, Connection connection) {
        ReplyWriter to = connection.reply();
        to.discarding(false);
        to.raw(writer.address(), writer.length());
        to.protocol(client.protocol());
        to.discarding(writer.isDiscarding());
    }

    ReplyWriter writer() {
        return writer;
    }

    @Override
    public void close() {
        writer.release();
        space.close();
    }
}
