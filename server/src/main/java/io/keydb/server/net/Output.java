package io.keydb.server.net;

import io.keydb.server.resp.ReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The replies a connection has written and not sent. The writer fills one block; a flush offers it
 * to the socket, and what the socket does not take is queued with Netty, block and all, while the
 * writer gets another block.
 *
 * <p>With epoll a flush is one {@code write} on the file descriptor, past Netty, as long as nothing
 * is queued. A block that was sent whole goes back to the loop, so between batches a connection has
 * none, and after a big reply nothing big stays.
 *
 * <p>Threads: confined to the connection's event loop; while a worker runs a command of the paused
 * connection, {@link #grow} is called by that worker and nothing else is called.
 */
final class Output implements ReplySpace {

    private final EventLoop loop;
    private final Channel channel;
    private final @Nullable Socket descriptor;
    private final ReplyWriter writer = new ReplyWriter(this);

    private @Nullable Block block;
    private long bytesSent;

    Output(EventLoop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
        descriptor = channel instanceof EpollSocketChannel epoll ? (Socket) epoll.fd() : null;
    }

    ReplyWriter writer() {
        return writer;
    }

    /** Bytes given to the socket or queued for it since the connection was opened. */
    long bytesSent() {
        return bytesSent;
    }

    /** Bytes written that the socket has not taken. */
    long bytesPending() {
        return writer.length() + bytesQueued();
    }

    /** Bytes queued because the socket did not take them. */
    long bytesQueued() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    @Override
    public long grow(long used, long capacity) {
        Block current = block;
        if (current == null) {
            current = loop.take(sizeFor(0, capacity));
        } else {
            current = current.enlarged(sizeFor(current.size(), capacity));
        }
        block = current;
        return current.address();
    }

    private static int sizeFor(int current, long capacity) {
        if (capacity > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(
                    "a reply of " + capacity + " bytes does not fit into a buffer");
        }
        return (int) Math.min(Math.max(capacity, current * 2L), Integer.MAX_VALUE - 8);
    }

    @Override
    public long capacity() {
        Block current = block;
        return current == null ? 0 : current.size();
    }

    /**
     * Sends what has been written.
     *
     * @throws IOException when the connection is broken
     */
    void flush() throws IOException {
        int length = (int) writer.length();
        Block current = block;
        if (length == 0 || current == null) {
            return;
        }
        bytesSent += length;
        int sent = 0;
        Socket file = descriptor;
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            discard();
            return;
        }
        if (file != null && queue.isEmpty()) {
            sent = file.sendAddress(current.address(), 0, length);
        }
        if (sent < length) {
            queue(current, sent, length);
        } else {
            discard();
        }
    }

    private void queue(Block current, int from, int length) {
        current.setIndex(from, length);
        writer.release();
        block = null;
        channel.unsafe().write(current.retain(), channel.voidPromise());
        channel.unsafe().flush();
        if (current.refCnt() == 1) {
            loop.give(current);
        } else {
            current.release();
        }
    }

    /** Drops what has been written and not been flushed, and gives the block back. */
    void discard() {
        writer.release();
        Block current = block;
        if (current != null) {
            block = null;
            loop.give(current);
        }
    }
}
