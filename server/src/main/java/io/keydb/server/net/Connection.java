package io.keydb.server.net;

import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client that has connected, as the handler sees it: who it is, where its replies go, how it is
 * paused and closed. What happens to its bytes is the business of {@link RequestFlow}.
 *
 * <p>Threads: confined to the connection's event loop, except for what says otherwise. While the
 * connection is paused for a command on a worker, {@link #reply()} belongs to that worker.
 */
public final class Connection implements FlowControl {

    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final EventLoop loop;
    private final DuplexChannel channel;
    private final NetworkSettings settings;
    private final @Nullable InetSocketAddress remoteAddress;
    private final @Nullable InetSocketAddress localAddress;
    private final String remoteText;
    private final String localText;
    private final RequestFlow flow;

    private volatile @Nullable Object attachment;
    private volatile @Nullable Audit audit;
    private long bytesReceived;
    private long reads;
    private long lastTick;
    private int position;
    private boolean isTimeoutExempt;
    private boolean isOpened;
    private boolean isReplica;

    Connection(
            EventLoop loop,
            DuplexChannel channel,
            RequestHandler handler,
            NetworkSettings settings) {
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        if (channel instanceof SocketChannel socket) {
            remoteAddress = socket.remoteAddress();
            localAddress = socket.localAddress();
            remoteText = AddressText.of(remoteAddress);
            localText = AddressText.of(localAddress);
        } else {
            remoteAddress = null;
            localAddress = null;
            localText = channel.parent().localAddress() + ":0";
            remoteText = localText;
        }
        flow = new RequestFlow(this, channel, handler, settings);
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

    /** The client's address without its port, or the path of a Unix socket. Any thread. */
    public String remoteHost() {
        InetSocketAddress address = remoteAddress;
        return address == null
                ? remoteText.substring(0, remoteText.lastIndexOf(':'))
                : AddressText.host(address.getAddress());
    }

    /** "ip:port", with brackets around IPv6 addresses; "path:0" of a Unix socket. Any thread. */
    public String remoteText() {
        return remoteText;
    }

    /** The same of the server's side. Any thread. */
    public String localText() {
        return localText;
    }

    /** Whether its commands are audited; null where no certificates are looked at. Any thread. */
    public @Nullable Audit audit() {
        return audit;
    }

    /** Before it is told to the handler. */
    void audit(Audit decided) {
        audit = decided;
    }

    /** Whether it came through a Unix socket. Any thread. */
    public boolean isUnixSocket() {
        return remoteAddress == null;
    }

    /** Whether the client is on this machine. Any thread. */
    public boolean isLoopback() {
        InetSocketAddress address = remoteAddress;
        return address == null || address.getAddress().isLoopbackAddress();
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
        return channel instanceof UnixChannel unix ? unix.fd().intValue() : -1;
    }

    // ---- what it has used; read by other threads, these numbers may be a little old

    /** Replies written and not yet taken by the socket. */
    public long pendingOutputBytes() {
        return flow.output().bytesPending();
    }

    /** Memory that its input takes at the moment. */
    public long inputBufferBytes() {
        return flow.input().bytesHeld();
    }

    /** Bytes received whose requests are not handled. */
    public long unusedInputBytes() {
        return flow.input().bytesUnused();
    }

    /** Memory that its unsent replies take at the moment. */
    public long outputBufferBytes() {
        return flow.output().bytesHeld() + flow.output().bytesQueued();
    }

    /** Bytes received since it was opened. */
    public long bytesReceived() {
        return bytesReceived;
    }

    /** How often something was received. Any thread; a moment late. */
    public long reads() {
        return reads;
    }

    /** How often something was sent. Any thread; a moment late. */
    public long writes() {
        return flow.output().writes();
    }

    /** Bytes sent since it was opened. */
    public long bytesSent() {
        return flow.output().bytesSent();
    }

    // ---- settings

    /** While true, the small limits for clients hold that have not yet said who they are. */
    public void unauthenticated(boolean value) {
        flow.parser().unauthenticated(value);
    }

    /** Which limits hold for what it does not read. */
    public void outputClass(OutputClass which) {
        flow.outputClass(which);
        if (which == OutputClass.REPLICA && !isReplica) {
            isReplica = true;
            loop.replicas(1);
        }
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
        flow.detach(raw);
    }

    /** The request being handled. */
    public Request request() {
        return flow.parser().request();
    }

    // ---- replies

    /** Where replies go. They are sent after the batch, or by {@link #flush()}. */
    public ReplyWriter reply() {
        return flow.output().writer();
    }

    /** Sends what {@link #reply()} holds. */
    public void flush() {
        flow.flush();
    }

    /**
     * The same for what the client did not ask for; replies that wait for something do not wait
     * longer because of it.
     */
    public void flushPushes() {
        flow.flushPushes();
    }

    // ---- pausing and closing

    /**
     * Stops handling requests after the current one, whose bytes stay in place. Replies so far are
     * sent, and from then on {@link #reply()} belongs to whoever will call {@link #resume()}.
     */
    public void pause() {
        flow.pause();
    }

    /**
     * For whoever runs the command for which the connection is paused, on any thread: the next
     * request that had arrived by then, or null when there is none that is complete. It stays where
     * it is, to be handled on the loop, unless {@link #takeWhilePaused} follows. The request before
     * is gone.
     */
    public @Nullable Request peekWhilePaused() {
        return flow.peek();
    }

    /** The request just peeked at is handled by who has done so. */
    public void takeWhilePaused() {
        flow.take();
    }

    /**
     * As {@link #pause()}, also of a connection that is paused, for long and cheaply: the bytes of
     * the current request are not needed any more.
     */
    public void park() {
        flow.park();
    }

    /**
     * As {@link #park()}, and the current request is handled anew after {@link #resume()}. Only
     * while it is being handled.
     */
    public void postpone() {
        flow.postpone();
    }

    /** Any thread. */
    public boolean isPaused() {
        return flow.isPaused();
    }

    /**
     * Goes on with what has arrived, on the loop; first sends what {@link #reply()} holds. Any
     * thread; once for each pause, also when the connection is closed by then.
     */
    public void resume() {
        flow.resume();
    }

    @Override
    public void holdBack() {
        if (loop.isCurrent()) {
            flow.holdBack();
        } else {
            loop.execute(flow::holdBack);
        }
    }

    @Override
    public void letGo() {
        loop.execute(flow::letGo);
    }

    /** Closes when all replies are sent; nothing more is handled. Any thread. */
    public void closeAfterReplies() {
        if (loop.isCurrent()) {
            flow.closeAfterReplies();
        } else {
            loop.execute(flow::closeAfterReplies);
        }
    }

    /** Closes at once. Any thread. */
    public void close() {
        if (loop.isCurrent()) {
            flow.end(CloseCause.SERVER);
        } else {
            loop.execute(() -> flow.end(CloseCause.SERVER));
        }
    }

    /**
     * Closes in a moment, by a task of its loop, and tells the handler before the client can see
     * it. For callers that may be in the middle of something. Any thread.
     */
    public void closeSoon() {
        loop.execute(flow::leave);
    }

    /** Why it has ended; {@link CloseCause#PEER} until something else is known. Any thread. */
    public CloseCause closeCause() {
        return flow.closeCause();
    }

    /** Whether the client has ended its side. */
    public boolean isInputEnded() {
        return flow.isInputEnded();
    }

    /** Any thread. */
    public boolean isClosed() {
        return flow.isClosed();
    }

    // ---- events of the socket, and of the loop

    RequestFlow flow() {
        return flow;
    }

    /** Its place in the loop's list. */
    int position() {
        return position;
    }

    void position(int value) {
        position = value;
    }

    /** Whether it has been told to the handler. */
    boolean isOpened() {
        return isOpened;
    }

    void opened() {
        isOpened = true;
        loop.add(this);
        lastTick = loop.tick();
        flow.opened();
    }

    void received(Block block) {
        bytesReceived += flow.input().lastBytesRead();
        reads++;
        lastTick = loop.tick();
        flow.received(block);
    }

    void failed(Throwable thrown) {
        flow.end(thrown instanceof IOException ? CloseCause.NETWORK : CloseCause.SERVER);
    }

    void closeIfIdle(long tick, int secondsPerTick) {
        flow.checkOutput();
        int timeout = settings.timeoutSeconds();
        if (timeout > 0
                && !isTimeoutExempt
                && !flow.isPaused()
                && (tick - lastTick) * secondsPerTick > timeout) {
            flow.end(CloseCause.IDLE);
        }
    }

    void ended() {
        if (isOpened && !flow.isClosed()) {
            loop.remove(this);
            if (isReplica) {
                loop.replicas(-1);
            }
            flow.ended();
        }
    }

    /**
     * The socket belongs to no loop any more; it may have been closed before it was opened here.
     */
    void removed() {
        if (!isOpened) {
            loop.released();
        }
    }

    @Override
    public String toString() {
        return "connection " + id + " from " + remoteText();
    }
}
