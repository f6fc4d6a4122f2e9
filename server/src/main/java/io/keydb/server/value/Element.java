package io.keydb.server.value;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;

/**
 * One element of a collection on its way out: bytes somewhere in memory, or an integer that stands
 * for its decimal text. A reusable flyweight, valid until the collection changes.
 *
 * <p>Threads: confined to its owner, and to the partition lock of what it points into.
 */
public final class Element {
    private boolean integer;
    private long number;
    private long address;
    private int length;

    /** Points at bytes. */
    public Element set(long newAddress, int newLength) {
        integer = false;
        address = newAddress;
        length = newLength;
        return this;
    }

    /** Stands for an integer. */
    public Element set(long newNumber) {
        integer = true;
        number = newNumber;
        return this;
    }

    /** Points at an entry of a listpack. */
    public Element setEntry(long entry) {
        return Listpack.isInteger(entry)
                ? set(Listpack.integer(entry))
                : set(Listpack.textAddress(entry), Listpack.textLength(entry));
    }

    public boolean isInteger() {
        return integer;
    }

    /** The integer; only when it is one. */
    public long integer() {
        return number;
    }

    /** Where the bytes are; only when it is no integer. */
    public long address() {
        return address;
    }

    /** How many bytes the text has. */
    public int length() {
        return integer ? DecimalText.length(number) : length;
    }

    /** Writes the text to memory; gives the address behind it. */
    public long copyTo(long to) {
        if (integer) {
            return DecimalText.write(to, number);
        }
        Memory.copy(address, to, length);
        return to + length;
    }

    /** Whether the text is these bytes. */
    public boolean sameAs(long otherAddress, int otherLength) {
        if (!integer) {
            return length == otherLength && Memory.equal(address, otherAddress, length);
        }
        return otherLength == DecimalText.length(number)
                && DecimalText.isInteger(otherAddress, otherLength)
                && DecimalText.parse(otherAddress, otherLength) == number;
    }
}
