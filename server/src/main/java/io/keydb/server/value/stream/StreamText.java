package io.keydb.server.value.stream;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * A field or value of an entry on its way out. A reusable flyweight, valid until the stream
 * changes.
 *
 * <p>Threads: confined to its owner, and to the partition lock of what it points into.
 */
public final class StreamText {
    private boolean integer;
    private long number;
    private long sharedAddress;
    private int sharedLength;
    private long address;
    private int length;

    void set(long packed, long reference) {
        integer = PackedText.isInteger(packed);
        if (integer) {
            number = PackedText.integer(packed);
            return;
        }
        sharedLength = PackedText.sharedLength(packed);
        sharedAddress = sharedLength == 0 ? 0 : PackedText.textAddress(reference);
        address = PackedText.textAddress(packed);
        length = PackedText.length(packed);
    }

    /** Whether the text is an integer in its one decimal form. */
    public boolean isInteger() {
        return integer;
    }

    /** The integer; only when it is one. */
    public long integer() {
        return number;
    }

    /** How many bytes the text has. */
    public int length() {
        return integer ? DecimalText.length(number) : sharedLength + length;
    }

    /** Writes the text to memory; gives the address behind it. */
    public long copyTo(long to) {
        if (integer) {
            return DecimalText.write(to, number);
        }
        Memory.copy(sharedAddress, to, sharedLength);
        Memory.copy(address, to + sharedLength, length);
        return to + sharedLength + length;
    }
}
