package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Checksums;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.rdb.RdbVisitor.RdbString;
import io.keydb.server.support.Lzf;
import java.nio.charset.StandardCharsets;

/**
 * Reads an RDB stream piece by piece, as it arrives. Each call takes what is there, shows the
 * visitor all that is complete, and keeps the rest; so a stream is read without waiting and without
 * being held as a whole.
 *
 * <pre>
 *   HEADER -> BODY (one element after the other) -> CHECKSUM -> DONE
 * </pre>
 *
 * An element that is not complete yet is read again from its start when more has arrived; only its
 * lengths are looked at twice.
 *
 * <p>Nothing in the stream is trusted: every length is checked against its limit and against what
 * is there before an address is made of it.
 *
 * <p>Threads: confined to one thread.
 */
public final class RdbReader implements AutoCloseable {
    private enum State {
        HEADER,
        BODY,
        CHECKSUM,
        DONE
    }

    private final RdbVisitor visitor;
    private final int longestString;
    private final OffHeapBuffer pending;
    private final OffHeapBuffer decodedKey;
    private final OffHeapBuffer decodedValue;
    private final RdbString entry = new RdbString();
    private final RdbCursor in = new RdbCursor();
    private State state = State.HEADER;
    private int version;
    private long checksum;
    private long expiryMillis = RdbString.NO_EXPIRY;

    /**
     * @param longestString a limit for the length of keys and values
     */
    public RdbReader(Pages pages, RdbVisitor visitor, int longestString) {
        this.visitor = visitor;
        this.longestString = longestString;
        this.pending = new OffHeapBuffer(pages);
        this.decodedKey = new OffHeapBuffer(pages);
        this.decodedValue = new OffHeapBuffer(pages);
    }

    /** Whether the end was read. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @return how many of them belong to the stream; fewer than {@code length} only at its end
     */
    public long feed(long address, long length) throws RdbException {
        if (state == State.DONE) {
            return 0;
        }
        pending.append(address, length);
        in.reset(pending.address(), pending.length());
        while (state != State.DONE) {
            boolean summed = state != State.CHECKSUM;
            long before = in.consumed();
            if (!step()) {
                dropConsumed();
                return length;
            }
            in.markConsumed();
            if (summed) {
                long bytes = in.consumed() - before;
                checksum = Checksums.crc64(checksum, pending.address() + before, bytes);
            }
        }
        long surplus = pending.length() - in.consumed();
        close();
        return length - surplus;
    }

    @Override
    public void close() {
        pending.close();
        decodedKey.close();
        decodedValue.close();
    }

    private void dropConsumed() {
        long consumed = in.consumed();
        if (consumed > 0) {
            long rest = pending.length() - consumed;
            Memory.copy(pending.address() + consumed, pending.address(), rest);
            pending.truncate(rest);
        }
    }

    /** Reads one element; false when it is not complete. */
    private boolean step() throws RdbException {
        in.restart();
        return switch (state) {
            case HEADER -> header();
            case BODY -> element();
            case CHECKSUM -> checksum();
            case DONE -> false;
        };
    }

    private boolean header() throws RdbException {
        if (!in.has(RdbFormat.HEADER_LENGTH)) {
            return false;
        }
        byte[] header = in.bytes(RdbFormat.HEADER_LENGTH);
        for (int i = 0; i < RdbFormat.MAGIC.length; i++) {
            if (header[i] != RdbFormat.MAGIC[i]) {
                throw new RdbException("not an RDB: wrong signature");
            }
        }
        for (int i = RdbFormat.MAGIC.length; i < header.length; i++) {
            int digit = header[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new RdbException("not an RDB: wrong version");
            }
            version = version * 10 + digit;
        }
        if (version < 1 || version > RdbFormat.LATEST_VERSION_READ) {
            throw new RdbException("can't handle RDB format version " + version);
        }
        state = State.BODY;
        return true;
    }

    private boolean element() throws RdbException {
        if (!in.has(1)) {
            return false;
        }
        int opcode = in.next();
        return switch (opcode) {
            case RdbFormat.EOF -> endOfBody();
            case RdbFormat.SELECT_DATABASE -> selectDatabase();
            case RdbFormat.RESIZE_DATABASE -> skipLengths(2);
            case RdbFormat.AUX -> auxiliary();
            case RdbFormat.EXPIRY_MILLIS -> expiry(8);
            case RdbFormat.EXPIRY_SECONDS -> expiry(4);
            case RdbFormat.IDLE -> skipLengths(1);
            case RdbFormat.FREQUENCY -> in.skip(1);
            case RdbFormat.TYPE_STRING -> stringEntry();
            case RdbFormat.FUNCTION, RdbFormat.FUNCTION_BEFORE_RELEASE ->
                    throw new RdbException(
                            "the RDB has functions, which this server does not hold");
            case RdbFormat.MODULE_AUX ->
                    throw new RdbException(
                            "the RDB has data of modules, which this server does not hold");
            default ->
                    throw new RdbException(
                            "the RDB has a value of type "
                                    + opcode
                                    + " ("
                                    + RdbFormat.typeName(opcode)
                                    + "), which this server does not hold");
        };
    }

