package io.keydb.server.resp;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies, byte for byte as Redis 7.0 does, into one growing block of off-heap memory. Types
 * that RESP2 does not have are written as RESP2 clients know them: a map as a flat array, a double
 * as a bulk string, and so on.
 *
 * <p>An aggregate whose length is known only afterwards is written with {@link #reserveAggregate()}
 * before its elements and one of the {@code complete} methods after them; such aggregates nest.
 *
 * <pre>
 * start ... written ... position ... free ... limit
 * </pre>
 *
 * <p>Threads: confined to the connection's event loop, or to the worker that runs a command of a
 * paused connection.
 */
public final class ReplyWriter {

    private static final long OK = word("+OK\r\n");
    private static final long PONG = word("+PONG\r\n");
    private static final byte[] QUEUED = ascii("+QUEUED\r\n");
    private static final long NULL_BULK = word("$-1\r\n");
    private static final long NULL_ARRAY = word("*-1\r\n");
    private static final long NULL = word("_\r\n");
    private static final long TRUE = word("#t\r\n");
    private static final long FALSE = word("#f\r\n");

    /** A type character, an integer and CR LF; with room for a last store of 8 bytes. */
    private static final int LINE_BYTES = DecimalText.LONGEST + 3 + 8;

    private static final short CR_LF = 0x0A0D;

    /** {@code $0} and the end of the line. */
    private static final int SHORTEST_HEADER = '$' | '0' << 8 | CR_LF << 16;

    private final ReplySpace space;

    private long start;
    private long position;
    private long limit;
    private int protocol = 2;
    private boolean isDiscarding;
    private long errors;

    public ReplyWriter(ReplySpace space) {
        this.space = space;
    }

    /** 2 or 3. */
    public int protocol() {
        return protocol;
    }

    public void protocol(int version) {
        protocol = version;
    }

    /** While true, nothing is written; errors are counted all the same. */
    public boolean isDiscarding() {
        return isDiscarding;
    }

    public void discarding(boolean value) {
        isDiscarding = value;
    }

    /** Has something written even while replies are discarded: what the client did not ask for. */
    public void pushing(Runnable writing) {
        boolean wasDiscarding = isDiscarding;
        isDiscarding = false;
        writing.run();
        isDiscarding = wasDiscarding;
    }

    /**
     * How many errors were written since the writer was made; a caller compares before and after.
     */
    public long errors() {
        return errors;
    }

    /** The address of what has been written; valid until the next write. */
    public long address() {
        return start;
    }

    /** Bytes written and not yet cleared. */
    public long length() {
        return position - start;
    }

    /** A copy of what has been written. */
    public byte[] bytes() {
        return Memory.bytes(start, Math.toIntExact(length()));
    }

    /** Drops what was written after a length that {@link #length()} returned before. */
    public void truncate(long length) {
        assert length >= 0 && length <= length() : length;
        position = start + length;
    }

    /** Drops everything and keeps the block. */
    public void clear() {
        position = start;
    }

    /**
     * The block ends here: what is written next goes to another one, to which the owner copies what
     * there is.
     */
    public void seal() {
        limit = position;
    }

    /** Drops everything and forgets the block, which its owner has taken away. */
    public void release() {
        start = 0;
        position = 0;
        limit = 0;
    }

    private long room(long bytes) {
        if (limit - position < bytes) {
            grow(bytes);
        }
        return position;
    }

    private void grow(long bytes) {
        long used = position - start;
        start = space.grow(used, used + bytes);
        position = start + used;
        limit = start + space.capacity();
    }

    public void ok() {
        word(OK, 5);
    }

    public void pong() {
        word(PONG, 7);
    }

    public void queued() {
        raw(QUEUED);
    }

    private void word(long bytes, int length) {
        if (!isDiscarding) {
            Memory.putLong(room(8), bytes);
            position += length;
        }
    }

    /** A simple string. The text has no line breaks. */
    public void simple(byte[] text) {
        if (!isDiscarding) {
            long at = room(text.length + 3L);
            Memory.putByte(at, (byte) '+');
            Memory.copyIn(text, 0, at + 1, text.length);
            Memory.putShort(at + 1 + text.length, CR_LF);
            position = at + text.length + 3;
        }
    }

    /** Bytes that are in the wire format already. */
    public void raw(byte[] encoded) {
        if (!isDiscarding) {
            Memory.copyIn(encoded, 0, room(encoded.length), encoded.length);
            position += encoded.length;
        }
    }

    /** Bytes that are in the wire format already. */
    public void raw(long address, long length) {
        if (!isDiscarding) {
            Memory.copy(address, room(length), length);
            position += length;
        }
    }

    /**
     * An error. The text begins with its code ("ERR ..."); line breaks at its ends are dropped,
     * others become blanks.
     */
    public void error(String text) {
        error(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An error. The text begins with its code ("ERR ..."); line breaks at its ends are dropped,
     * others become blanks.
     */
    public void error(byte[] text) {
        errors++;
        if (isDiscarding) {
            return;
        }
        int from = 0;
        int end = text.length;
        while (from < end && isLineBreak(text[from])) {
            from++;
        }
        while (end > from && isLineBreak(text[end - 1])) {
            end--;
        }
        long at = room(end - from + 3L);
        Memory.putByte(at++, (byte) '-');
        for (int i = from; i < end; i++) {
            Memory.putByte(at++, isLineBreak(text[i]) ? (byte) ' ' : text[i]);
        }
        Memory.putShort(at, CR_LF);
        position = at + 2;
    }

    private static boolean isLineBreak(byte character) {
        return character == '\r' || character == '\n';
    }

    public void integer(long value) {
        line(':', value);
    }

    private void line(char type, long value) {
        if (isDiscarding) {
            return;
        }
        long at = room(LINE_BYTES);
        Memory.putByte(at, (byte) type);
        at = DecimalText.write(at + 1, value);
        Memory.putShort(at, CR_LF);
        position = at + 2;
    }

    /** A bulk string. */
    public void bulk(long address, long length) {
        if (isDiscarding) {
            return;
        }
        long at = bulkHeader(length);
        Memory.copy(address, at, length);
        Memory.putShort(at + length, CR_LF);
        position = at + length + 2;
    }

    /** A bulk string. */
    public void bulk(byte[] text) {
        if (isDiscarding) {
            return;
        }
        long at = bulkHeader(text.length);
        Memory.copyIn(text, 0, at, text.length);
        Memory.putShort(at + text.length, CR_LF);
        position = at + text.length + 2;
    }

    /** A bulk string, in UTF-8. */
    public void bulk(String text) {
        bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Begins a bulk string whose bytes the caller writes itself, to the address returned, which is
     * valid until the next write. {@link #endBulk} must follow.
     */
    public long beginBulk(long length) {
        return isDiscarding ? discarded(length) : bulkHeader(length);
    }

    /** Ends what {@link #beginBulk} began. */
    public void endBulk(long length) {
        if (isDiscarding) {
            return;
        }
        Memory.putShort(position + length, CR_LF);
        position += length + 2;
    }

    /** A place for bytes nobody will see. */
    private long discarded(long length) {
        return room(length);
    }

    /**
     * Writes the header, makes room for the bytes and their end; returns where the bytes go, which
     * {@link #position} then is.
     */
    private long bulkHeader(long length) {
        long at = room(LINE_BYTES + length);
        if (length < 10) {
            Memory.putInt(at, SHORTEST_HEADER + ((int) length << 8));
            position = at + 4;
            return position;
        }
        Memory.putByte(at, (byte) '$');
        at = DecimalText.write(at + 1, length);
        Memory.putShort(at, CR_LF);
        position = at + 2;
        return position;
    }

    /** An integer as a bulk string. */
    public void bulkInteger(long value) {
        if (isDiscarding) {
            return;
        }
        int length = DecimalText.length(value);
        long at = bulkHeader(length);
        at = DecimalText.write(at, value);
        Memory.putShort(at, CR_LF);
        position = at + 2;
    }

    /** "No such thing", where a string was asked for. */
    public void nullBulk() {
        if (protocol == 2) {
            word(NULL_BULK, 5);
        } else {
            word(NULL, 3);
        }
    }

    /** "No such thing", where an array was asked for. */
    public void nullArray() {
        if (protocol == 2) {
            word(NULL_ARRAY, 5);
        } else {
            word(NULL, 3);
        }
    }

    /** The header of an array of {@code length} elements. */
    public void array(long length) {
        line('*', length);
    }

    /** The header of a map of {@code pairs} keys and values. */
    public void map(long pairs) {
        if (protocol == 2) {
            line('*', pairs * 2);
        } else {
            line('%', pairs);
        }
    }

    /** The header of a set. */
    public void set(long length) {
        line(protocol == 2 ? '*' : '~', length);
    }

    /** The header of a message nobody asked for. */
    public void push(long length) {
        line(protocol == 2 ? '*' : '>', length);
    }

    /** The header of attributes, which only RESP3 has: a caller writes none in RESP2. */
    public void attribute(long pairs) {
        line('|', pairs);
    }

    public void bool(boolean value) {
        if (protocol == 2) {
            integer(value ? 1 : 0);
        } else {
            word(value ? TRUE : FALSE, 4);
        }
    }

    public void doubleValue(double value) {
        if (DoubleText.isPlainInteger(value)) {
            if (protocol == 2) {
                bulkInteger((long) value);
            } else {
                line(',', (long) value);
            }
            return;
        }
        byte[] text = DoubleText.bytes(value);
        if (protocol == 2) {
            bulk(text);
        } else {
            typedLine(',', text);
        }
    }

    /** An integer of any size, in decimal digits. */
    public void bigNumber(byte[] digits) {
        if (protocol == 2) {
            bulk(digits);
        } else {
            typedLine('(', digits);
        }
    }

    private void typedLine(char type, byte[] text) {
        if (isDiscarding) {
            return;
        }
        long at = room(text.length + 3L);
        Memory.putByte(at, (byte) type);
        Memory.copyIn(text, 0, at + 1, text.length);
        Memory.putShort(at + 1 + text.length, CR_LF);
        position = at + text.length + 3;
    }

    /** Text with a format of three characters ("txt", "mkd"). */
    public void verbatim(String format, byte[] text) {
        assert format.length() == 3 : format;
        if (protocol == 2) {
            bulk(text);
            return;
        }
        line('=', text.length + 4L);
        if (isDiscarding) {
            return;
        }
        long at = room(text.length + 6L);
        for (int i = 0; i < 3; i++) {
            Memory.putByte(at + i, (byte) format.charAt(i));
        }
        Memory.putByte(at + 3, (byte) ':');
        Memory.copyIn(text, 0, at + 4, text.length);
        Memory.putShort(at + 4 + text.length, CR_LF);
        position = at + 6 + text.length;
    }

    /**
     * Begins an aggregate whose length is not known yet; the mark returned goes to one of the
     * {@code complete} methods.
     */
    public long reserveAggregate() {
        return length();
    }

    public void completeArray(long mark, long length) {
        complete(mark, '*', length);
    }

    public void completeMap(long mark, long pairs) {
        complete(mark, protocol == 2 ? '*' : '%', protocol == 2 ? pairs * 2 : pairs);
    }

    public void completeSet(long mark, long length) {
        complete(mark, protocol == 2 ? '*' : '~', length);
    }

    public void completePush(long mark, long length) {
        complete(mark, protocol == 2 ? '*' : '>', length);
    }

    /** Puts the header in front of the elements, which make room by moving. */
    private void complete(long mark, char type, long length) {
        if (isDiscarding) {
            return;
        }
        int header = DecimalText.length(length) + 3;
        room(header);
        long at = start + mark;
        Memory.copy(at, at + header, position - at);
        Memory.putByte(at, (byte) type);
        long end = DecimalText.write(at + 1, length);
        Memory.putShort(end, CR_LF);
        position += header;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Up to 8 characters as the number that a store of 8 bytes turns into them. */
    private static long word(String text) {
        long word = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            word = word << 8 | text.charAt(i);
        }
        return word;
    }
}
