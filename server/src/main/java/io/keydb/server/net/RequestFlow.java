package io.keydb.server.net;

import io.keydb.server.resp.Request;
import io.keydb.server.resp.RequestParser;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The way of requests through a connection: which are handled when, and when their replies are
 * sent.
 *
 * <p>A batch runs as follows: bytes arrive; every complete request in them is handled; {@link
 * RequestHandler#batchEnded}; the replies are sent, few of them at the end of the loop's turn,
 * together with those of other connections ({@link Outbox}), many at once. Replies beyond {@link
 * #EARLY_FLUSH_BYTES} are sent before the batch ends.
 *
 * <p>Requests wait while the connection is <em>held</em>, for one of these reasons: it is paused,
 * because a command runs elsewhere; it is throttled, because its client does not read and {@link
 * NetworkSettings#throttleBytes()} are unsent; its replies wait for a gate; it is held back by who
 * cannot keep up with its requests; or it closes after its replies.
 *
 * <pre>
 *        pause(), park()                 resume()
 *   READY ────────────► PAUSED ─────────────────────► READY     a paused connection that ends keeps its
 *     │  too much unsent           enough sent          ▲       buffers until resume()
 *     ├──────────────► THROTTLED ───────────────────────┤
 *     │  replies are not safe to send    they are       │
 *     ├──────────────► WAITING ─────────────────────────┤
 *     │  holdBack()                           letGo()   │
 *     ├──────────────► HELD BACK ───────────────────────┘
 *     │  closeAfterReplies(), broken stream, end of input          all sent
 *     └──────────────► CLOSING ─────────────────────────────────────────────► CLOSED
 * </pre>
 *
 * <p>When the client ends its side, what it has sent is still answered, then the connection closes.
 *
 * <p>What makes a held connection go on is always a task of the loop, so that no request is handled
 * inside the command of another connection.
 *
 * <p>Threads: confined to the connection's event loop, except for {@link #resume} and the
 * accessors, and for {@link #peek} and {@link #take}: while the connection is paused, the parser
 * and the range of the input that is not used up belong to who runs its command.
 */
final class RequestFlow {

    /** Replies of a batch are sent as soon as there are so many. */
    private static final int EARLY_FLUSH_BYTES = 32 * 1024;

    /** Replies of so many bytes do not count for the limits, however low these are, as in stock. */
    private static final int UNLIMITED_BYTES = 16 * 1024;

    private final Connection connection;
    private final EventLoop loop;
    private final DuplexChannel channel;
    private final RequestHandler handler;
    private final NetworkSettings settings;
    private final RequestParser parser;
    private final Input input;
    private final Output output;

    private final Runnable resumption = this::resumed;
    private final Runnable unthrottling = this::unthrottled;
    private final Runnable memoryChange = this::tellMemory;

    private @Nullable TlsTransport tls;
    private @Nullable RawHandler rawHandler;
    private final OutputGuard guard;

    private volatile boolean isPaused;
    private boolean isParked;
    private boolean isPostponed;
    private boolean isThrottled;
    private boolean isHeldBack;
    private boolean isHeldByGate;
    private long ticket;
    private boolean isWaitingToSend;
    private boolean isClosing;
    private boolean isInputEnded;
    private boolean isRunning;
    private boolean isReadingStopped;
    private volatile boolean isClosed;
    private volatile @Nullable CloseCause closeCause;

    RequestFlow(
            Connection connection,
            DuplexChannel channel,
            RequestHandler handler,
            NetworkSettings settings) {
        this.connection = connection;
        this.loop = connection.eventLoop();
        this.channel = channel;
        this.handler = handler;
        this.settings = settings;
        parser = new RequestParser(settings.requestLimits());
        guard = new OutputGuard(settings);
        input = new Input(loop);
        output = new Output(loop, channel);
    }

    /** Everything goes through TLS. */
    void secure(TlsTransport transport) {
        tls = transport;
        output.secure(transport);
    }

    RequestParser parser() {
        return parser;
    }

    Input input() {
        return input;
    }

    Output output() {
        return output;
    }

    void outputClass(OutputClass which) {
        guard.outputClass(which);
    }

    /** From time to time: who has not read for long may have to go. */
    void checkOutput() {
        if (!isClosed && guard.isTooMuch(output.bytesQueued())) {
            end(CloseCause.OUTPUT_LIMIT);
        }
    }

    void detach(RawHandler raw) {
        rawHandler = raw;
    }

    // ---- a batch

    void opened() {
        isRunning = true;
        try {
            handler.opened(connection);
        } finally {
            isRunning = false;
            input.held(isHeld());
        }
        finishBatch();
    }

    void received(Block block) {
        input.landed(block);
        if (input.bytesHeld() > 0) {
            tellMemory(); // before a big request runs
        }
        if (!isHeld()) {
            run();
        } else if (isClosing && !isPaused) {
            input.close(); // nobody will look at it
            input.held(false);
        } else if (input.isWaitingFull()) {
            isReadingStopped = true;
            channel.config().setAutoRead(false);
        }
    }

    private boolean isHeld() {
        return isPaused || isClosing || waits();
    }

    /** Whether it will go on by itself with what is left of its input. */
    private boolean waits() {
        return isThrottled || isHeldByGate || isHeldBack;
    }

    /** Handles what is complete, then ends the batch. */
    private void run() {
        loop.outbox().beforeBatch();
        RawHandler raw = rawHandler;
        long missing = 0;
        isRunning = true;
        try {
            if (raw != null) {
                handleRaw(raw);
            } else {
                missing = handleRequests();
            }
        } finally {
            isRunning = false;
            input.held(isHeld());
        }
        if (isParked) {
            isParked = false;
            input.shrink();
        } else {
            input.settle(missing);
        }
        if (input.bytesUnused() > settings.inputLimitBytes() && !isHeld()) {
            end(CloseCause.INPUT_LIMIT);
        }
        finishBatch();
    }

    private void handleRaw(RawHandler raw) {
        long start = input.start();
        input.start(input.end());
        raw.received(connection, start, (int) (input.end() - start));
    }

    /** Returns how many bytes the first incomplete request lacks at least, 0 for unknown. */
    private long handleRequests() {
        RequestParser requests = parser;
        while (!isHeld()) {
            long start = input.start();
            switch (requests.next(start, input.end())) {
                case COMPLETE -> {
                    input.start(requests.position());
                    handler.handle(connection, requests.request());
                    if (isPaused) {
                        goBackIfPostponed(start);
                    } else if (output.writer().length() >= EARLY_FLUSH_BYTES) {
                        flush();
                    }
                    RawHandler raw = rawHandler;
                    if (raw != null) {
                        handleRaw(raw);
                        return 0;
                    }
                }
                case INCOMPLETE -> {
                    input.start(requests.position());
                    return requests.missing();
                }
                case FAILED -> refuse(requests.error());
            }
        }
        return 0;
    }

    /** A request that was postponed becomes unread input again. */
    private void goBackIfPostponed(long start) {
        if (isPostponed) {
            isPostponed = false;
            input.start(start);
        }
    }

    private void refuse(String error) {
        output.writer().error(error.getBytes(StandardCharsets.ISO_8859_1));
        isClosing = true;
        cause(CloseCause.PROTOCOL_ERROR);
        handler.protocolError(connection, error);
    }

    private void finishBatch() {
        if (isClosed) {
            return;
        }
        handler.batchEnded(connection);
        if (isPaused) {
            return;
        }
        if (isClosing || (isInputEnded && !waits() && !input.hasWaiting())) {
            isClosing = true;
            flush();
            if (isHeldByGate) {
                return; // it goes on here when they are sent
            }
            cause(isInputEnded ? CloseCause.PEER : CloseCause.SERVER);
            if (output.bytesQueued() == 0) {
                leave();
            } else {
                closeWhenSent(closeCause());
            }
        } else {
            send();
            tellMemory();
        }
    }

    private void tellMemory() {
        if (settings.isMemoryWatched() && !isClosed) {
            handler.memoryChanged(connection);
        }
    }

    // ---- sending

    private void send() {
        if (!output.isLeftInOutbox()) {
            flush();
        } else if (!isWaitingToSend) {
            isWaitingToSend = true;
            loop.outbox().sendLater(this);
        }
    }

    /** The turn of the loop has ended. */
    void turnEnded() {
        isWaitingToSend = false;
        if (!isPaused) {
            flush();
        }
    }

    void flush() {
        assert loop.isCurrent();
        if (isClosed) {
            output.discard();
            return;
        }
        if (output.writer().length() > UNLIMITED_BYTES
                && guard.isBeyondHardLimit(output.bytesPending())) {
            output.discard();
            end(CloseCause.OUTPUT_LIMIT);
            return;
        }
        ReplyGate gate = loop.held().gate();
        if (gate != null && mustWait(gate)) {
            return;
        }
        sendNow();
    }

    /** Sends what the client did not ask for: what waits for a gate does not wait longer. */
    void flushPushes() {
        if (!isHeldByGate) {
            flush();
        }
        if (settings.isMemoryWatched() && output.bytesQueued() > 0) {
            loop.execute(memoryChange); // whoever pushes may hold locks
        }
    }

    private boolean mustWait(ReplyGate gate) {
        if (guard.outputClass() == OutputClass.REPLICA || output.writer().length() == 0) {
            return false;
        }
        long needed = gate.ticket();
        if (isHeldByGate) {
            ticket = Math.max(ticket, needed);
            return true;
        }
        if (needed == 0) {
            return false;
        }
        ticket = needed;
        isHeldByGate = true;
        hold();
        loop.held().hold(this);
        return true;
    }

    /** What its replies wait for. */
    long ticket() {
        return ticket;
    }

    /** What its replies have waited for has come. */
    void released() {
        isHeldByGate = false;
        if (isClosed) {
            return; // who has closed it has given its memory back, or will when it goes on
        }
        sendNow();
        if (!isPaused && !isClosed) {
            goOn();
        }
    }

    private void sendNow() {
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
        if (guard.isTooMuch(output.bytesQueued())) {
            end(CloseCause.OUTPUT_LIMIT);
        } else if (!channel.isWritable()) {
            isThrottled = true;
            hold();
        }
    }

    void writabilityChanged() {
        if (isThrottled && channel.isWritable()) {
            loop.execute(unthrottling);
        }
    }

    private void unthrottled() {
        if (isThrottled && channel.isWritable()) {
            isThrottled = false;
            if (!isPaused && !isClosed) {
                goOn();
            }
        }
    }

    // ---- pausing

    /** No request is handled behind the current one. */
    void holdBack() {
        isHeldBack = true;
        hold();
    }

    /** Ends what {@link #holdBack} began; as a task of the loop. */
    void letGo() {
        if (isHeldBack) {
            isHeldBack = false;
            if (!isPaused && !isClosed) {
                goOn();
            }
        }
    }

    void pause() {
        flush();
        isPaused = true;
        hold();
    }

    void park() {
        flush();
        isPaused = true;
        if (isRunning) {
            isParked = true; // the batch does the rest at its end
        } else {
            input.shrink();
        }
    }

    void postpone() {
        assert isRunning;
        park();
        isPostponed = true;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** The next request that has arrived, or null; see {@link Connection#peekWhilePaused}. */
    @Nullable Request peek() {
        assert isPaused;
        switch (parser.peek(input.start(), input.end())) {
            case COMPLETE -> {
                return parser.request();
            }
            case INCOMPLETE -> input.start(parser.position());
            case FAILED -> {
                // the loop will see it again
            }
        }
        return null;
    }

    /** What {@link #peek} gave is being handled. */
    void take() {
        input.start(parser.position());
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

    /** Any thread. */
    void resume() {
        if (loop.isCurrent() && isRunning) {
            isPaused = false; // the handler has finished before it returned
        } else {
            loop.execute(resumption);
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

    /**
     * After having been held: handles what is left, then what has arrived meanwhile, and reads
     * again.
     */
    private void goOn() {
        if (isHeld()) {
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

    // ---- closing

    void closeAfterReplies() {
        if (!isClosing) {
            isClosing = true;
            if (!isRunning && !isPaused) {
                closeWhenSent(CloseCause.SERVER);
            }
        }
    }

    private void closeWhenSent(CloseCause cause) {
        flush();
        if (isHeldByGate) {
            cause(cause);
            return;
        }
        if (output.bytesQueued() == 0) {
            end(cause);
        } else {
            cause(cause);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    void inputEnded() {
        isInputEnded = true;
        cause(CloseCause.PEER);
        if (isHeld()) {
            handler.inputEnded(connection);
        } else {
            finishBatch();
        }
    }

    boolean isInputEnded() {
        return isInputEnded;
    }

    /**
     * Closes at once, after the handler has been told: who sees that the connection is closed finds
     * the client gone. Only as a task of the loop or at the end of a batch, as the handler takes
     * locks.
     */
    void leave() {
        cause(CloseCause.SERVER);
        connection.ended();
        end(CloseCause.SERVER);
    }

    /** Closes at once; {@link #ended} follows. */
    void end(CloseCause cause) {
        cause(cause);
        isClosing = true;
        TlsTransport secure = tls;
        if (secure != null) {
            secure.sayGoodbye();
        }
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private void cause(CloseCause cause) {
        if (closeCause == null) {
            closeCause = cause;
        }
    }

    CloseCause closeCause() {
        CloseCause cause = closeCause;
        return cause == null ? CloseCause.PEER : cause;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** The socket is closed. */
    void ended() {
        isClosed = true;
        isClosing = true;
        handler.closed(connection);
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
}
