package io.keydb.server.command.bitmap;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * Positions of bits as arguments.
 *
 * <p>Threads: stateless.
 */
final class BitOffset {
    private static final CommandError INVALID =
            new CommandError("ERR bit offset is not an integer or out of range");

    /** A kilobyte of bits takes about as long as an element of a collection. */
    private static final int BYTES_PER_ELEMENT = 1024;

    private BitOffset() {}

    /** Says that so many bytes of bits are about to be gone through. */
    static void expectBytes(Call call, long bytes) {
        call.expectWork(bytes / BYTES_PER_ELEMENT);
    }

    /** A position within what a string may hold. */
    static long of(Call call, int i) {
        return checked(call, call.integer(i, INVALID));
    }

    /** A position, or with {@code #} before it so many integers of that width. */
    static long ofField(Call call, int i, int bits) {
        long address = call.request().address(i);
        int length = call.request().length(i);
        if (length == 0 || Memory.getByte(address) != '#') {
            return of(call, i);
        }
        long index = DecimalText.parse(address + 1, length - 1);
        if (index == DecimalText.NONE) {
            throw INVALID;
        }
        return checked(call, index * bits);
    }

    private static long checked(Call call, long offset) {
        if (offset < 0 || (!call.client().isPrimary() && offset >>> 3 >= call.longestString())) {
            throw INVALID;
        }
        return offset;
    }
}
