package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.memory.Memory;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;

/**
 * The reply of a command that waited, written apart from its connection.
 *
 * <p>Threads: handed from the thread that writes it to the one that sends it.
 */
final class LateReply implements AutoCloseable {
    private static final long PIECE = 256 << 10;

    private final NativeReplySpace space = new NativeReplySpace();
    private final ReplyWriter writer = new ReplyWriter(space);
    private long sent;

    LateReply(Client client) {
        writer.protocol(client.protocol());
        writer.discarding(client.isDeaf());
    }

    /** Puts it where the replies of the connection go. On its loop. */
    void send(Client client, Connection connection) {
        boolean more = true;
        while (more) {
            more = sendPiece(client, connection);
        }
    }

    /**
     * Puts the next piece where the replies of the connection go, and gives whether there are more.
     * On its loop, which copies no more than that at once.
     */
    boolean sendPiece(Client client, Connection connection) {
        ReplyWriter to = connection.reply();
        long piece = Math.min(PIECE, writer.length() - sent);
        to.discarding(false);
        to.raw(writer.address() + sent, piece);
        to.protocol(client.protocol());
        to.discarding(writer.isDiscarding());
        sent += piece;
        return sent < writer.length();
    }

    ReplyWriter writer() {
        return writer;
    }

    /**
     * Has the loop send what is complete, so many bytes from the beginning, while what is behind
     * that takes long. By who writes.
     */
    void sendAhead(Connection connection, long complete) {
        if (complete == sent) {
            return;
        }
        byte[] ahead = Memory.bytes(writer.address() + sent, Math.toIntExact(complete - sent));
        sent = complete;
        connection.execute(
                () -> {
                    if (!connection.isClosed()) {
                        connection.reply().raw(ahead);
                        connection.flush();
                    }
                });
    }

    @Override
    public void close() {
        writer.release();
        space.close();
    }
}
