package io.keydb.server.resp;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;

/** Bytes of a test in native memory, in a block exactly as long as they are. */
final class NativeBytes implements AutoCloseable {

    private final long address;
    private final int length;

    NativeBytes(byte[] bytes) {
        length = bytes.length;
        address = NativeHeap.allocate(Math.max(length, 1));
        Memory.copyIn(bytes, 0, address, length);
    }

    static NativeBytes of(String text) {
        return new NativeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    long address() {
        return address;
    }

    long end() {
        return address + length;
    }

    @Override
    public void close() {
        NativeHeap.free(address, Math.max(length, 1));
    }
}
