package io.keydb.server.net;

import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A whole server on nothing but {@code net}: PING, ECHO, QUIT, BIG (a reply of so many bytes), SLOW
 * (answers from another thread, after so many milliseconds). Proves that the layer needs nothing
 * above it, and measures what it costs.
 */
final class PingServer implements RequestHandler, AutoCloseable {

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();
    private final AtomicReference<@Nullable Connection> hung = new AtomicReference<>();
    final AtomicInteger inputsEnded = new AtomicInteger();
    final AtomicReference<@Nullable CloseCause> lastCause = new AtomicReference<>();
    private final AtomicReference<@Nullable Connection> last = new AtomicReference<>();
    final NetworkSettings settings = new NetworkSettings();
    final EventLoops loops;
    final Listeners listeners;

    PingServer(int threads, boolean epoll) {
        loops = new EventLoops(threads, epoll);
        listeners = new Listeners(loops, settings, new Acceptor(loops, this, settings, null));
    }

    PingServer listen(String address, int port) throws ListenException {
        listeners.listen(List.of(BindAddress.parse(address)), port);
        return this;
    }

    int port() {
        return listeners.addresses().getFirst().getPort();
    }

    /** The connection opened last, once there is one. */
    Connection last() {
        Wait.until("a connection is open", () -> last.get() != null);
        return Objects.requireNonNull(last.get());
    }

    /** The connection that HANG has paused last, once there is one. */
    Connection hung() {
        Wait.until("a connection hangs", () -> hung.get() != null);
        return Objects.requireNonNull(hung.get());
    }

    @Override
    public void opened(Connection connection) {
        last.set(connection);
        opened.incrementAndGet();
    }

    @Override
    public void handle(Connection connection, Request request) {
        int first = Memory.getByte(request.address(0)) | 0x20;
        if (first == 'p') {
            connection.reply().pong();
        } else if (first == 'e' && request.count() == 2) {
            connection.reply().bulk(request.address(1), request.length(1));
        } else {
            rare(connection, request);
        }
    }

    private void rare(Connection connection, Request request) {
        String name = text(request, 0).toUpperCase(Locale.ROOT);
        switch (name) {
            case "BIG" -> connection.reply().bulk("x".repeat(number(request)));
            case "QUIT" -> {
                connection.reply().ok();
                connection.closeAfterReplies();
            }
            case "SLOW" -> slow(connection, request);
            case "NOW" -> { // pauses and resumes before it returns
                connection.pause();
                connection.reply().ok();
                connection.resume();
            }
            case "HANG" -> { // pauses until a test resumes it
                connection.pause();
                hung.set(connection);
            }
            case "HOLD" -> { // no request is handled behind it, until a test lets it go
                connection.holdBack();
                connection.reply().ok();
            }
            case "CRASH" -> throw new IllegalStateException("a bug in a command");
            default -> connection.reply().error("ERR unknown command '" + text(request, 0) + "'");
        }
    }

    private static void slow(Connection connection, Request request) {
        connection.pause();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(number(request));
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            connection.reply().bulk(request.address(1), request.length(1));
                            connection.resume();
                        });
    }

    private static int number(Request request) {
        return Integer.parseInt(text(request, 1));
    }

    private static String text(Request request, int index) {
        return new String(request.bytes(index), StandardCharsets.UTF_8);
    }

    @Override
    public void protocolError(Connection connection, String error) {
        // the error goes to the client; nothing is counted here
    }

    @Override
    public void batchEnded(Connection connection) {
        batches.incrementAndGet();
    }

    @Override
    public void inputEnded(Connection connection) {
        inputsEnded.incrementAndGet();
    }

    @Override
    public void closed(Connection connection) {
        lastCause.set(connection.closeCause());
        closed.incrementAndGet();
    }

    @Override
    public void close() {
        listeners.close();
        loops.close();
    }

    /** Serves until it is killed; for measurements. */
    public static void main(String[] arguments) throws Exception {
        boolean epoll = arguments.length < 2 || !arguments[1].equals("nio");
        try (PingServer server =
                new PingServer(1, epoll).listen("127.0.0.1", Integer.parseInt(arguments[0]))) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
