package io.keydb.server.net;

import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.resp.ReplyWriter;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that this server has opened to another one. It carries bytes; what they mean is the
 * handler's business.
 *
 * <p>Threads: confined to the link's event loop, except for what says otherwise.
 */
public final class OutboundLink {

    /** With so much unsent, {@link #isWritable()} is false. */
    private static final int THROTTLE_BYTES = 8 * 1024 * 1024;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final LinkHandler handler;
    private final Input input;
    private final Output output;

    private @Nullable TlsTransport tls;
    private long bytesReceived;
    private boolean isClosed;
    private @Nullable Throwable cause;

    private OutboundLink(EventLoop loop, SocketChannel channel, LinkHandler handler) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
        input = new Input(loop);
        output = new Output(loop, channel);
    }

    /**
     * Where a link goes. Addresses are resolved already, because resolving may take long.
     *
     * @param source the address of this machine that it comes from; null leaves it to the system,
     *     as does one that cannot be had
     * @param timeoutMillis how long connecting may take
     */
    public record Route(
            InetSocketAddress target, @Nullable InetAddress source, int timeoutMillis) {}

    /** Begins to connect. */
    public static OutboundLink connect(EventLoops loops, Route route, LinkHandler handler) {
        return connect(loops, route, handler, null, null);
    }

    /**
     * The same with TLS.
     *
     * @param contexts where the session comes from; null is no TLS
     * @param host the name that was resolved, which is told to the other side; null for none
     */
    public static OutboundLink connect(
            EventLoops loops,
            Route route,
            LinkHandler handler,
            @Nullable TlsContexts contexts,
            @Nullable String host) {
        EventLoop loop = loops.leastLoaded();
        SocketChannel channel = loops.newSocket(route.target().getAddress());
        OutboundLink link = new OutboundLink(loop, channel, handler);
        SingleRead reads = link.input;
        if (contexts == null) {
            channel.pipeline().addLast(link.new Events());
        } else {
            TlsTransport transport =
                    TlsTransport.connecting(loop, channel, link.new Secure(), contexts, host);
            link.tls = transport;
            link.output.secure(transport);
            reads = transport.reads();
            channel.pipeline().addLast(transport);
        }
        SocketOptions.prepare(channel, reads, THROTTLE_BYTES);
        channel.config().setAllowHalfClosure(false);
        channel.config().setConnectTimeoutMillis(route.timeoutMillis());
        loop.executor()
                .register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                link.connect(route);
                            } else {
                                link.ended(registered.cause());
                            }
                        });
        return link;
    }

    private void connect(Route route) {
        InetAddress source = route.source();
        if (source == null) {
            connect(route.target());
            return;
        }
        channel.bind(new InetSocketAddress(source, 0))
                .addListener(
                        bound -> {
                            if (!bound.isSuccess()) {
                                SourceAddress.unusable(
                                        AddressText.host(source), Listeners.reason(bound.cause()));
                            }
                            connect(route.target());
                        });
    }

    private void connect(InetSocketAddress address) {
        channel.connect(address)
                .addListener(
                        connected -> {
                            if (!connected.isSuccess()) {
                                ended(connected.cause());
                                closeChannel();
                            }
                        });
    }

    /** The loop that serves it. Any thread. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Null before it is connected. Any thread. */
    public @Nullable InetSocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    /** Null before it is connected. Any thread. */
    public @Nullable InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    /** Finds a dead peer after about so many seconds. */
    public void keepAlive(int seconds) {
        SocketOptions.keepAlive(channel, seconds);
    }

    /** Where to write what {@link #flush()} sends. */
    public ReplyWriter writer() {
        return output.writer();
    }

    /** Sends what has been written. */
    public void flush() {
        assert loop.isCurrent();
        if (isClosed) {
            output.discard();
            return;
        }
        try {
            output.flush();
        } catch (IOException e) {
            fail(e);
        }
    }

    /**
     * Sends bytes after those sent before by the same thread. Any thread; the array is not copied
     * and must not change.
     */
    public void send(byte[] bytes) {
        if (loop.isCurrent()) {
            output.writer().raw(bytes);
            flush();
        } else {
            loop.execute(() -> send(bytes));
        }
    }

    /** Stops or starts reading. Any thread. */
    public void reading(boolean value) {
        channel.config().setAutoRead(value);
    }

    /** Whether what is sent is being taken; while not, a polite sender waits. Any thread. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Bytes written and not yet taken by the socket. */
    public long pendingOutputBytes() {
        return output.bytesPending();
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    public long bytesSent() {
        return output.bytesSent();
    }

    /** Closes at once. Any thread. */
    public void close() {
        if (loop.isCurrent()) {
            closeChannel();
        } else {
            loop.execute(this::closeChannel);
        }
    }

    /** The handler is told by the events of the socket; nobody waits for the future. */
    private void closeChannel() {
        TlsTransport secure = tls;
        if (secure != null && loop.isCurrent()) {
            secure.sayGoodbye();
        }
        ChannelFuture unused = channel.close();
    }

    private void fail(Throwable thrown) {
        if (cause == null) {
            cause = thrown;
        }
        closeChannel();
    }

    private void received(Block block) {
        bytesReceived += input.lastBytesRead();
        input.landed(block);
        present();
    }

    /** Presents the bytes that the handler has not used up once more. On the loop. */
    public void presentAgain() {
        if (!isClosed && input.end() > input.start()) {
            present();
        }
    }

    private void present() {
        int length = (int) (input.end() - input.start());
        int used = handler.received(this, input.start(), length);
        assert used >= 0 && used <= length : used;
        input.start(input.start() + used);
        input.settle(0);
    }

    private void ended(@Nullable Throwable thrown) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        handler.closed(this, thrown);
        input.close();
        output.discard();
    }

    /** What TLS says about the socket. */
    private final class Secure implements TlsTransport.Plain {
        @Override
        public Input input() {
            return input;
        }

        @Override
        public @Nullable String established() {
            handler.connected(OutboundLink.this);
            return null;
        }

        @Override
        public void received(Block block) {
            OutboundLink.this.received(block);
        }

        @Override
        public void inputEnded() {
            closeChannel();
        }

        @Override
        public void broken(String reason) {
            fail(new IOException(reason));
        }

        @Override
        public void ended() {
            OutboundLink.this.ended(cause);
        }
    }

    /** The events of the socket. */
    private final class Events extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            handler.connected(OutboundLink.this);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object block) {
            received((Block) block);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                closeChannel();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended(cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            fail(thrown);
        }
    }
}
