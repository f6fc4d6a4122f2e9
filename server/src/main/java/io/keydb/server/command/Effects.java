package io.keydb.server.command;

import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one unit (a command, or a whole EXEC) leaves behind: the commands that bring a copy of the
 * data to the same state, RESP-encoded, deterministic.
 *
 * <p>A write that says nothing leaves its own request. A handler whose request would not replay to
 * the same state (relative times, random choices) writes other commands instead with {@link
 * #command}, or none with {@link #none}. Nothing is built while nobody reads the log.
 *
 * <p>Threads: confined to the thread that runs the unit.
 */
public final class Effects {
    private static final int START_BYTES = 8;
    private static final int INDEX_ENTRY = START_BYTES + 4;

    /** What a unit leaves behind is kept up to this size, to be used again. */
    private static final long KEPT_BYTES = 1 << 20;

    /** How a delta begins: {@code KEYDB.BASE key stamp}. */
    private static final byte[] BASE = "KEYDB.BASE".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] CRLF = {'\r', '\n'};

    private final OffHeapBuffer bytes;

    /** For each command where it begins and its database; a script may leave millions. */
    private final OffHeapBuffer index;

    private int count;
    private boolean recording;
    private boolean explicit;
    private @Nullable Key stateKey;
    private boolean forced;
    private boolean forcedAny;
    private boolean transaction;
    private long peerOffset;
    private long peerLength;

    public Effects(Pages pages) {
        bytes = new OffHeapBuffer(pages);
        index = new OffHeapBuffer(pages);
    }

    /** Number of commands. */
    public int commands() {
        return count;
    }

    /** The database command {@code i} is for. */
    public int database(int i) {
        return Memory.getInt(index.address() + (long) i * INDEX_ENTRY + START_BYTES);
    }

    /** Where the RESP bytes of command {@code i} are. */
    public long address(int i) {
        return bytes.address() + start(i);
    }

    /** How many RESP bytes command {@code i} has. */
    public long length(int i) {
        return start(i + 1) - start(i);
    }

    private long start(int i) {
        if (i == count) {
            return peerLength == 0 ? bytes.length() : peerOffset;
        }
        return Memory.getLong(index.address() + (long) i * INDEX_ENTRY);
    }

    /** Whether the unit is a transaction, whose commands must be applied together. */
    public boolean isTransaction() {
        return transaction;
    }

    /** Whether peers are told something else than plain replicas. */
    public boolean hasPeerBytes() {
        return peerLength > 0;
    }

    /** Where that is: commands in RESP, all for the database of the first one. */
    public long peerAddress() {
        return bytes.address() + peerOffset;
    }

    public long peerLength() {
        return peerLength;
    }

    /**
     * Makes the unit a delta for peers: its commands hold for a key whose state has that stamp and
     * is of this node.
     */
    void basedOn(Key key, long stamp) {
        long commands = bytes.length();
        peerOffset = commands;
        header('*', 3);
        last(BASE);
        header('$', key.length());
        bytes.append(key.address(), key.length());
        bytes.append(CRLF);
        header('$', DecimalText.length(stamp));
        decimal(stamp);
        bytes.append(CRLF);
        long copy = bytes.reserve(commands);
        Memory.copy(bytes.address(), copy, commands);
        peerLength = bytes.length() - peerOffset;
    }

    private void last(byte[] word) {
        header('$', word.length);
        bytes.append(word);
        bytes.append(CRLF);
    }

    /** Where the name of command {@code i} is. */
    long nameAddress(int i) {
        return afterLine(afterLine(address(i)));
    }

    int nameLength(int i) {
        long from = nameAddress(i);
        return (int) (afterLine(from) - CRLF.length - from);
    }

    private static long afterLine(long from) {
        long at = from;
        while (Memory.getByte(at) != '\n') {
            at++;
        }
        return at + 1;
    }

    /** Gives the memory back; good for nothing afterwards. */
    void release() {
        bytes.close();
        index.close();
    }

    /** Begins a command of {@code argumentCount} arguments, in place of the request. */
    public Effects command(int database, int argumentCount) {
        explicit = true;
        if (recording) {
            index.appendLong(bytes.length());
            index.appendInt(database);
            count++;
            header('*', argumentCount);
        }
        return this;
    }

    /** The next argument. */
    public Effects argument(byte[] argument) {
        if (recording) {
            header('$', argument.length);
            bytes.append(argument);
            bytes.append(CRLF);
        }
        return this;
    }

    /** The next argument. */
    public Effects argument(long address, long length) {
        if (recording) {
            header('$', length);
            bytes.append(address, length);
            bytes.append(CRLF);
        }
        return this;
    }

    /** The next argument, in decimal. */
    public Effects argument(long value) {
        if (recording) {
            header('$', DecimalText.length(value));
            decimal(value);
            bytes.append(CRLF);
        }
        return this;
    }

    /** The running command leaves its request although it changes no key. */
    public void force() {
        forced = true;
        forcedAny = true;
    }

    /**
     * The next argument, whose bytes the caller writes at once to the address returned; 0 when
     * nothing is recorded.
     */
    public long reserveArgument(int length) {
        if (!recording) {
            return 0;
        }
        header('$', length);
        long at = bytes.reserve(length + CRLF.length);
        Memory.copyIn(CRLF, 0, at + length, CRLF.length);
        return at;
    }

    /**
     * The running command leaves the state in which its key is in the end, in place of the request:
     * for values that not everybody knows who follows.
     */
    public void state(Key key) {
        stateKey = key;
    }

    /** The key whose state the running command leaves, or null. */
    @Nullable Key stateKey() {
        return stateKey;
    }

    /** The running command leaves nothing although it changed something. */
    public void none() {
        explicit = true;
    }

    /** Ready for a new unit. */
    void beginUnit(boolean record) {
        if (bytes.capacity() > KEPT_BYTES) {
            release();
        }
        bytes.clear();
        index.clear();
        count = 0;
        recording = record;
        explicit = false;
        forced = false;
        forcedAny = false;
        transaction = false;
        peerLength = 0;
    }

    /** Whether anything is written down. */
    boolean isRecording() {
        return recording;
    }

    /** Says whether anything is written down; before the first command of the unit. */
    void recording(boolean yes) {
        recording = yes;
    }

    /** Ready for the next command of the unit. */
    void beginCommand() {
        explicit = false;
        stateKey = null;
        forced = false;
    }

    /** Whether the running command leaves its request although it changes no key. */
    boolean isForced() {
        return forced;
    }

    /** Whether any command of the unit does. */
    boolean isAnyForced() {
        return forcedAny;
    }

    boolean isExplicit() {
        return explicit;
    }

    void transaction(boolean yes) {
        transaction = yes;
    }

    /** Drops everything and records from now on, whatever was said before. */
    void restart() {
        beginUnit(true);
    }

    void verbatim(int database, Request request) {
        command(database, request.count());
        if (recording && request.encodedLength() > 0) {
            bytes.truncate(start(count - 1));
            bytes.append(request.encodedAddress(), request.encodedLength());
            return;
        }
        for (int i = 0; i < request.count(); i++) {
            argument(request.address(i), request.length(i));
        }
    }

    private void header(char type, long number) {
        bytes.appendByte((byte) type);
        decimal(number);
        bytes.append(CRLF);
    }

    private void decimal(long value) {
        DecimalText.write(bytes.reserve(DecimalText.length(value)), value);
    }
}
