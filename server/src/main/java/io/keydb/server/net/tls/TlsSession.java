package io.keydb.server.net.tls;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import org.jspecify.annotations.Nullable;

/**
 * One connection's side of TLS. It moves no bytes over the network: whoever owns it puts what has
 * arrived into the {@link TlsBuffers}, has the session work, and sends what is then in them.
 *
 * <pre>
 *   buffers.put(received)  →  handshake() | read(...)  →  buffers.take(...) is sent
 *                             write(...) | shutdown()  →  buffers.take(...) is sent
 * </pre>
 *
 * <p>Threads: confined to its event loop.
 */
public final class TlsSession implements AutoCloseable {

    /** What a step has come to. */
    public enum Step {
        /** The handshake is complete. */
        DONE,
        /** More bytes are needed. */
        MORE,
        /** It cannot go on; {@link #error()} tells why. */
        FAILED
    }

    /** {@link #read}: everything that has arrived is read. */
    public static final int NOTHING = 0;

    /** {@link #read}: the other side sends no more. */
    public static final int ENDED = -1;

    /** {@link #read} and {@link #write}: it is broken; {@link #error()} tells why. */
    public static final int BROKEN = -2;

    private static final int CTRL_SET_HOST_NAME = 55;
    private static final int ERROR_WANT_READ = 2;
    private static final int ERROR_WANT_WRITE = 3;
    private static final int ERROR_ENDED = 6;

    private final long address;
    private boolean isEstablished;
    private boolean isBroken;
    private String error = "";

    private TlsSession(TlsBuffers buffers, long address) {
        this.address = address;
        buffers.lendTo(address);
    }

    static TlsSession accepting(TlsBuffers buffers, long address, int verification) {
        TlsSession session = new TlsSession(buffers, address);
        OpenSsl.call(OpenSsl.SET_VERIFY, address, verification);
        OpenSsl.call(OpenSsl.SET_ACCEPT, address);
        return session;
    }

    static TlsSession connecting(TlsBuffers buffers, long address, @Nullable String host) {
        TlsSession session = new TlsSession(buffers, address);
        OpenSsl.call(OpenSsl.SET_CONNECT, address);
        if (host != null) {
            try (CString name = new CString(host)) {
                OpenSsl.call(OpenSsl.CTRL, address, CTRL_SET_HOST_NAME, 0, name.address());
            }
        }
        return session;
    }

    public boolean isEstablished() {
        return isEstablished;
    }

    /** Takes the handshake as far as what has arrived allows. */
    public Step handshake() {
        int result = (int) OpenSsl.call(OpenSsl.DO_HANDSHAKE, address);
        if (result == 1) {
            isEstablished = true;
            return Step.DONE;
        }
        return outcome(result) == NOTHING ? Step.MORE : Step.FAILED;
    }

    /**
     * Decrypts.
     *
     * @return how many bytes, or {@link #NOTHING}, {@link #ENDED}, {@link #BROKEN}
     */
    public int read(long to, int capacity) {
        int length = (int) OpenSsl.call(OpenSsl.READ, address, to, capacity);
        return length > 0 ? length : outcome(length);
    }

    /**
     * Encrypts all of it.
     *
     * @return {@code length}, or {@link #BROKEN}
     */
    public int write(long from, int length) {
        int written = 0;
        while (written < length) {
            int step = (int) OpenSsl.call(OpenSsl.WRITE, address, from + written, length - written);
            if (step <= 0) {
                outcome(step);
                isBroken = true;
                return BROKEN;
            }
            written += step;
        }
        return length;
    }

    private int outcome(int result) {
        switch ((int) OpenSsl.call(OpenSsl.GET_ERROR, address, result)) {
            case ERROR_WANT_READ, ERROR_WANT_WRITE -> {
                return NOTHING;
            }
            case ERROR_ENDED -> {
                return ENDED;
            }
            default -> {
                isBroken = true;
                error = OpenSsl.error();
                return BROKEN;
            }
        }
    }

    /** Tells the other side that nothing more will come. */
    public void shutdown() {
        if (isEstablished && !isBroken) {
            OpenSsl.call(OpenSsl.SHUTDOWN, address);
            OpenSsl.clearErrors();
        }
    }

    /** Why it is broken, in OpenSSL's words. */
    public String error() {
        return error;
    }

    /** The other side's certificate in its binary form, or null when it has shown none. */
    public byte @Nullable [] peerCertificate() {
        long certificate = OpenSsl.call(OpenSsl.PEER_CERTIFICATE, address);
        if (certificate == 0) {
            return null;
        }
        try {
            return bytes(certificate);
        } finally {
            OpenSsl.call(OpenSsl.CERTIFICATE_FREE, certificate);
        }
    }

    private static byte[] bytes(long certificate) {
        int length = (int) OpenSsl.call(OpenSsl.CERTIFICATE_BYTES, certificate);
        long memory = NativeHeap.allocate(Long.BYTES + length);
        try {
            long content = memory + Long.BYTES;
            Memory.putLong(memory, content); // the function moves this pointer
            OpenSsl.call(OpenSsl.CERTIFICATE_BYTES, certificate, memory);
            return Memory.bytes(content, length);
        } finally {
            NativeHeap.free(memory, Long.BYTES + length);
        }
    }

    @Override
    public void close() {
        OpenSsl.call(OpenSsl.FREE, address);
    }
}
