package io.keydb.server.net;

import io.keydb.server.resp.RequestLimits;

/**
 * What of the network can be changed while the server runs. One object is shared by all
 * connections; the configuration writes it.
 *
 * <p>Threads: safe, because all fields are volatile and independent.
 */
public final class NetworkSettings {

    /**
     * The default of {@link #throttleBytes()}. It is so large because some clients send everything
     * before they read anything; they must not wait for the server while the server waits for them.
     */
    public static final int DEFAULT_THROTTLE_BYTES = 64 * 1024 * 1024;

    /** The default of {@code client-query-buffer-limit}. */
    public static final long DEFAULT_INPUT_LIMIT_BYTES = 1L << 30;

    private final RequestLimits requestLimits = new RequestLimits();

    private volatile int timeoutSeconds;
    private volatile int keepAliveSeconds = 300;
    private volatile int backlog = 511;
    private volatile long inputLimitBytes = DEFAULT_INPUT_LIMIT_BYTES;
    private volatile OutputLimits outputLimits = OutputLimits.DEFAULT;
    private volatile int mostHandshakes = Integer.MAX_VALUE;
    private volatile boolean isMemoryWatched;
    private volatile int socketMark;
    private volatile int throttleBytes = DEFAULT_THROTTLE_BYTES;
    private volatile Balancing balancing = Balancing.EVEN;

    /**
     * Which loop a new connection goes to.
     *
     * @param isActive to one that has few; else to the loops in turn
     * @param fill one that has fewer gets it in any case
     * @param replicaWeight as how many connections one of a replica counts
     */
    public record Balancing(boolean isActive, int fill, int replicaWeight) {
        /** To the one that has the fewest. */
        static final Balancing EVEN = new Balancing(true, 0, 1);
    }

    /** Which loop a new connection goes to. */
    public Balancing balancing() {
        return balancing;
    }

    public void balancing(Balancing rule) {
        balancing = rule;
    }

    /** What a request may cost. */
    public RequestLimits requestLimits() {
        return requestLimits;
    }

    /** Clients that say nothing for so long are disconnected; 0 is never. */
    public int timeoutSeconds() {
        return timeoutSeconds;
    }

    public void timeoutSeconds(int seconds) {
        timeoutSeconds = seconds;
    }

    /**
     * Dead peers are found about this long after their last sign of life; 0 leaves it to the
     * operating system. New connections only.
     */
    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    public void keepAliveSeconds(int seconds) {
        keepAliveSeconds = seconds;
    }

    /** Connections the system may hold until they are accepted. New listeners only. */
    public int backlog() {
        return backlog;
    }

    public void backlog(int connections) {
        backlog = connections;
    }

    /** Bytes a client may have sent without completing a request. */
    public long inputLimitBytes() {
        return inputLimitBytes;
    }

    public void inputLimitBytes(long bytes) {
        inputLimitBytes = bytes;
    }

    /** A client with more unsent replies is disconnected. */
    public OutputLimits outputLimits() {
        return outputLimits;
    }

    public void outputLimits(OutputLimits limits) {
        outputLimits = limits;
    }

    /** The mark of packets of sockets that listen from now on, as 32 bits; 0 for none. */
    int socketMark() {
        return socketMark;
    }

    public void socketMark(int mark) {
        socketMark = mark;
    }

    /** Whether the handler is told of connections that may take more memory than before. */
    public boolean isMemoryWatched() {
        return isMemoryWatched;
    }

    public void memoryWatched(boolean yes) {
        isMemoryWatched = yes;
    }

    /**
     * With so many bytes unsent, no further request of a client is handled. New connections only.
     */
    public int throttleBytes() {
        return throttleBytes;
    }

    public void throttleBytes(int bytes) {
        throttleBytes = bytes;
    }

    /** Clients that may be shaking hands at a time; whoever comes then is disconnected. */
    public int mostHandshakes() {
        return mostHandshakes;
    }

    public void mostHandshakes(int clients) {
        mostHandshakes = clients;
    }
}
