package io.keydb.server.persistence.rdb;

import io.keydb.server.keyspace.AccessClock;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.support.Crc64;
import io.keydb.server.support.LzfCompressor;
import io.keydb.server.value.Element;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes an RDB stream of version 10.
 *
 * <p>Threads: confined to one thread; the bytes of keys and values are copied during the call, so
 * the caller holds their lock.
 */
public final class RdbWriter {
    private static final int BUFFER = 64 * 1024;
    private static final int SHORT_BUFFER = 512;

    private final RdbSink sink;
    private final boolean compressing;
    private final boolean summing;
    private final ValueWriter values = new ValueWriter(this);
    private final byte[] buffer;
    private byte[] plain = new byte[256];
    private byte[] packed = new byte[256];
    private @Nullable LzfCompressor compressor;
    private int used;
    private long checksum;
    private long written;
    private @Nullable AccessClock accesses;

    /**
     * @param compressing whether long strings are compressed
     */
    public RdbWriter(RdbSink sink, boolean compressing) {
        this(sink, compressing, true);
    }

    /**
     * @param compressing whether long strings are compressed
     * @param summing whether the end has a checksum; otherwise it is zero, which nobody checks
     */
    public RdbWriter(RdbSink sink, boolean compressing, boolean summing) {
        this(sink, compressing, summing, BUFFER);
    }

    private RdbWriter(RdbSink sink, boolean compressing, boolean summing, int bufferBytes) {
        this.sink = sink;
        this.compressing = compressing;
        this.summing = summing;
        this.buffer = new byte[bufferBytes];
    }

    /** A writer of one value, most likely a short one. */
    static RdbWriter ofValue(RdbSink sink) {
        return new RdbWriter(sink, true, true, SHORT_BUFFER);
    }

    /** The bytes written so far. */
    public long written() {
        return written + used;
    }

    /** The magic and the version; comes first. */
    public void begin() throws IOException {
        put(RdbFormat.MAGIC, RdbFormat.MAGIC.length);
        for (int unit = 1000; unit > 0; unit /= 10) {
            put('0' + RdbFormat.VERSION_WRITTEN / unit % 10);
        }
    }

    public void auxiliary(String name, String value) throws IOException {
        auxiliary(name, value.getBytes(StandardCharsets.UTF_8));
    }

    public void auxiliary(String name, byte[] value) throws IOException {
        put(RdbFormat.AUX);
        bytes(name.getBytes(StandardCharsets.UTF_8));
        bytes(value);
    }

    /** An auxiliary field with the bytes at an address. */
    public void auxiliary(String name, long address, int length) throws IOException {
        put(RdbFormat.AUX);
        bytes(name.getBytes(StandardCharsets.UTF_8));
        string(address, length);
    }

    /** An auxiliary field with the text of an element. */
    void auxiliary(String name, Element value) throws IOException {
        put(RdbFormat.AUX);
        bytes(name.getBytes(StandardCharsets.UTF_8));
        string(value);
    }

    /** The code of a library of functions. */
    public void function(byte[] code) throws IOException {
        put(RdbFormat.FUNCTION);
        bytes(code);
    }

    public void database(int index, long keys, long expiringKeys) throws IOException {
        put(RdbFormat.SELECT_DATABASE);
        length(index);
        put(RdbFormat.RESIZE_DATABASE);
        length(keys);
        length(expiringKeys);
    }

    /** The expiry of the key that follows. */
    public void expiry(long unixMillis) throws IOException {
        put(RdbFormat.EXPIRY_MILLIS);
        littleEndian(unixMillis, 8);
    }

    /** From now on each key is told with its accesses, if the policy goes by them. */
    public void accesses(AccessClock clock) {
        accesses = clock;
    }

    private void access(AccessClock clock, long record) throws IOException {
        switch (clock.kept()) {
            case RECENCY -> {
                put(RdbFormat.IDLE);
                length(clock.idleSeconds(record));
            }
            case FREQUENCY -> {
                put(RdbFormat.FREQUENCY);
                put(clock.frequency(record));
            }
            case CHANCE, DEADLINE, NONE -> {}
        }
    }

    /** A key with its value, its expiry and its accesses, as they are in a record. */
    public void entry(long record) throws IOException {
        if (Record.type(record) == Record.CRON) {
            cron(record);
            return;
        }
        if (Record.hasExpiry(record)) {
            expiry(Record.expiry(record));
        }
        if (accesses != null) {
            access(accesses, record);
        }
        put(ValueWriter.type(record));
        string(Record.keyAddress(record), Record.keyLength(record));
        values.write(record);
    }

