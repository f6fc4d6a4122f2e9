package io.keydb.server.command;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.resp.Request;

/**
 * A request that outlives the buffer it came in: one block outside the heap.
 *
 * <pre>
 *   0       4           4 + 4 n
 *   | n     | n lengths | bytes of the arguments, one after the other
 * </pre>
 *
 * <p>Threads: confined to whoever owns it.
 */
final class KeptRequest implements AutoCloseable {
    private long address;
    private final long size;

    KeptRequest(Request request) {
        int count = request.count();
        long total = 4L + 4L * count;
        for (int i = 0; i < count; i++) {
            total += request.length(i);
        }
        size = total;
        address = NativeHeap.allocate(size);
        Memory.putInt(address, count);
        long at = address + 4L + 4L * count;
        for (int i = 0; i < count; i++) {
            Memory.putInt(address + 4L + 4L * i, request.length(i));
            Memory.copy(request.address(i), at, request.length(i));
            at += request.length(i);
        }
    }

    /** Makes {@code into} show the request; valid until this is closed. */
    void load(Request into) {
        into.clear();
        int count = Memory.getInt(address);
        long at = address + 4L + 4L * count;
        for (int i = 0; i < count; i++) {
            int length = Memory.getInt(address + 4L + 4L * i);
            into.add(at, length);
            at += length;
        }
    }

    @Override
    public void close() {
        if (address != 0) {
            NativeHeap.free(address, size);
            address = 0;
        }
    }
}
