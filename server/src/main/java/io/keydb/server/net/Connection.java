package io.keydb.server.net;

import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.resp.RequestParser;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client that has connected: its requests in, its replies out.
 *
 * <p>A batch runs as follows: bytes arrive; every complete request in them is handled; {@link
 * RequestHandler#batchEnded}; the replies are sent. Replies beyond {@link #EARLY_FLUSH_BYTES} are
 * sent before the batch ends.
 *
 * <p>Requests wait while the connection is <em>held</em>, for one of three reasons: it is paused,
 * because a command runs elsewhere; it is throttled, because its client does not read and {@link
 * NetworkSettings#throttleBytes()} are unsent; or it closes after its replies.
 *
 * <pre>
 *            pause()                     resume()
 *   READY ────────────► PAUSED ─────────────────────► READY     a paused connection that ends keeps its
 *     │  too much unsent           enough sent          ▲       buffers until resume()
 *     ├──────────────► THROTTLED ───────────────────────┘
 *     │  closeAfterReplies(), broken stream, end of input          all sent
 *     └──────────────► CLOSING ─────────────────────────────────────────────► CLOSED
 * </pre>
 *
 * <p>When the client ends its side, what it has sent is still answered, then the connection closes.
 *
 * <p>Threads: confined to the connection's event loop, except for what says otherwise. While the
 * connection is paused for a command on a worker, {@link #reply()} belongs to that worker.
 */
public final class Connection {

    /** Replies of a batch are sent as soon as there are so many. */
    static final int EARLY_FLUSH_BYTES = 32 * 1024;

    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final EventLoop loop;
    private final SocketChannel channel;
    private final RequestHandler handler;
    private final NetworkSettings settings;
    private final RequestParser parser;
    private final Input input;
    private final Output output;
    private final InetSocketAddress remoteAddress;
    private final InetSocketAddress localAddress;

    private final Runnable resumption = this::resumed;
    private final Runnable unthrottling = this::unthrottled;

    private volatile @Nullable Object attachment;
    private @Nullable RawHandler rawHandler;
    private long outputLimitBytes = -1;
    private long bytesReceived;
    private long lastTick;
    private int position;
    private boolean isTimeoutExempt;

    private volatile boolean isPaused;
    private boolean isThrottled;
    private boolean isWaitingToSend;
    private boolean isClosing;
    private boolean isInputEnded;
    private boolean isRunning;
    private boolean isReadingStopped;
    private volatile boolean isClosed;
    private volatile @Nullable CloseCause closeCause;

    Connection(
            EventLoop loop,
            SocketChannel channel,
            RequestHandler handler,
            NetworkSettings settings) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
        this.settings = settings;
        parser = new RequestParser(settings.requestLimits());
        input = new Input(loop);
        output = new Output(loop, channel);
        remoteAddress = channel.remoteAddress();
        localAddress = channel.localAddress();
    }

    // ---- who it is

    /** Unique in this process, ascending. Any thread. */
    public long id() {
        return id;
    }

    /** What the handler remembers of this connection. Any thread. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attachment(Object value) {
        attachment = value;
    }

    /** Any thread. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Any thread. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** "ip:port", with brackets around IPv6 addresses. Any thread. */
    public String remoteText() {
        return AddressText.of(remoteAddress);
    }

    /** "ip:port", with brackets around IPv6 addresses. Any thread. */
    public String localText() {
        return AddressText.of(localAddress);
    }

    /** Whether the client is on this machine. Any thread. */
    public boolean isLoopback() {
        return remoteAddress.getAddress().isLoopbackAddress();
    }

    /** The loop that serves it. Any thread. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Any thread. */
    public int eventLoopIndex() {
        return loop.index();
    }

    /** Any thread. */
    public boolean inEventLoop() {
        return loop.isCurrent();
    }

    /** Runs a task on the connection's event loop. Any thread. */
    public void execute(Runnable onLoop) {
        loop.execute(onLoop);
    }

    /** File descriptor of the socket, or -1 when it is not known. Any thread. */
    public int fileDescriptor() {
        return channel instanceof io.netty.channel.epoll.EpollSocketChannel epoll
                ? epoll.fd().intValue()
                : -1;
    }

    // ---- what it has used; read by other threads, these numbers may be a little old

    /** Replies written and not yet taken by the socket. */
    public long pendingOutputBytes() {
        return output.bytesPending();
    }

    /** Memory that its input takes at the moment. */
    public long inputBufferBytes() {
        return input.bytesHeld();
    }

    /** Bytes received whose requests are not handled. */
    public long unusedInputBytes() {
        return input.bytesUnused();
    }

    /** Memory that its unsent replies take at the moment. */
    public long outputBufferBytes() {
        return output.bytesHeld() + output.bytesQueued();
    }

    /** Bytes received since it was opened. */
    public long bytesReceived() {
        return bytesReceived;
    }

    /** Bytes sent since it was opened. */
    public long bytesSent() {
        return output.bytesSent();
    }

    // ---- settings

    /** While true, the small limits for clients hold that have not yet said who they are. */
    public void unauthenticated(boolean value) {
        parser.unauthenticated(value);
    }

    /** Its own limit of unsent bytes instead of the common one; 0 is none, -1 the common one. */
    public void outputLimitBytes(long bytes) {
        outputLimitBytes = bytes;
    }

    /** Exempt connections may be silent for ever: replicas, subscribers. */
    public void timeoutExempt(boolean value) {
        isTimeoutExempt = value;
    }

    /** Finds a dead peer after about so many seconds. */
    public void keepAlive(int seconds) {
        SocketOptions.keepAlive(channel, seconds);
    }

    /** From now on what arrives is not taken for requests but goes to a raw handler. */
    public void detach(RawHandler raw) {
        rawHandler = raw;
    }

    /** The request being handled. */
    public Request request() {
        return parser.request();
    }

    // ---- replies

    /** Where replies go. They are sent at the end of the batch, or by {@link #flush()}. */
    public ReplyWriter reply() {
        return output.writer();
    }

    /** Sends what {@link #reply()} holds. */
    public void flush() {
        assert loop.isCurrent();
        if (isClosed) {
            output.discard();
            return;
        }
        try {
            output.flush();
        } catch (IOException e) {
            end(CloseCause.NETWORK);
            return;
        }
        if (output.bytesQueued() > 0) {
            limitOutput();
        }
    }

    private void limitOutput() {
        long limit = outputLimitBytes >= 0 ? outputLimitBytes : settings.outputLimitBytes();
        if (limit > 0 && output.bytesQueued() > limit) {
            end(CloseCause.OUTPUT_LIMIT);
        } else if (!channel.isWritable()) {
            isThrottled = true;
            hold();
        }
    }

    /**
     * Outside a batch: from now on nothing that has been received moves. A batch does this at its
     * end.
     */
    private void hold() {
        if (!isRunning) {
            input.held(true);
        }
    }

    // ---- pausing

    /**
     * Stops handling requests after the current one, whose bytes stay in place. Replies so far are
     * sent, and from then on {@link #reply()} belongs to whoever will call {@link #resume()}.
     */
    public void pause() {
        assert loop.isCurrent();
        flush();
        isPaused = true;
        hold();
    }

    /** Any thread. */
    public boolean isPaused() {
        return isPaused;
    }

    /**
     * Goes on with what has arrived, on the loop; first sends what {@link #reply()} holds. Any
     * thread; once for each pause.
     */
    public void resume() {
        if (loop.isCurrent() && isRunning) {
            isPaused = false; // the handler has finished before it returned
        } else {
            loop.execute(resumption); // a task, so that nothing runs inside the command of another
            // connection
        }
    }

    private void resumed() {
        isPaused = false;
        if (isClosed) {
            release();
        } else {
            goOn();
        }
    }

    // ---- closing

    /** Closes when all replies are sent; nothing more is handled. */
    public void closeAfterReplies() {
        if (!loop.isCurrent()) {
            loop.execute(this::closeAfterReplies);
            return;
        }
        if (!isClosing) {
            isClosing = true;
            if (!isRunning && !isPaused) {
                closeWhenSent(CloseCause.SERVER);
            }
        }
    }

    /** Closes at once. Any thread. */
    public void close() {
        if (loop.isCurrent()) {
            end(CloseCause.SERVER);
        } else {
            loop.execute(() -> end(CloseCause.SERVER));
        }
    }

    /** Why it has ended; {@link CloseCause#PEER} until something else is known. Any thread. */
    public CloseCause closeCause() {
        CloseCause cause = closeCause;
        return cause == null ? CloseCause.PEER : cause;
    }

    /** Any thread. */
    public boolean isClosed() {
        return isClosed;
    }

    private void cause(CloseCause cause) {
        if (closeCause == null) {
            closeCause = cause;
        }
    }

    private void end(CloseCause cause) {
        cause(cause);
        isClosing = true;
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private void closeWhenSent(CloseCause cause) {
        flush();
        if (output.bytesQueued() == 0) {
            end(cause);
        } else {
            cause(cause);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    // ---- events of the socket

    Input input() {
        return input;
    }

    /** Its place in the loop's list. */
    int position() {
        return position;
    }

    void position(int value) {
        position = value;
    }

    void opened() {
        loop.add(this);
        lastTick = loop.tick();
        isRunning = true;
        handler.opened(this);
        isRunning = false;
        input.held(isHeld());
        finishBatch();
    }

    void received(Block block) {
        bytesReceived += input.lastBytesRead();
        lastTick = loop.tick();
        input.landed(block);
        if (isHeld()) {
            if (isClosing && !isPaused) {
                input.close(); // nobody will look at it
                input.held(false);
            } else if (input.isWaitingFull()) {
                stopReading();
            }
            return;
        }
        run();
    }

    private boolean isHeld() {
        return isPaused || isThrottled || isClosing;
    }

    /** Handles what is complete, then ends the batch. */
    private void run() {
        isRunning = true;
        loop.outbox().beforeBatch();
        long missing = 1;
        RawHandler raw = rawHandler;
        if (raw != null) {
            raw(raw);
        } else {
            missing = handleRequests();
        }
        isRunning = false;
        input.held(isHeld());
        if (!isClosed) {
            input.settle(missing);
            if (input.bytesUnused() > settings.inputLimitBytes() && !isHeld()) {
                end(CloseCause.INPUT_LIMIT);
            }
        }
        finishBatch();
    }

    private void raw(RawHandler raw) {
        long start = input.start();
        input.start(input.end());
        raw.received(this, start, (int) (input.end() - start));
    }

    /** Returns how many bytes the first incomplete request lacks. */
    private long handleRequests() {
        RequestParser requests = parser;
        while (!isHeld()) {
            switch (requests.next(input.start(), input.end())) {
                case COMPLETE -> {
                    input.start(requests.position());
                    handler.handle(this, requests.request());
                    if (!isPaused && output.writer().length() >= EARLY_FLUSH_BYTES) {
                        flush();
                    }
                    RawHandler raw = rawHandler;
                    if (raw != null) {
                        raw(raw);
                        return 1;
                    }
                }
                case INCOMPLETE -> {
                    input.start(requests.position());
                    return requests.missing();
                }
                case FAILED -> {
                    output.writer().error(requests.error().getBytes(StandardCharsets.ISO_8859_1));
                    isClosing = true;
                    cause(CloseCause.PROTOCOL_ERROR);
                    handler.protocolError(this, requests.error());
                }
            }
        }
        return 1;
    }

    private void finishBatch() {
        if (isClosed) {
            return;
        }
        handler.batchEnded(this);
        if (isPaused) {
            return;
        }
        if (isClosing || (isInputEnded && !isThrottled && !input.hasWaiting())) {
            isClosing = true;
            closeWhenSent(isInputEnded ? CloseCause.PEER : CloseCause.SERVER);
        } else {
            sendBatch();
        }
    }

    /** Few replies are sent together with those of other connections, many at once. */
    private void sendBatch() {
        if (!output.isLeftInOutbox()) {
            flush();
        } else if (!isWaitingToSend) {
            isWaitingToSend = true;
            loop.outbox().sendLater(this);
        }
    }

    /** The turn of the loop has ended. */
    void sendNow() {
        isWaitingToSend = false;
        if (!isPaused) {
            flush();
        }
    }

    /**
     * After having been held: handles what is left, then what has arrived meanwhile, and reads
     * again.
     */
    private void goOn() {
        if (isClosing || isHeld()) {
            finishBatch();
            return;
        }
        input.held(false);
        do {
            run();
        } while (!isClosed && !isHeld() && input.appendWaiting());
        if (!isHeld() && isReadingStopped) {
            isReadingStopped = false;
            channel.config().setAutoRead(true);
        }
    }

    private void stopReading() {
        isReadingStopped = true;
        channel.config().setAutoRead(false);
    }

    private void unthrottled() {
        if (isThrottled && channel.isWritable()) {
            isThrottled = false;
            if (!isPaused && !isClosed) {
                goOn();
            }
        }
    }

    void writabilityChanged() {
        if (isThrottled && channel.isWritable()) {
            loop.execute(
                    unthrottling); // a task, so that nothing runs inside the command of another
            // connection
        }
    }

    void inputEnded() {
        isInputEnded = true;
        cause(CloseCause.PEER);
        if (isHeld()) {
            handler.inputEnded(this);
        } else {
            finishBatch();
        }
    }

    void failed(Throwable thrown) {
        end(thrown instanceof IOException ? CloseCause.NETWORK : CloseCause.SERVER);
    }

    void closeIfIdle(long tick, int secondsPerTick) {
        int timeout = settings.timeoutSeconds();
        if (timeout > 0
                && !isTimeoutExempt
                && !isPaused
                && (tick - lastTick) * secondsPerTick > timeout) {
            end(CloseCause.IDLE);
        }
    }

    void ended() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        isClosing = true;
        loop.remove(this);
        handler.closed(this);
        if (!isPaused) {
            release();
        }
    }

    /** Gives all memory back; a command that runs on a worker has been waited for. */
    private void release() {
        input.close();
        output.discard();
        parser.close();
    }

    @Override
    public String toString() {
        return "connection " + id + " from " + remoteText();
    }
}
