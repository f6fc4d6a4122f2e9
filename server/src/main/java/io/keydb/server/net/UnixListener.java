package io.keydb.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Unix socket that clients of this machine connect to. Its file is made at the start, in the
 * place of one that a former server may have left, and deleted at the end.
 *
 * <p>Threads: safe, guarded by this object.
 */
public final class UnixListener implements AutoCloseable {

    private final EventLoops loops;
    private final NetworkSettings settings;
    private final Acceptor acceptor;
    private @Nullable Channel socket;
    private @Nullable Path file;

    /**
     * @param acceptor makes connections of those who come
     */
    public UnixListener(EventLoops loops, NetworkSettings settings, Acceptor acceptor) {
        this.loops = loops;
        this.settings = settings;
        this.acceptor = acceptor;
    }

    /**
     * Listens; nobody is let in before {@link #release()}.
     *
     * @param path of the file
     * @param permissions of the file in the usual nine bits; 0 leaves them to the umask
     * @param group of the file, or empty
     */
    public synchronized void listen(String path, int permissions, String group)
            throws ListenException {
        if (!loops.isEpoll()) {
            throw new ListenException("Failed opening Unix socket: needs epoll", null);
        }
        Path name = Path.of(path);
        try {
            Files.deleteIfExists(name);
            Channel channel = bind(path);
            socket = channel;
            file = name;
            PosixFileAttributeView view =
                    Files.getFileAttributeView(name, PosixFileAttributeView.class);
            if (permissions != 0) {
                view.setPermissions(permissions(permissions));
            }
            if (!group.isEmpty()) {
                GroupPrincipal owner =
                        name.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByGroupName(group);
                view.setGroup(owner);
            }
        } catch (IOException failure) {
            close();
            throw new ListenException(
                    "Failed opening Unix socket: " + failure.getMessage(), failure);
        }
    }

    private Channel bind(String path) throws IOException {
        EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel();
        channel.config().setOption(ChannelOption.SO_BACKLOG, settings.backlog());
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(acceptor);
        loops.get(0).executor().register(channel).syncUninterruptibly();
        ChannelFuture bound = channel.bind(new DomainSocketAddress(path)).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            channel.close().syncUninterruptibly();
            throw new IOException("bind: " + Listeners.reason(cause), cause);
        }
        return channel;
    }

    private static Set<PosixFilePermission> permissions(int bits) {
        PosixFilePermission[] fromHighest = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < fromHighest.length; i++) {
            if ((bits & (1 << (fromHighest.length - 1 - i))) != 0) {
                permissions.add(fromHighest[i]);
            }
        }
        return permissions;
    }

    /** Lets in who waits and who comes. */
    public synchronized void release() {
        Channel channel = socket;
        if (channel != null) {
            channel.config().setAutoRead(true);
        }
    }

    /** Whether it listens. */
    public synchronized boolean isOpen() {
        return socket != null;
    }

    /** Stops to listen and deletes the file; connections stay. */
    @Override
    public synchronized void close() {
        Channel channel = socket;
        Path name = file;
        socket = null;
        file = null;
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
        if (name != null) {
            name.toFile().delete();
        }
    }
}
