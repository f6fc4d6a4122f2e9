package io.keydb.server.migration;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.net.tls.TlsBuffers;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsSession;
import java.io.EOFException;
import java.io.IOException;
import javax.net.ssl.SSLHandshakeException;

/**
 * TLS over a {@link TimedChannel}, as {@code tls-cluster} asks for it.
 *
 * <p>Threads: one at a time.
 */
final class SecureChannel implements AutoCloseable {
    private static final int BLOCK = 32 << 10;

    private final TimedChannel channel;
    private final TlsBuffers buffers = new TlsBuffers();
    private final TlsSession session;
    private final long block = NativeHeap.allocate(BLOCK);
    private final byte[] encrypted = new byte[BLOCK];

    private SecureChannel(TimedChannel channel, TlsContexts contexts) {
        this.channel = channel;
        this.session = contexts.connecting(buffers, null);
    }

    /** Shakes hands. */
    static SecureChannel over(TimedChannel channel, TlsContexts contexts) throws IOException {
        if (!contexts.isConfigured()) {
            throw new SSLHandshakeException("TLS is not configured");
        }
        SecureChannel secure = new SecureChannel(channel, contexts);
        boolean isEstablished = false;
        try {
            secure.shakeHands();
            isEstablished = true;
            return secure;
        } finally {
            if (!isEstablished) {
                secure.close();
            }
        }
    }

    private void shakeHands() throws IOException {
        while (true) {
            TlsSession.Step step = session.handshake();
            flush();
            switch (step) {
                case DONE -> {
                    return;
                }
                case FAILED -> throw new SSLHandshakeException(session.error());
                case MORE -> receive();
            }
        }
    }

    /** Encrypts and sends all of this. */
    void write(long address, int length) throws IOException {
        if (session.write(address, length) == TlsSession.BROKEN) {
            throw new IOException(session.error());
        }
        flush();
    }

    /** As {@link TimedChannel#read}. */
    int read(byte[] to) throws IOException {
        while (true) {
            int read = session.read(block, Math.min(BLOCK, to.length));
            if (read > 0) {
                Memory.copyOut(block, to, 0, read);
                return read;
            }
            switch (read) {
                case TlsSession.ENDED -> {
                    return -1;
                }
                case TlsSession.BROKEN -> throw new IOException(session.error());
                default -> {
                    flush();
                    receive();
                }
            }
        }
    }

    private void flush() throws IOException {
        for (int taken = buffers.take(block, BLOCK);
                taken > 0;
                taken = buffers.take(block, BLOCK)) {
            Memory.copyOut(block, encrypted, 0, taken);
            channel.write(encrypted, taken);
        }
    }

    private void receive() throws IOException {
        int read = channel.read(encrypted);
        if (read < 0) {
            throw new EOFException("closed without an end of TLS");
        }
        Memory.copyIn(encrypted, 0, block, read);
        buffers.put(block, read);
    }

    /** Frees the session; the channel below stays open. */
    @Override
    public void close() {
        session.close();
        buffers.close();
        NativeHeap.free(block, BLOCK);
    }
}
