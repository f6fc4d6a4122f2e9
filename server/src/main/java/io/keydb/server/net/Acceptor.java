package io.keydb.server.net;

import io.keydb.server.net.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections of the clients of listening sockets; each goes to the loop that {@link
 * NetworkSettings.Balancing} says.
 *
 * <p>How many clients there may be is decided by the handler, when a connection is opened; how many
 * may shake hands at a time, here.
 *
 * <p>Threads: confined to the event loop that accepts.
 */
@Sharable
public final class Acceptor extends ChannelInboundHandlerAdapter {

    /** When accepting fails (no file descriptors left), nothing is accepted for so long. */
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1000;

    private final EventLoops loops;
    private final RequestHandler handler;
    private final NetworkSettings settings;
    private final @Nullable TlsContexts contexts;
    private final AtomicInteger shakingHands = new AtomicInteger();
    private final HandshakeLog handshakeLog = new HandshakeLog();

    /** With contexts, clients have to speak TLS. */
    public Acceptor(
            EventLoops loops,
            RequestHandler handler,
            NetworkSettings settings,
            @Nullable TlsContexts contexts) {
        this.loops = loops;
        this.handler = handler;
        this.settings = settings;
        this.contexts = contexts;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        DuplexChannel channel = (DuplexChannel) accepted;
        try {
            accepted(channel);
        } catch (RuntimeException e) { // the client closed while it was being set up
            channel.unsafe().closeForcibly();
        }
    }

    private void accepted(DuplexChannel channel) {
        if (channel.remoteAddress() == null && channel.localAddress() == null) { // gone already
            channel.unsafe().closeForcibly();
            return;
        }
        TlsContexts secure = contexts;
        if (secure != null && shakingHands.get() >= settings.mostHandshakes()) {
            channel.unsafe().closeForcibly();
            return;
        }
        EventLoop loop = loops.choose(settings.balancing());
        Connection connection = new Connection(loop, channel, handler, settings);
        SingleRead reads = connection.flow().input();
        if (secure == null) {
            channel.pipeline().addLast(new ConnectionHandler(connection));
        } else {
            TlsTransport transport =
                    new SecureConnection(connection, channel, secure, shakingHands, handshakeLog)
                            .transport();
            reads = transport.reads();
            channel.pipeline().addLast(transport);
        }
        SocketOptions.prepare(channel, reads, settings.throttleBytes());
        SocketOptions.keepAlive(channel, settings.keepAliveSeconds());
        loop.reserved();
        loop.executor()
                .register(channel)
                .addListener(
                        registered -> {
                            if (!registered.isSuccess()) {
                                loop.released();
                                channel.unsafe().closeForcibly();
                            }
                        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Channel socket = context.channel();
        if (cause instanceof IOException && socket.config().isAutoRead()) {
            socket.config().setAutoRead(false);
            loops.get(0)
                    .schedule(() -> socket.config().setAutoRead(true), PAUSE_AFTER_FAILURE_MILLIS);
        }
    }
}
