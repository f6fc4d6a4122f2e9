package io.keydb.server.value.stream;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;

/** Fields and values from texts. */
final class TestFields implements StreamFields, AutoCloseable {
    private final long address;
    private final int bytes;
    private final int[] offsets;

    TestFields(String... texts) {
        offsets = new int[texts.length + 1];
        byte[] all = String.join("", texts).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < texts.length; i++) {
            offsets[i + 1] = offsets[i] + texts[i].length();
        }
        bytes = all.length + 1;
        address = NativeHeap.allocate(bytes);
        Memory.copyIn(all, 0, address, all.length);
    }

    @Override
    public int pairs() {
        return (offsets.length - 1) / 2;
    }

    @Override
    public long address(int i) {
        return address + offsets[i];
    }

    @Override
    public int length(int i) {
        return offsets[i + 1] - offsets[i];
    }

    @Override
    public void close() {
        NativeHeap.free(address, bytes);
    }
}
