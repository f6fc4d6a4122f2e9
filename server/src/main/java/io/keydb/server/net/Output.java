package io.keydb.server.net;

import io.keydb.server.memory.Memory;
import io.keydb.server.resp.ReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The replies a connection has written and not sent. The writer fills one block; a flush offers it
 * to the socket, and what the socket does not take is queued with Netty, block and all, while the
 * writer gets another block.
 *
 * <p>The block is the room in the {@link Outbox} of the loop, as long as that is enough, else one
 * of its own. So between batches a connection has none, and after a big reply nothing big stays.
 * With epoll a flush is one {@code send} on the socket, past Netty, as long as nothing is queued.
 *
 * <p>Threads: confined to the connection's event loop; while a worker runs a command of the paused
 * connection, {@link #grow} is called by that worker and nothing else is called.
 */
final class Output implements ReplySpace {

    private final EventLoop loop;
    private final Channel channel;
    private final @Nullable Socket socket;
    private final ReplyWriter writer = new ReplyWriter(this);

    private @Nullable TlsTransport tls;
    private @Nullable Block block;
    private boolean isInOutbox;
    private long bytesSent;
    private long writes;

    Output(EventLoop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
        socket = channel instanceof UnixChannel unix ? (Socket) unix.fd() : null;
    }

    /** From now on what is written goes through TLS. */
    void secure(TlsTransport transport) {
        tls = transport;
    }

    ReplyWriter writer() {
        return writer;
    }

    /** Bytes given to the socket or queued for it since the connection was opened. */
    long writes() {
        return writes;
    }

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
    public long grow(long used, long wanted) {
        Block current = block;
        if (current != null) {
            current = current.enlarged(sizeFor(current.size(), wanted));
        } else {
            if (used == 0 && loop.isCurrent()) {
                long address = loop.outbox().open(this, wanted);
                if (address != 0) {
                    isInOutbox = true;
                    return address;
                }
            }
            current = loop.take(sizeFor((int) used, wanted));
            leaveOutbox(current, used);
        }
        block = current;
        return current.address();
    }

    /** Takes what has been written along to a block of its own. */
    private void leaveOutbox(Block target, long used) {
        if (isInOutbox) {
            Memory.copy(writer.address(), target.address(), used);
            isInOutbox = false;
            loop.outbox().giveBack(this);
        }
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
        return isInOutbox ? loop.outbox().room() : bytesHeld();
    }

    /** Memory of its own that unsent replies take. */
    long bytesHeld() {
        Block current = block;
        return current == null ? 0 : current.size();
    }

    /**
     * Ends a batch. Few replies stay in the outbox of the loop until the turn ends.
     *
     * @return whether they do; otherwise there is something to flush, or nothing at all
     */
    boolean isLeftInOutbox() {
        if (isInOutbox) {
            loop.outbox().seal(this, (int) writer.length());
            writer.seal();
            return true;
        }
        return false;
    }

    /**
     * Sends what has been written.
     *
     * @throws IOException when the connection is broken
     */
    void flush() throws IOException {
        int length = (int) writer.length();
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (length == 0 || queue == null) {
            discard();
            return;
        }
        bytesSent += length;
        writes++;
        TlsTransport secure = tls;
        if (secure != null) {
            try {
                secure.write(writer.address(), length);
            } finally {
                discard();
            }
            return;
        }
        int sent = 0;
        Socket direct = socket;
        if (direct != null && queue.isEmpty()) {
            sent = direct.sendAddress(writer.address(), 0, length);
        }
        if (sent < length) {
            queue(sent, length);
        }
        discard();
    }

    /** Leaves to Netty what the socket has not taken. */
    private void queue(int from, int length) {
        Block current = block;
        if (current == null) {
            // of its very size: a reader that does not read may have thousands of them
            current = new Block(length - from);
            Memory.copy(writer.address() + from, current.address(), length - from);
            current.setIndex(0, length - from);
        } else {
            block = null;
            current.setIndex(from, length);
        }
        channel.unsafe().write(current.retain(), channel.voidPromise());
        channel.unsafe().flush();
        if (current.refCnt() == 1) {
            loop.give(current);
        } else {
            current.release();
        }
    }

    /** Drops what has been written and not been flushed, and gives the memory back. */
    void discard() {
        writer.release();
        if (isInOutbox) {
            isInOutbox = false;
            loop.outbox().giveBack(this);
        }
        Block current = block;
        if (current != null) {
            block = null;
            loop.give(current);
        }
    }
}
