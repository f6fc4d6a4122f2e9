package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Checksums;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.value.Holder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A value on its own, as DUMP gives and RESTORE takes it:
 *
 * <pre>
 *   type (1)   value   version, little-endian (2)   crc64 of all before, little-endian (8)
 * </pre>
 *
 * <p>Threads: confined to one thread.
 */
public final class DumpPayload implements AutoCloseable {
    private static final int FOOTER = 10;

    /** Bytes of a payload besides its value: type, version, checksum. */
    public static final int FRAME = FOOTER + 1;

    private static final int CHECKSUM = 8;

    private final ValueDecoder decoder;

    /**
     * @param longestString a limit for the length of all strings
     */
    public DumpPayload(Pages pages, int longestString) {
        decoder = new ValueDecoder(pages, longestString);
    }

    /** Appends the value of a record; its lock is held. */
    public static void write(long record, OffHeapBuffer to) {
        RdbWriter writer = RdbWriter.ofValue(to::append);
        try {
            writer.value(record);
            writer.endValue();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whether the version can be read and, if that is to be checked, the checksum is right. */
    public static boolean isSound(long address, long length, boolean checksumMatters) {
        if (length < FOOTER) {
            return false;
        }
        int version = Memory.getShort(address + length - FOOTER) & 0xffff;
        if (version > RdbFormat.LATEST_VERSION_READ) {
            return false;
        }
        long stated = Memory.getLong(address + length - CHECKSUM);
        return !checksumMatters || stated == Checksums.crc64(0, address, length - CHECKSUM);
    }

    /**
     * Makes the value of a payload that {@link #isSound} in a record of the holder, which has none
     * yet. When it is damaged, the holder may be left with a part of it.
     */
    public void build(long address, long length, Holder holder) throws RdbException {
        long value = length - FOOTER - 1;
        if (value < 0) {
            throw new RdbException("a payload without a value");
        }
        int type = Memory.getByte(address) & 0xff;
        if (!decoder.build(type, address + 1, value, holder)) {
            throw new RdbException("a value without elements");
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
