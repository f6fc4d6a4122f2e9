package io.keydb.server.net;

import io.keydb.server.net.tls.TlsBuffers;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a socket and a connection or link that speaks TLS: the only handler of the
 * channel. Encrypted bytes land in a block of the loop and are decrypted to where {@link Input}
 * wants its next read; what is written is encrypted and sent at once, and what the socket does not
 * take is queued with Netty, encrypted.
 *
 * <pre>
 *   socket ──recv──► cipher block ──► session ──► Input's block ──► {@link Plain#received}
 *   socket ◄──send── cipher block ◄── session ◄── {@link #write} ◄── Output's block
 * </pre>
 *
 * <p>Handshakes are costly. Each waits for its turn in the loop's {@link Handshakes}, which serve
 * other connections in between; meanwhile nothing more is read.
 *
 * <p>Threads: confined to the event loop.
 */
final class TlsTransport extends ChannelInboundHandlerAdapter {

    /** Who gets the decrypted bytes. */
    interface Plain {
        /** Where they go. */
        Input input();

        /**
         * The handshake is complete.
         *
         * @return why the other side is not welcome all the same, or null
         */
        @Nullable String established();

        /** The block that {@link Input#allocate} gave has been written. */
        void received(Block block);

        /** The other side sends no more. */
        void inputEnded();

        default void writabilityChanged() {
            // only connections are throttled
        }

        /** It cannot go on. */
        void broken(String reason);

        /** The socket is closed. */
        void ended();

        /** The channel belongs to no loop any more. */
        default void removed() {
            // only connections count themselves
        }
    }

    /** How much is encrypted before it is sent. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final DuplexChannel channel;
    private final @Nullable Socket socket;
    private final Plain plain;
    private final TlsContexts contexts;
    private final boolean isFirst;
    private final @Nullable String host;

    private @Nullable TlsSession session;
    private @Nullable Block unread;
    private @Nullable Future<?> deadline;
    private boolean isBroken;

    private TlsTransport(
            EventLoop loop,
            DuplexChannel channel,
            Plain plain,
            TlsContexts contexts,
            boolean isFirst,
            @Nullable String host) {
        this.loop = loop;
        this.channel = channel;
        this.plain = plain;
        this.contexts = contexts;
        this.isFirst = isFirst;
        this.host = host;
        socket = channel instanceof UnixChannel unix ? (Socket) unix.fd() : null;
    }

    /** Of a client that has connected to this server. */
    static TlsTransport accepted(
            EventLoop loop, DuplexChannel channel, Plain plain, TlsContexts contexts) {
        return new TlsTransport(loop, channel, plain, contexts, false, null);
    }

    /**
     * Of a link that this server opens.
     *
     * @param host name of the other side, or null
     */
    static TlsTransport connecting(
            EventLoop loop,
            DuplexChannel channel,
            Plain plain,
            TlsContexts contexts,
            @Nullable String host) {
        return new TlsTransport(loop, channel, plain, contexts, true, host);
    }

    /** What decides where encrypted bytes land. */
    SingleRead reads() {
        return new CipherReads();
    }

    /** The other side's certificate, or null. */
    byte @Nullable [] peerCertificate() {
        TlsSession current = session;
        return current == null ? null : current.peerCertificate();
    }

    private boolean isEstablished() {
        TlsSession current = session;
        return current != null && current.isEstablished();
    }

    // ---- the handshake

    /** Connected: begins to shake hands, or waits for the other side to begin. */
    private void begin() {
        TlsBuffers buffers = loop.tls().buffers();
        session = isFirst ? contexts.connecting(buffers, host) : contexts.accepting(buffers);
        deadline = loop.schedule(this::tooLate, Handshakes.LONGEST_MILLIS);
        if (isFirst) {
            loop.tls().handshakes().add(this);
        }
    }

    private void tooLate() {
        if (!isEstablished()) {
            fail("handshake timed out");
        }
    }

    /** One step with what has arrived, when it is this handshake's turn. */
    void shakeHands() {
        TlsSession current = session;
        if (current == null || isBroken) {
            return;
        }
        Block arrived = unread;
        if (arrived != null) {
            unread = null;
            loop.tls().buffers().put(arrived.address(), arrived.readableBytes());
            loop.give(arrived);
        }
        try {
            TlsSession.Step step = current.handshake();
            sendEncrypted();
            switch (step) {
                case MORE -> channel.config().setAutoRead(true);
                case FAILED -> fail(current.error());
                case DONE -> established();
            }
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()));
        } finally {
            loop.tls().buffers().clear();
        }
    }

    private void established() {
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
            deadline = null;
        }
        channel.config().setAutoRead(true);
        String refusal = plain.established();
        if (refusal != null) {
            fail(refusal);
        } else if (session != null) {
            decrypt();
        }
    }

    private void keep(Block arrived) {
        Block copy = loop.take(arrived.readableBytes());
        copy.setBytes(0, arrived, 0, arrived.readableBytes());
        copy.setIndex(0, arrived.readableBytes());
        unread = copy;
        channel.config().setAutoRead(false);
        loop.tls().handshakes().add(this);
    }

    // ---- receiving

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Block arrived = (Block) message;
        TlsSession current = session;
        if (current == null || isBroken) {
            return;
        }
        if (!current.isEstablished()) {
            keep(arrived);
            return;
        }
        loop.tls().buffers().put(arrived.address(), arrived.readableBytes());
        try {
            decrypt();
        } finally {
            loop.tls().buffers().clear();
        }
    }

    /** Hands on everything that has arrived. */
    private void decrypt() {
        int result = 1;
        TlsSession current = session;
        while (result > 0 && current != null) {
            Input input = plain.input();
            Block target = (Block) input.allocate(channel.alloc());
            int before = target.writerIndex();
            int end = before;
            while (end < target.size() && result > 0) {
                result = current.read(target.address() + end, target.size() - end);
                end += Math.max(0, result);
            }
            if (end > before) {
                target.writerIndex(end);
                input.lastBytesRead(end - before);
                plain.received(target);
            }
            current = session;
        }
        if (current == null) {
            return;
        }
        try {
            sendEncrypted();
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        if (result == TlsSession.ENDED) {
            plain.inputEnded();
        } else if (result == TlsSession.BROKEN) {
            fail(current.error());
        }
    }

    // ---- sending

    /**
     * Encrypts and sends bytes; what the socket does not take is queued.
     *
     * @throws IOException when the connection is broken
     */
    void write(long address, int length) throws IOException {
        TlsSession current = session;
        if (current == null || isBroken) {
            return;
        }
        for (int done = 0; done < length; done += CHUNK_BYTES) {
            int step = Math.min(CHUNK_BYTES, length - done);
            if (current.write(address + done, step) == TlsSession.BROKEN) {
                isBroken = true;
                throw new IOException(current.error());
            }
            sendEncrypted();
        }
    }

    private void sendEncrypted() throws IOException {
        Block block = loop.tls().cipher();
        int length = loop.tls().buffers().take(block.address(), block.size());
        while (length > 0) {
            send(block, length);
            length = loop.tls().buffers().take(block.address(), block.size());
        }
    }

    private void send(Block block, int length) throws IOException {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return;
        }
        int sent = 0;
        Socket direct = socket;
        if (direct != null && queue.isEmpty()) {
            sent = direct.sendAddress(block.address(), 0, length);
        }
        if (sent < length) {
            Block rest = new Block(length - sent);
            rest.writeBytes(block, sent, length - sent);
            channel.unsafe().write(rest, channel.voidPromise());
            channel.unsafe().flush();
        }
    }

    // ---- the end

    private void fail(String reason) {
        if (!isBroken) {
            isBroken = true;
            plain.broken(reason);
        }
    }

    /** Tells the other side, as far as that costs no waiting, that nothing more will come. */
    void sayGoodbye() {
        TlsSession current = session;
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (current == null || queue == null || !queue.isEmpty()) {
            return;
        }
        current.shutdown();
        try {
            sendEncrypted();
        } catch (IOException e) {
            isBroken = true; // it is gone already
        }
    }

    private void release() {
        TlsSession current = session;
        if (current != null) {
            session = null;
            current.close();
        }
        Block arrived = unread;
        if (arrived != null) {
            unread = null;
            loop.give(arrived);
        }
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
            deadline = null;
        }
    }

    // ---- the channel's other events

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        plain.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            if (isEstablished()) {
                plain.inputEnded();
            } else {
                fail("connection closed during the handshake");
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        plain.ended();
        release();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        plain.removed();
        release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    /** Where encrypted bytes land: one block of the loop for all. */
    private final class CipherReads extends SingleRead {
        @Override
        public ByteBuf allocate(ByteBufAllocator ignored) {
            Block block = loop.tls().cipher();
            block.setIndex(0, 0);
            return block;
        }
    }
}
