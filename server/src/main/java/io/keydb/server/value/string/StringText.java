package io.keydb.server.value.string;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;

/**
 * The bytes of a string record, an integer's as text: a reusable flyweight with a little scratch
 * space of its own.
 *
 * <p>Threads: confined to one thread.
 */
public final class StringText {
    private final long scratch;
    private long address;
    private long length;

    public StringText(Pages pages) {
        scratch = new OffHeapBuffer(pages).reserve(DecimalText.LONGEST);
    }

    /** Shows this record's bytes. */
    public StringText of(long record) {
        if (StringValue.isInteger(record)) {
            address = scratch;
            length = DecimalText.write(scratch, StringValue.integer(record)) - scratch;
        } else {
            address = StringValue.address(record);
            length = StringValue.length(record);
        }
        return this;
    }

    public long address() {
        return address;
    }

    public long length() {
        return length;
    }
}
