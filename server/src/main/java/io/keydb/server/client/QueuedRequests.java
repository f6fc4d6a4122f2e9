package io.keydb.server.client;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;
import java.util.Arrays;

/**
 * The requests a client has queued between MULTI and EXEC, copied out of the input buffer into one
 * block off-heap.
 *
 * <p>Threads: confined to the connection's event loop.
 */
public final class QueuedRequests implements AutoCloseable {
    private final OffHeapBuffer bytes;
    private Object[] commands = new Object[8];
    private int[] firstLength = new int[9];
    private int[] lengths = new int[32];
    private long[] offsets = new long[8];
    private int count;
    private int lengthCount;

    public QueuedRequests(OffHeapBuffer bytes) {
        this.bytes = bytes;
    }

    public int count() {
        return count;
    }

    /** Bytes the queue keeps off-heap. */
    public long memoryUsage() {
        return bytes.length();
    }

    /** Number of arguments of all requests together. */
    public int arguments() {
        return lengthCount;
    }

    /** Copies a request; {@code command} is what it was found to be. */
    public void add(Object command, Request request) {
        ensureRoom(request.count());
        commands[count] = command;
        offsets[count] = bytes.length();
        firstLength[count] = lengthCount;
        for (int i = 0; i < request.count(); i++) {
            bytes.append(request.address(i), request.length(i));
            lengths[lengthCount++] = request.length(i);
        }
        count++;
        firstLength[count] = lengthCount;
    }

    /** The command of queued request {@code i}. */
    public Object command(int i) {
        return commands[i];
    }

    /** Makes {@code into} show queued request {@code i}; valid until this queue is closed. */
    public void load(int i, Request into) {
        into.clear();
        long address = bytes.address() + offsets[i];
        for (int j = firstLength[i]; j < firstLength[i + 1]; j++) {
            into.add(address, lengths[j]);
            address += lengths[j];
        }
    }

    @Override
    public void close() {
        bytes.close();
    }

    private void ensureRoom(int argumentCount) {
        if (count == commands.length) {
            commands = Arrays.copyOf(commands, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            firstLength = Arrays.copyOf(firstLength, count * 2 + 1);
        }
        if (lengthCount + argumentCount > lengths.length) {
            lengths =
                    Arrays.copyOf(
                            lengths, Math.max(lengths.length * 2, lengthCount + argumentCount));
        }
    }
}
