package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Checksums;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.value.Element;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads an RDB stream piece by piece, as it arrives. Each call takes what is there, shows the
 * visitor all that is complete, and keeps the rest; so a stream is read without waiting and without
 * being held as a whole.
 *
 * <pre>
 *   HEADER -> BODY (one element after the other) -> CHECKSUM -> DONE
 * </pre>
 *
 * An element that is not complete yet is read again from its start when more has arrived; of a key
 * with its value, which may be long, no byte is looked at twice (see {@link Extent}), and it is
 * shown when all of it is there.
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

    private static final byte[] CRON = AuxiliaryField.CRON.getBytes(StandardCharsets.US_ASCII);
    private static final int CRON_HEAD = Long.BYTES + Integer.BYTES;

    private final RdbVisitor visitor;
    private final OffHeapBuffer pending;
    private final RdbStrings strings;
    private final ValueDecoder decoder;
    private final RdbEntry entry;
    private final Extent extent;
    private final OffHeapBuffer integerKey;
    private final RdbCursor in = new RdbCursor();
    private State state = State.HEADER;
    private int version;
    private long checksum;

    /**
     * @param longestString a limit for the length of keys and values
     */
    public RdbReader(Pages pages, RdbVisitor visitor, int longestString) {
        this.visitor = visitor;
        this.pending = new OffHeapBuffer(pages);
        this.strings = new RdbStrings(pages, longestString);
        this.decoder = new ValueDecoder(pages, longestString);
        this.entry = new RdbEntry(decoder);
        this.extent = new Extent(longestString);
        this.integerKey = new OffHeapBuffer(pages);
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
        strings.close();
        decoder.close();
        integerKey.close();
    }

    private void dropConsumed() {
        long consumed = in.consumed();
        if (consumed > 0) {
            long rest = pending.length() - consumed;
            Memory.copy(pending.address() + consumed, pending.address(), rest);
            pending.truncate(rest);
            extent.dropped(consumed);
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
            case RdbFormat.IDLE -> idleTime();
            case RdbFormat.SLOT_INFO -> skipLengths(3);
            case RdbFormat.FREQUENCY -> frequency();
            case RdbFormat.FUNCTION -> function();
            case RdbFormat.FUNCTION_BEFORE_RELEASE ->
                    throw new RdbException("the RDB has functions of a candidate of 7.0");
            case RdbFormat.MODULE_AUX ->
                    throw new RdbException(
                            "the RDB has data of modules, which this server does not hold");
            default -> entry(opcode);
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
            throw new RdbException("RDB CRC error: wrong checksum");
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
        entry.expiryMillis = bytes == 4 ? (int) value * 1000L : value;
        return true;
    }

    private boolean idleTime() throws RdbException {
        long seconds = in.length();
        if (!in.isWhole()) {
            return false;
        }
        if (seconds < 0) {
            throw new RdbException("an idle time beyond any limit");
        }
        entry.idleSeconds = seconds;
        return true;
    }

    private boolean frequency() {
        if (!in.has(1)) {
            return false;
        }
        entry.frequency = in.next() & 0xff;
        return true;
    }

    private boolean auxiliary() throws RdbException {
        byte[] name = text(strings.read(in));
        if (!in.isWhole()) {
            return false;
        }
        Element value = strings.read(in);
        if (!in.isWhole()) {
            return false;
        }
        if (Arrays.equals(name, CRON)) {
            cron(value);
        } else {
            visitor.auxiliary(new String(name, StandardCharsets.UTF_8), text(value));
        }
        return true;
    }

    /** A key that lies in a field, see {@link AuxiliaryField#CRON}. */
    private void cron(Element field) throws RdbException {
        if (field.isInteger() || field.length() <= CRON_HEAD) {
            throw new RdbException("a damaged cron job");
        }
        entry.keyAddress = field.address() + CRON_HEAD;
        entry.keyLength = Memory.getInt(field.address() + Long.BYTES);
        long value = field.length() - CRON_HEAD - (long) entry.keyLength - 1;
        if (entry.keyLength < 0 || value < 0) {
            throw new RdbException("a damaged cron job");
        }
        entry.type = Memory.getByte(entry.keyAddress + entry.keyLength) & 0xff;
        if (entry.type != RdbFormat.TYPE_CRON) {
            throw new RdbException("a damaged cron job");
        }
        entry.valueAddress = entry.keyAddress + entry.keyLength + 1;
        entry.valueLength = value;
        long expiry = Memory.getLong(field.address());
        entry.expiryMillis = expiry < 0 ? RdbEntry.NO_EXPIRY : expiry;
        visitor.entry(entry);
        entry.expiryMillis = RdbEntry.NO_EXPIRY;
    }

    private boolean function() throws RdbException {
        Element code = strings.read(in);
        if (!in.isWhole()) {
            return false;
        }
        visitor.function(text(code));
        return true;
    }

    private boolean entry(int type) throws RdbException {
        String form = RdbFormat.form(type);
        if (form == null) {
            throw ValueDecoder.refused(type);
        }
        if (!extent.isActive()) {
            extent.begin("S" + form, in.position());
        }
        if (!extent.advance(in)) {
            return false;
        }
        if (!memberExpiries()) {
            return false;
        }
        long end = in.position();
        in.restart();
        in.skip(1);
        key(strings.read(in));
        entry.type = type;
        entry.valueAddress = in.address();
        entry.valueLength = end - in.position();
        visitor.entry(entry);
        entry.expiryMillis = RdbEntry.NO_EXPIRY;
        entry.idleSeconds = RdbEntry.NOT_TOLD;
        entry.frequency = RdbEntry.NOT_TOLD;
        extent.end();
        in.position(end);
        return true;
    }

    /**
     * Passes over auxiliary fields that tell when members of the value expire; false when it cannot
     * be told yet where they end.
     */
    private boolean memberExpiries() throws RdbException {
        while (true) {
            long end = in.position();
            if (!in.has(1)) {
                return false;
            }
            if (in.peek() != RdbFormat.AUX) {
                return true;
            }
            in.skip(1);
            byte[] name = text(strings.read(in));
            if (!in.isWhole()) {
                return false;
            }
            if (!isMemberExpiry(name)) {
                in.position(end);
                return true;
            }
            strings.read(in);
            if (!in.isWhole()) {
                return false;
            }
        }
    }

    private static boolean isMemberExpiry(byte[] name) {
        String text = new String(name, StandardCharsets.US_ASCII);
        return text.equals(AuxiliaryField.MEMBER)
                || text.equals(AuxiliaryField.MEMBER_EXPIRY)
                || text.equals(AuxiliaryField.CRON_SINGLE);
    }

    private void key(Element read) {
        entry.keyLength = read.length();
        if (read.isInteger()) {
            integerKey.clear();
            read.copyTo(integerKey.reserve(entry.keyLength));
            entry.keyAddress = integerKey.address();
        } else {
            entry.keyAddress = read.address();
        }
    }

    static byte[] text(Element read) {
        return read.isInteger()
                ? Long.toString(read.integer()).getBytes(StandardCharsets.US_ASCII)
                : Memory.bytes(read.address(), read.length());
    }
}
