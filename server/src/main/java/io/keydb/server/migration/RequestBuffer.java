package io.keydb.server.migration;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;

/**
 * Requests to another server, in RESP, outside the Java heap.
 *
 * <p>Threads: confined to one thread.
 */
final class RequestBuffer implements AutoCloseable {
    private static final byte[] CRLF = {'\r', '\n'};

    private final OffHeapBuffer bytes;

    RequestBuffer(Pages pages) {
        bytes = new OffHeapBuffer(pages);
    }

    long address() {
        return bytes.address();
    }

    long length() {
        return bytes.length();
    }

    void clear() {
        bytes.clear();
    }

    /** Begins a request of so many arguments. */
    RequestBuffer request(int arguments) {
        header('*', arguments);
        return this;
    }

    RequestBuffer argument(byte[] argument) {
        header('$', argument.length);
        bytes.append(argument);
        bytes.append(CRLF);
        return this;
    }

    RequestBuffer argument(long address, long length) {
        header('$', length);
        bytes.append(address, length);
        bytes.append(CRLF);
        return this;
    }

    /** An argument in decimal. */
    RequestBuffer argument(long value) {
        header('$', DecimalText.length(value));
        decimal(value);
        bytes.append(CRLF);
        return this;
    }

    private void header(char type, long number) {
        bytes.appendByte(type);
        decimal(number);
        bytes.append(CRLF);
    }

    private void decimal(long value) {
        DecimalText.write(bytes.reserve(DecimalText.length(value)), value);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
