package io.keydb.server.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that serve sockets: native epoll where the platform has it, else Java's selectors.
 *
 * <p>Threads: safe, because it is immutable but for a counter.
 */
public final class EventLoops implements AutoCloseable {

    private static final int ALL_TIME_FOR_SOCKETS_AND_TASKS_ALIKE = 100;

    private final boolean isEpoll;
    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    /**
     * Starts event loops.
     *
     * @param threads how many
     * @param epoll whether native epoll is wanted, where there is one
     */
    public EventLoops(int threads, boolean epoll) {
        isEpoll = epoll && Epoll.isAvailable();
        DefaultThreadFactory threadFactory = new DefaultThreadFactory("keydb-io", true);
        if (isEpoll) {
            EpollEventLoopGroup epollGroup = new EpollEventLoopGroup(threads, threadFactory);
            epollGroup.setIoRatio(
                    ALL_TIME_FOR_SOCKETS_AND_TASKS_ALIKE); // no clock is read per turn
            group = epollGroup;
        } else {
            NioEventLoopGroup nioGroup = new NioEventLoopGroup(threads, threadFactory);
            nioGroup.setIoRatio(ALL_TIME_FOR_SOCKETS_AND_TASKS_ALIKE);
            group = nioGroup;
        }
        for (EventExecutor executor : group) {
            loops.add(new EventLoop((io.netty.channel.EventLoop) executor, loops.size()));
        }
    }

    /** Whether native epoll is in use. */
    public boolean isEpoll() {
        return isEpoll;
    }

    public int count() {
        return loops.size();
    }

    public EventLoop get(int index) {
        return loops.get(index);
    }

    /** The loops in turn. */
    public EventLoop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** From now on replies wait for this gate; null: for nothing. Any thread. */
    public void gate(@Nullable ReplyGate gate) {
        loops.forEach(loop -> loop.held().gate(gate));
    }

    /** What replies wait for may have come. Any thread. */
    public void gateMoved() {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).held().gateMoved();
        }
    }

    /** The loop with the fewest connections. */
    public EventLoop leastLoaded() {
        EventLoop least = loops.getFirst();
        for (int i = 1; i < loops.size(); i++) {
            EventLoop loop = loops.get(i);
            if (loop.connectionCount() < least.connectionCount()) {
                least = loop;
            }
        }
        return least;
    }

    /** The loop that a new connection of a client goes to. */
    EventLoop choose(NetworkSettings.Balancing rule) {
        if (!rule.isActive()) {
            return next();
        }
        EventLoop least = loops.getFirst();
        long leastWeight = Long.MAX_VALUE;
        for (int i = 0; i < loops.size(); i++) {
            EventLoop loop = loops.get(i);
            long weight =
                    loop.connectionCount() + loop.replicaCount() * (rule.replicaWeight() - 1L);
            if (weight < rule.fill()) {
                return loop;
            }
            if (weight < leastWeight) {
                leastWeight = weight;
                least = loop;
            }
        }
        return least;
    }

    /**
     * A socket of the address's own family: one of the other family would take IPv4 addresses for
     * IPv6 ones, and cost more.
     */
    ServerSocketChannel newServerSocket(InetAddress address) {
        InternetProtocolFamily family = InternetProtocolFamily.of(address);
        return isEpoll
                ? new EpollServerSocketChannel(family)
                : new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    SocketChannel newSocket(InetAddress address) {
        InternetProtocolFamily family = InternetProtocolFamily.of(address);
        return isEpoll
                ? new EpollSocketChannel(family)
                : new NioSocketChannel(SelectorProvider.provider(), family);
    }

    /** Closes what is still open and ends the threads. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        loops.forEach(EventLoop::close);
    }
}