    /** A key that is a cron job, see {@link AuxiliaryField#CRON}. */
    private void cron(long record) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        RdbWriter writer = ofValue(value::write);
        writer.value(record);
        writer.drain();
        ByteBuffer field =
                ByteBuffer.allocate(
                                Long.BYTES
                                        + Integer.BYTES
                                        + Record.keyLength(record)
                                        + value.size())
                        .order(ByteOrder.LITTLE_ENDIAN);
        field.putLong(Record.expiry(record)).putInt(Record.keyLength(record));
        field.put(Memory.bytes(Record.keyAddress(record), Record.keyLength(record)));
        field.put(value.toByteArray());
        auxiliary(AuxiliaryField.CRON, field.array());
    }

    /** The type of a value and the value, without a key: what DUMP gives. */
    public void value(long record) throws IOException {
        put(ValueWriter.type(record));
        values.write(record);
    }

    /** The end and the checksum; passes everything on to the sink. */
    public void end() throws IOException {
        put(RdbFormat.EOF);
        putChecksum();
    }

    /** What ends a value without a key: the version and the checksum. */
    public void endValue() throws IOException {
        littleEndian(RdbFormat.VERSION_WRITTEN, 2);
        putChecksum();
    }

    private void putChecksum() throws IOException {
        drain();
        long complete = checksum;
        littleEndian(complete, 8);
        drain();
    }

    /** Passes on what is buffered. */
    public void drain() throws IOException {
        if (used > 0) {
            if (summing) {
                checksum = Crc64.update(checksum, buffer, 0, used);
            }
            written += used;
            int length = used;
            used = 0;
            sink.write(buffer, 0, length);
        }
    }

    /** A string in its shortest form: number, compressed or as it is. */
    void string(long address, int length) throws IOException {
        if (length > RdbFormat.LONGEST_NUMBER && length < RdbFormat.SHORTEST_COMPRESSED) {
            length(length);
            copy(address, length);
            return;
        }
        if (plain.length < length) {
            plain = new byte[Math.max(length, plain.length * 2)];
        }
        Memory.copyOut(address, plain, 0, length);
        text(plain, length);
    }

    /** An element of a collection, as a string. */
    void string(Element element) throws IOException {
        if (element.isInteger()) {
            number(element.integer());
        } else {
            string(element.address(), element.length());
        }
    }

    /** A number, as a string. */
    void number(long number) throws IOException {
        if (!putNumber(number)) {
            bytes(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A string of bytes that come from the Java heap. */
    void bytes(byte[] bytes) throws IOException {
        text(bytes, bytes.length);
    }

    private void text(byte[] bytes, int length) throws IOException {
        if (length <= RdbFormat.LONGEST_NUMBER && putIfNumber(bytes, length)) {
            return;
        }
        if (compressing
                && length >= RdbFormat.SHORTEST_COMPRESSED
                && putCompressed(bytes, length)) {
            return;
        }
        length(length);
        put(bytes, length);
    }

    private boolean putIfNumber(byte[] bytes, int length) throws IOException {
        int at = length > 0 && bytes[0] == '-' ? 1 : 0;
        int digits = length - at;
        if (digits == 0 || digits > 10 || (bytes[at] == '0' && length > 1)) {
            return false;
        }
        long number = 0;
        for (int i = at; i < length; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            number = number * 10 + digit;
        }
        return putNumber(at == 1 ? -number : number);
    }

    private boolean putNumber(long number) throws IOException {
        if (number == (byte) number) {
            put(RdbFormat.ENCODED << 6 | RdbFormat.ENCODED_INT8);
            littleEndian(number, 1);
        } else if (number == (short) number) {
            put(RdbFormat.ENCODED << 6 | RdbFormat.ENCODED_INT16);
            littleEndian(number, 2);
        } else if (number == (int) number) {
            put(RdbFormat.ENCODED << 6 | RdbFormat.ENCODED_INT32);
            littleEndian(number, 4);
        } else {
            return false;
        }
        return true;
    }

    private boolean putCompressed(byte[] bytes, int length) throws IOException {
        int room = length - 4; // what saves less is not worth it
        if (packed.length < room) {
            packed = new byte[Math.max(room, 2 * packed.length)];
        }
        LzfCompressor current = compressor;
        if (current == null) {
            current = new LzfCompressor();
            compressor = current;
        }
        int compressed = current.compress(bytes, length, packed, room);
        if (compressed == 0) {
            return false;
        }
        put(RdbFormat.ENCODED << 6 | RdbFormat.ENCODED_LZF);
        length(compressed);
        length(length);
        put(packed, compressed);
        return true;
    }

    /** A length or another number, unsigned. */
    void length(long length) throws IOException {
        if (length >>> 6 == 0) {
            put((int) length);
        } else if (length >>> 14 == 0) {
            put(RdbFormat.LENGTH_14_BITS << 6 | (int) (length >>> 8));
            put((int) length);
        } else if (length >>> 32 == 0) {
            put(RdbFormat.LENGTH_32_BITS);
            bigEndian(length, 4);
        } else {
            put(RdbFormat.LENGTH_64_BITS);
            bigEndian(length, 8);
        }
    }

    void littleEndian(long value, int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            put((int) (value >>> (8 * i)));
        }
    }

    private void bigEndian(long value, int bytes) throws IOException {
        for (int i = bytes - 1; i >= 0; i--) {
            put((int) (value >>> (8 * i)));
        }
    }

    private void put(int value) throws IOException {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = (byte) value;
    }

    private void put(byte[] bytes, int length) throws IOException {
        for (int at = 0; at < length; ) {
            if (used == buffer.length) {
                drain();
            }
            int part = Math.min(length - at, buffer.length - used);
            System.arraycopy(bytes, at, buffer, used, part);
            used += part;
            at += part;
        }
    }

    /** Copies fewer bytes than the buffer has. */
    private void copy(long address, int length) throws IOException {
        if (buffer.length - used < length) {
            drain();
        }
        Memory.copyOut(address, buffer, used, length);
        used += length;
    }
}
