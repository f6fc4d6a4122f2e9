package io.keydb.server.net;

import io.keydb.server.net.tls.TlsBuffers;

/**
 * What the encrypted connections of a loop share; made when the first one comes.
 *
 * <p>Threads: confined to the event loop.
 */
final class TlsLoop {

    private final TlsBuffers buffers = new TlsBuffers();
    private final Handshakes handshakes;
    private final Block cipher;

    TlsLoop(EventLoop loop) {
        handshakes = new Handshakes(loop);
        cipher = new Block(EventLoop.BLOCK_BYTES);
        cipher.pinned(true);
    }

    TlsBuffers buffers() {
        return buffers;
    }

    Handshakes handshakes() {
        return handshakes;
    }

    /** For encrypted bytes on their way in or out; empty between two steps. */
    Block cipher() {
        return cipher;
    }

    void close() {
        buffers.close();
        cipher.pinned(false);
        cipher.release();
    }
}
