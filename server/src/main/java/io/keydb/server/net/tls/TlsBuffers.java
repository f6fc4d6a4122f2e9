package io.keydb.server.net.tls;

import io.keydb.server.memory.NativeHeap;

/**
 * Where the sessions of one event loop take encrypted bytes from and put them: two buffers of
 * OpenSSL, empty whenever no session is at work. So a session has none of its own, and an idle one
 * costs little.
 *
 * <p>OpenSSL chains a filter in front of the second buffer while a session shakes hands, and takes
 * it away afterwards; what it notes about that in the buffer is never read, so that sessions may
 * take turns.
 *
 * <p>Threads: confined to its event loop.
 */
public final class TlsBuffers implements AutoCloseable {

    private static final int SCRATCH_BYTES = 1024;

    private final long incoming = newBuffer();
    private final long outgoing = newBuffer();
    private final long scratch = NativeHeap.allocate(SCRATCH_BYTES);

    private static long newBuffer() {
        return OpenSsl.call(OpenSsl.BIO_NEW, OpenSsl.call(OpenSsl.BIO_MEMORY));
    }

    /** Has a session work on these buffers. */
    void lendTo(long session) {
        OpenSsl.call(OpenSsl.BIO_UP_REF, incoming);
        OpenSsl.call(OpenSsl.BIO_UP_REF, outgoing);
        OpenSsl.call(OpenSsl.SET_BIO, session, incoming, outgoing);
    }

    /** Adds encrypted bytes that a session is going to read. */
    public void put(long address, int length) {
        if ((int) OpenSsl.call(OpenSsl.BIO_WRITE, incoming, address, length) != length) {
            throw new OutOfMemoryError("no room for " + length + " encrypted bytes");
        }
    }

    /**
     * Takes encrypted bytes that a session has written.
     *
     * @return how many, 0 when there are none
     */
    public int take(long address, int capacity) {
        return Math.max(0, (int) OpenSsl.call(OpenSsl.BIO_READ, outgoing, address, capacity));
    }

    /** Drops what a session that has failed or ended has not read or not sent. */
    public void clear() {
        clear(incoming);
        clear(outgoing);
    }

    private void clear(long buffer) {
        while ((int) OpenSsl.call(OpenSsl.BIO_READ, buffer, scratch, SCRATCH_BYTES) > 0) {
            continue;
        }
    }

    @Override
    public void close() {
        OpenSsl.call(OpenSsl.BIO_FREE, incoming);
        OpenSsl.call(OpenSsl.BIO_FREE, outgoing);
        NativeHeap.free(scratch, SCRATCH_BYTES);
    }
}
