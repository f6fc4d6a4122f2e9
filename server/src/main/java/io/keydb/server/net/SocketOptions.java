package io.keydb.server.net;

import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * What is asked of the sockets of connections and links.
 *
 * <p>Threads: stateless.
 */
final class SocketOptions {

    private static final int KEEP_ALIVE_PROBES = 3;

    private SocketOptions() {}

    /** Sets what every connection needs; before it is registered with its loop. */
    static void prepare(DuplexChannel channel, SingleRead reads, int throttleBytes) {
        channel.config().setRecvByteBufAllocator(reads);
        if (channel instanceof SocketChannel) {
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config()
                .setWriteBufferWaterMark(
                        new WriteBufferWaterMark(throttleBytes / 2, throttleBytes));
    }

    /**
     * Probes a silent peer after so many seconds, then three times within as many; 0 leaves it to
     * the operating system.
     */
    static void keepAlive(DuplexChannel channel, int seconds) {
        if (!(channel instanceof SocketChannel)) {
            return;
        }
        if (seconds <= 0) {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, false);
            return;
        }
        int interval = Math.max(seconds / KEEP_ALIVE_PROBES, 1);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, interval);
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
        } else {
            channel.config()
                    .setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), seconds);
            channel.config()
                    .setOption(
                            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), interval);
            channel.config()
                    .setOption(
                            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT),
                            KEEP_ALIVE_PROBES);
        }
    }
}