    private boolean endOfBody() throws RdbException {
        if (version < RdbFormat.FIRST_CHECKED_VERSION) {
            state = State.DONE;
            visitor.end();
        } else {
            state = State.CHECKSUM;
        }
        return true;
    }

    private boolean checksum() throws RdbException {
        if (!in.has(8)) {
            return false;
        }
        long expected = in.littleEndian(8);
        if (expected != 0 && expected != checksum) {
            throw new RdbException("wrong RDB checksum");
        }
        state = State.DONE;
        visitor.end();
        return true;
    }

    private boolean skipLengths(int count) throws RdbException {
        for (int i = 0; i < count && in.isWhole(); i++) {
            long ignored = in.length();
            if (ignored < 0) {
                throw new RdbException("a length beyond any limit");
            }
        }
        return in.isWhole();
    }

    private boolean selectDatabase() throws RdbException {
        long index = in.length();
        if (!in.isWhole()) {
            return false;
        }
        visitor.database(index);
        return true;
    }

    private boolean expiry(int bytes) {
        if (!in.has(bytes)) {
            return false;
        }
        long value = in.littleEndian(bytes);
        expiryMillis = bytes == 4 ? (int) value * 1000L : value;
        return true;
    }

    private boolean auxiliary() throws RdbException {
        if (!string(decodedKey)) {
            return false;
        }
        byte[] name = in.stringBytes();
        if (!string(decodedValue)) {
            return false;
        }
        visitor.auxiliary(new String(name, StandardCharsets.UTF_8), in.stringBytes());
        return true;
    }

    private boolean stringEntry() throws RdbException {
        if (!string(decodedKey)) {
            return false;
        }
        entry.keyAddress = in.stringAddress();
        entry.keyLength = in.stringLength();
        if (!string(decodedValue)) {
            return false;
        }
        entry.valueAddress = in.stringAddress();
        entry.valueLength = in.stringLength();
        entry.expiryMillis = expiryMillis;
        expiryMillis = RdbString.NO_EXPIRY;
        visitor.string(entry);
        return true;
    }

    /**
     * Reads a string; one that is not stored as it is goes into {@code decoded}. False when it is
     * not complete.
     */
    private boolean string(OffHeapBuffer decoded) throws RdbException {
        if (!in.has(1)) {
            return false;
        }
        if (in.peek() >>> 6 == RdbFormat.ENCODED) {
            return encodedString(in.next() & 63, decoded);
        }
        long length = in.length();
        if (!in.isWhole()) {
            return false;
        }
        limit(length);
        return in.plainString((int) length);
    }

    private boolean encodedString(int encoding, OffHeapBuffer decoded) throws RdbException {
        return switch (encoding) {
            case RdbFormat.ENCODED_INT8 -> number(1, decoded);
            case RdbFormat.ENCODED_INT16 -> number(2, decoded);
            case RdbFormat.ENCODED_INT32 -> number(4, decoded);
            case RdbFormat.ENCODED_LZF -> compressed(decoded);
            default -> throw new RdbException("unknown RDB string encoding " + encoding);
        };
    }

    private boolean number(int bytes, OffHeapBuffer decoded) {
        if (!in.has(bytes)) {
            return false;
        }
        int shift = 64 - 8 * bytes;
        long number = in.littleEndian(bytes) << shift >> shift;
        byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        keep(text, decoded);
        return true;
    }

    private boolean compressed(OffHeapBuffer decoded) throws RdbException {
        long packedLength = in.length();
        long length = in.isWhole() ? in.length() : 0;
        if (!in.isWhole()) {
            return false;
        }
        limit(packedLength);
        limit(length);
        if (!in.has((int) packedLength)) {
            return false;
        }
        // A copy of L bytes takes at least 3 bytes for 264: no honest stream expands more.
        if (length > packedLength * 100 + 100) {
            throw new RdbException("damaged compressed string");
        }
        byte[] original = new byte[(int) length];
        if (!Lzf.decompress(in.bytes((int) packedLength), original)) {
            throw new RdbException("damaged compressed string");
        }
        keep(original, decoded);
        return true;
    }

    private void keep(byte[] bytes, OffHeapBuffer decoded) {
        decoded.clear();
        decoded.append(bytes);
        in.decodedString(decoded.address(), bytes.length);
    }

    private void limit(long length) throws RdbException {
        if (length < 0 || length > longestString) {
            throw new RdbException("a string of " + Long.toUnsignedString(length) + " bytes");
        }
    }
}
