package io.keydb.server.value.list;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;

/**
 * Text that many elements are compared with: taken apart once. A reusable flyweight.
 *
 * <p>Threads: confined to one thread.
 */
public final class SoughtText {
    private long address;
    private int length;
    private boolean integer;
    private long number;

    /** Points at text. */
    public SoughtText set(long newAddress, int newLength) {
        address = newAddress;
        length = newLength;
        integer = DecimalText.isInteger(newAddress, newLength);
        number = integer ? DecimalText.parse(newAddress, newLength) : 0;
        return this;
    }

    /** Whether an entry of a listpack is this text. */
    public boolean is(long entry) {
        if (Listpack.isInteger(entry)) {
            return integer && Listpack.integer(entry) == number;
        }
        return Listpack.textLength(entry) == length
                && Memory.equal(Listpack.textAddress(entry), address, length);
    }
}
