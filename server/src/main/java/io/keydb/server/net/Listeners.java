package io.keydb.server.net;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that clients connect to over the network. One event loop accepts for all.
 *
 * <p>Threads: safe, because the list of sockets is guarded by this object and accepting is confined
 * to the first event loop.
 */
public final class Listeners implements AutoCloseable {

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final IntegerUnixChannelOption IPV6_ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY);

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final IntegerUnixChannelOption MARK =
            new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);

    private static final int EADDRNOTAVAIL = 99;
    private static final int EAFNOSUPPORT = 97;

    private final EventLoops loops;
    private final Acceptor acceptor;
    private final NetworkSettings settings;
    private final List<ServerSocketChannel> sockets = new ArrayList<>();
    private boolean isHeld;

    /**
     * @param acceptor makes connections of those who come
     */
    public Listeners(EventLoops loops, NetworkSettings settings, Acceptor acceptor) {
        this.loops = loops;
        this.settings = settings;
        this.acceptor = acceptor;
    }

    /**
     * Opens one socket for each address. When one fails that is not optional, all opened by this
     * call are closed again.
     *
     * @param port the port, or 0 for one the system chooses, which all addresses then share
     * @throws ListenException names the address, the port and the reason
     */
    public synchronized void listen(List<BindAddress> addresses, int port) throws ListenException {
        List<ServerSocketChannel> opened = new ArrayList<>();
        ListenException lastSkipped = null;
        int commonPort = port;
        try {
            for (BindAddress address : addresses) {
                if (address.isAnyIpv6() && opened.stream().anyMatch(Listeners::takesEverything)) {
                    continue;
                }
                try {
                    ServerSocketChannel socket = open(address, commonPort);
                    opened.add(socket);
                    commonPort = socket.localAddress().getPort();
                } catch (ListenException e) {
                    if (!isBearable(address, e)) {
                        throw e;
                    }
                    lastSkipped = e;
                }
            }
            if (opened.isEmpty() && lastSkipped != null) {
                throw lastSkipped;
            }
        } catch (ListenException e) {
            opened.forEach(socket -> socket.close().syncUninterruptibly());
            throw e;
        }
        sockets.addAll(opened);
    }

    /**
     * Whether a socket is for all addresses of either family: where there is IPv6, native sockets
     * for all IPv4 addresses take those of IPv6, too.
     */
    private static boolean takesEverything(ServerSocketChannel socket) {
        return socket instanceof EpollServerSocketChannel
                && Socket.isIPv6Preferred()
                && socket.localAddress().getAddress().isAnyLocalAddress();
    }

    /**
     * An address family the machine does not have is skipped always, an address it does not have
     * when it is optional.
     */
    private static boolean isBearable(BindAddress address, ListenException failure) {
        @Nullable Throwable cause = failure.getCause();
        if (cause instanceof NativeIoException e) {
            int error = -e.expectedErr();
            return error == EAFNOSUPPORT || (address.isOptional() && error == EADDRNOTAVAIL);
        }
        return address.isOptional()
                && (cause instanceof UnknownHostException
                        || String.valueOf(failure.getMessage()).contains("assign requested"));
    }

    private ServerSocketChannel open(BindAddress address, int port) throws ListenException {
        try {
            InetSocketAddress socketAddress = address.resolve(port);
            ServerSocketChannel socket = loops.newServerSocket(socketAddress.getAddress());
            socket.config().setReuseAddress(true);
            socket.config().setBacklog(settings.backlog());
            if (socket instanceof EpollServerSocketChannel && address.isAnyIpv6()) {
                socket.config().setOption(IPV6_ONLY, 1);
            }
            socket.config().setAutoRead(!isHeld);
            socket.pipeline().addLast(acceptor);
            loops.get(0).executor().register(socket).syncUninterruptibly();
            if (settings.socketMark() != 0) {
                mark(socket, text(address, port));
            }
            ChannelFuture bound = socket.bind(socketAddress).awaitUninterruptibly();
            Throwable cause = bound.cause();
            if (cause != null) {
                socket.close().syncUninterruptibly();
                throw new ListenException(text(address, port) + ": " + reason(cause), cause);
            }
            return socket;
        } catch (UnknownHostException e) {
            throw new ListenException(text(address, port) + ": unknown host", e);
        }
    }

    /** Has the packets of the socket, and of connections accepted there, marked. */
    private void mark(ServerSocketChannel socket, String where) throws ListenException {
        String refusal = "not on this platform";
        @Nullable Throwable cause = null;
        if (socket instanceof EpollServerSocketChannel) {
            try {
                socket.config().setOption(MARK, settings.socketMark());
                return;
            } catch (ChannelException refused) {
                cause = refused;
                refusal = reason(refused) + " (CAP_NET_ADMIN is needed)";
            }
        }
        socket.close().syncUninterruptibly();
        throw new ListenException(where + ": socket-mark-id: " + refusal, cause);
    }

    private static String text(BindAddress address, int port) {
        return "cannot listen on address " + address.text() + ", port " + port;
    }

    /** The system's words, without the name of the call in front of them. */
    static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.substring(message.lastIndexOf(": ") < 0 ? 0 : message.lastIndexOf(": ") + 2);
    }

    /**
     * From now on sockets listen, so that the addresses are taken, but nobody is let in before
     * {@link #release()}: who connects waits in the backlog.
     */
    public synchronized void hold() {
        isHeld = true;
        sockets.forEach(socket -> socket.config().setAutoRead(false));
    }

    /** Lets in who waits and who comes. */
    public synchronized void release() {
        isHeld = false;
        sockets.forEach(socket -> socket.config().setAutoRead(true));
    }

    /** Where it listens. */
    public synchronized List<InetSocketAddress> addresses() {
        return sockets.stream().map(ServerSocketChannel::localAddress).toList();
    }

    /** Closes the listening sockets; connections stay. */
    public synchronized void stopAccepting() {
        sockets.forEach(socket -> socket.close().syncUninterruptibly());
        sockets.clear();
    }

    /** The same as {@link #stopAccepting}; connections are closed with their event loops. */
    @Override
    public void close() {
        stopAccepting();
    }
}
