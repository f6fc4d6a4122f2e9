package io.keydb.server.migration;

import io.keydb.server.net.AddressText;
import io.keydb.server.net.SourceAddress;
import io.keydb.server.support.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose waits all end after a timeout, those for room to write to as well; so the channel
 * does not block, and a selector of its own waits.
 *
 * <p>Threads: one at a time; who waits can be interrupted.
 */
final class TimedChannel implements Closeable {
    private static final int MOST_PORT = 65535;

    private final Clock clock;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private int timeoutMillis;

    private TimedChannel(SocketChannel channel, Selector selector, int timeoutMillis, Clock clock)
            throws IOException {
        this.clock = clock;
        this.channel = channel;
        this.selector = selector;
        this.timeoutMillis = timeoutMillis;
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /**
     * Connects to the first address of the host that takes it.
     *
     * @throws UnknownHostException when the host is not known, or the port below 0
     * @throws SocketTimeoutException when nothing answers in time
     * @throws IOException when all addresses refuse
     */
    static TimedChannel connect(String host, String port, int timeoutMillis, ConnectionTerms terms)
            throws IOException {
        if (host.isEmpty()) {
            throw new UnknownHostException("no host");
        }
        int number = number(port);
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (number == 0 || number > MOST_PORT) {
            throw new ConnectException("port " + number);
        }
        IOException refused = new UnknownHostException(host);
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, number), timeoutMillis, terms);
            } catch (InterruptedIOException late) {
                throw late;
            } catch (IOException next) {
                refused = next;
            }
        }
        throw refused;
    }

    private static int number(String port) throws IOException {
        int number = 0;
        try {
            number = Integer.parseInt(port);
        } catch (NumberFormatException none) {
            // nobody listens at port 0
        }
        if (number < 0) {
            throw new UnknownHostException("port " + number);
        }
        return number;
    }

    private static TimedChannel connect(
            InetSocketAddress to, int timeoutMillis, ConnectionTerms terms) throws IOException {
        SocketChannel channel = SocketChannel.open();
        Selector selector = null;
        boolean isConnected = false;
        try {
            selector = Selector.open();
            TimedChannel timed = new TimedChannel(channel, selector, timeoutMillis, terms.clock());
            bind(channel, SourceAddress.of(terms.sourceAddress().get(), to.getAddress()));
            if (!channel.connect(to)) {
                do {
                    timed.await(SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            isConnected = true;
            return timed;
        } finally {
            if (!isConnected) {
                close(channel, selector);
            }
        }
    }

    private static void bind(SocketChannel channel, @Nullable InetAddress source) {
        if (source == null) {
            return;
        }
        try {
            channel.bind(new InetSocketAddress(source, 0));
        } catch (IOException notHere) {
            SourceAddress.unusable(AddressText.host(source), String.valueOf(notHere.getMessage()));
        }
    }

    /** How long every wait from now on may be. */
    void timeoutMillis(int millis) {
        timeoutMillis = millis;
    }

    /**
     * Sends all of this.
     *
     * @throws SocketTimeoutException when the other side takes nothing for too long
     */
    void write(byte[] bytes, int length) throws IOException {
        ByteBuffer output = ByteBuffer.wrap(bytes, 0, length);
        while (output.hasRemaining()) {
            if (channel.write(output) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /**
     * Waits for bytes and reads what has come, as far as there is room.
     *
     * @return how many; -1 when the other side sends no more
     * @throws SocketTimeoutException when nothing comes for too long
     */
    int read(byte[] to) throws IOException {
        ByteBuffer input = ByteBuffer.wrap(to);
        while (true) {
            int read = channel.read(input);
            if (read != 0) {
                return read;
            }
            await(SelectionKey.OP_READ);
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        long end = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            long left = end - clock.nanos();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            selector.selectedKeys().clear();
            if (selector.select(1 + TimeUnit.NANOSECONDS.toMillis(left)) > 0) {
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException();
            }
        }
    }

    @Override
    public void close() {
        close(channel, selector);
    }

    private static void close(SocketChannel channel, @Nullable Selector selector) {
        try {
            channel.close();
        } catch (IOException gone) {
            // as good as closed
        }
        try {
            if (selector != null) {
                selector.close();
            }
        } catch (IOException gone) {
            // as good as closed
        }
    }
}
