package io.keydb.server.net.tls;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A text with a zero byte behind it, as C functions take it. Overwritten when it is given back,
 * because it may be a password.
 *
 * <p>Threads: confined to the caller.
 */
final class CString implements AutoCloseable {

    private final long address;
    private final int size;

    /** A null text has the address 0. */
    CString(@Nullable String text) {
        if (text == null) {
            address = 0;
            size = 0;
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        size = bytes.length + 1;
        address = NativeHeap.allocate(size);
        Memory.copyIn(bytes, 0, address, bytes.length);
        Memory.putByte(address + bytes.length, (byte) 0);
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        if (size > 0) {
            Memory.fill(address, size, (byte) 0);
            NativeHeap.free(address, size);
        }
    }
}
