package io.keydb.server.value.string;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Holder;

/**
 * Room for the bytes of a string value that is changed in part. Such a value is RAW or LARGE
 * afterwards, whatever it was; expiry, access and stamp of the record stay.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class StringBytes {
    private static final int LARGE_BYTES = 24;

    private StringBytes() {}

    /**
     * Makes the value {@code length} bytes long, which is zero beyond what there was; makes the
     * record when there is none. A value that grows and has an allocation of its own gets room for
     * more.
     *
     * @return where the bytes are; they are to be changed at once
     */
    public static long resize(Holder holder, long length) {
        long record = holder.record();
        if (record == 0) {
            return create(holder, length);
        }
        return switch (Record.encoding(record)) {
            case Record.INT -> spelledOut(holder, length);
            case Record.LARGE -> resizeLarge(holder, length);
            default -> resizeInline(holder, length);
        };
    }

    /**
     * Makes the value RAW or LARGE, which goes on saying the same.
     *
     * @return where the bytes are; before they are changed, the holder is to be told
     */
    public static long restate(Holder holder) {
        long record = holder.record();
        switch (Record.encoding(record)) {
            case Record.INT -> {
                long number = Record.number(record);
                record = holder.restate(Record.RAW, DecimalText.length(number));
                DecimalText.write(Record.valueAddress(record), number);
            }
            case Record.EMBSTR -> record = holder.restate(Record.RAW, Record.valueLength(record));
            default -> {
                // It is already.
            }
        }
        return StringValue.address(record);
    }

    /** Exchanges the value for an allocation of this length, which belongs to the record then. */
    public static void exchange(Holder holder, long address, long length) {
        long record = holder.record();
        if (Record.encoding(record) == Record.LARGE) {
            holder.beforeChange();
            StringValue.freeOwned(holder.allocator(), record);
        } else {
            record = holder.resize(Record.LARGE, LARGE_BYTES);
        }
        Record.setLarge(record, address, length, length);
    }

    private static long create(Holder holder, long length) {
        int encoding = StringValue.rawFor(length);
        long address;
        if (encoding == Record.LARGE) {
            address = holder.allocator().allocate(length);
            Record.setLarge(
                    holder.create(Record.STRING, encoding, LARGE_BYTES), address, length, length);
        } else {
            address = Record.valueAddress(holder.create(Record.STRING, encoding, length));
        }
        Memory.fill(address, length, (byte) 0);
        return address;
    }

    private static long spelledOut(Holder holder, long length) {
        long number = Record.number(holder.record());
        long digits = DecimalText.length(number);
        long address;
        if (StringValue.rawFor(length) == Record.LARGE) {
            address = holder.allocator().allocate(length);
            long record = holder.resize(Record.LARGE, LARGE_BYTES);
            Record.setLarge(record, address, length, length);
        } else {
            address = Record.valueAddress(holder.resize(Record.RAW, length));
        }
        DecimalText.write(address, number);
        Memory.fill(address + digits, length - digits, (byte) 0);
        return address;
    }

    private static long resizeInline(Holder holder, long length) {
        long record = holder.record();
        long old = Record.valueLength(record);
        if (StringValue.rawFor(length) == Record.RAW) {
            long address = Record.valueAddress(holder.resize(Record.RAW, length));
            if (length > old) {
                Memory.fill(address + old, length - old, (byte) 0);
            }
            return address;
        }
        long capacity = StringValue.capacityFor(length);
        long address = holder.allocator().allocate(capacity);
        Memory.copy(Record.valueAddress(record), address, old);
        Memory.fill(address + old, length - old, (byte) 0);
        Record.setLarge(holder.resize(Record.LARGE, LARGE_BYTES), address, length, capacity);
        return address;
    }

    private static long resizeLarge(Holder holder, long length) {
        holder.beforeChange();
        long record = holder.record();
        long address = Record.largeAddress(record);
        long old = Record.largeLength(record);
        long capacity = Record.largeCapacity(record);
        if (length > capacity) {
            Allocator allocator = holder.allocator();
            long newCapacity = StringValue.capacityFor(length);
            long moved = allocator.allocate(newCapacity);
            Memory.copy(address, moved, old);
            allocator.free(address, capacity);
            address = moved;
            capacity = newCapacity;
        }
        if (length > old) {
            Memory.fill(address + old, length - old, (byte) 0);
        }
        Record.setLarge(record, address, length, capacity);
        return address;
    }
}
