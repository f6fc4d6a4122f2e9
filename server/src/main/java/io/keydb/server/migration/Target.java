package io.keydb.server.migration;

import io.keydb.server.memory.Memory;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.support.Clock;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that keys go to, in clear or with TLS: bytes out, lines in.
 *
 * <p>Threads: one at a time; who waits can be interrupted.
 */
final class Target implements AutoCloseable {
    /** No database is known to be chosen there. */
    static final long NO_DATABASE = -1;

    private static final int CHUNK = 64 << 10;

    /** Replies are states and errors of one line; what a line has more than this is dropped. */
    private static final int LONGEST_LINE = 1023;

    private final Clock clock;
    private final TimedChannel channel;
    private final @Nullable SecureChannel secure;
    private final byte[] input = new byte[LONGEST_LINE + 1];
    private int read;
    private int next;
    private long database = NO_DATABASE;
    private long lastUseNanos;

    private Target(TimedChannel channel, @Nullable SecureChannel secure, Clock clock) {
        this.channel = channel;
        this.secure = secure;
        this.clock = clock;
    }

    /**
     * Connects.
     *
     * @param timeoutMillis how long each wait may be
     */
    static Target connect(String host, String port, int timeoutMillis, ConnectionTerms terms)
            throws IOException {
        TlsContexts contexts = terms.tls().get();
        TimedChannel channel = TimedChannel.connect(host, port, timeoutMillis, terms);
        boolean isReady = false;
        try {
            SecureChannel secure = contexts == null ? null : SecureChannel.over(channel, contexts);
            isReady = true;
            return new Target(channel, secure, terms.clock());
        } finally {
            if (!isReady) {
                channel.close();
            }
        }
    }

    /** The database that the other server has been told to use, or {@link #NO_DATABASE}. */
    long database() {
        return database;
    }

    void database(long index) {
        database = index;
    }

    /** How long every wait from now on may be. */
    void timeoutMillis(int millis) {
        channel.timeoutMillis(millis);
    }

    /** Notes that it has been used just now. */
    void used() {
        lastUseNanos = clock.nanos();
    }

    /** How long it has not been used. */
    long idleNanos() {
        return clock.nanos() - lastUseNanos;
    }

    /** Sends all of this. */
    void write(long address, long length) throws IOException {
        byte[] chunk = new byte[secure == null ? (int) Math.min(CHUNK, length) : 0];
        for (long sent = 0; sent < length; ) {
            int bytes = (int) Math.min(CHUNK, length - sent);
            if (secure == null) {
                Memory.copyOut(address + sent, chunk, 0, bytes);
                channel.write(chunk, bytes);
            } else {
                secure.write(address + sent, bytes);
            }
            sent += bytes;
        }
    }

    /** The next line, without its end. */
    byte[] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte b = read(); b != '\n'; b = read()) {
            if (b != '\r' && line.size() < LONGEST_LINE) {
                line.write(b);
            }
        }
        return line.toByteArray();
    }

    private byte read() throws IOException {
        if (next == read) {
            next = 0;
            read = 0;
            int length = secure == null ? channel.read(input) : secure.read(input);
            if (length < 0) {
                throw new EOFException("the other server has closed the connection");
            }
            read = length;
        }
        return input[next++];
    }

    @Override
    public void close() {
        if (secure != null) {
            secure.close();
        }
        channel.close();
    }
}
