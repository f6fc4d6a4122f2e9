package io.keydb.server.command;

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

    LateReply(int protocol) {
        writer.protocol(protocol);
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
