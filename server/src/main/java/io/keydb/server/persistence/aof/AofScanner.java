package io.keydb.server.persistence.aof;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds the commands of a file in the form of an increment, one after the other, with the offset of
 * each.
 *
 * <pre>
 *   #TS:1700000000 CR LF                      an annotation
 *   *2 CR LF $6 CR LF SELECT CR LF $1 ...     a command
 * </pre>
 *
 * <p>A piece of the file is in memory at a time; a command as a whole.
 *
 * <p>Threads: confined to one thread.
 */
public final class AofScanner implements AutoCloseable {
    private static final int PIECE = 128 * 1024;

    /** A line that is longer is no header of a command or an argument. */
    private static final int LONGEST_LINE = 1024;

    private static final long INCOMPLETE = -1;

    private final InputStream in;
    private final byte[] piece = new byte[PIECE];
    private OffHeapBuffer window;
    private OffHeapBuffer spare;

    /** Offset in the file of the first byte of the window. */
    private long windowOffset;

    /** Where, in the window, what was found last begins and ends. */
    private long begin;

    private long end;

    /** What is next in the file. */
    enum Found {
        COMMAND,
        ANNOTATION,
        /** The file ends here, behind a complete command. */
        END,
        /** The file ends within a command. */
        TRUNCATED
    }

    /** The file is damaged; the message says how, {@link #offset} where. */
    public static final class FormatException extends Exception {
        private static final long serialVersionUID = 1;

        public FormatException(String message) {
            super(message);
        }
    }

    /**
     * @param offset where in the file the stream begins
     */
    AofScanner(InputStream in, long offset, Pages pages) {
        this.in = in;
        this.windowOffset = offset;
        this.window = new OffHeapBuffer(pages);
        this.spare = new OffHeapBuffer(pages);
    }

    /** Offset in the file of what was found last, or of the damage. */
    long offset() {
        return windowOffset + begin;
    }

    /** Offset in the file of the byte behind what was found last. */
    long endOffset() {
        return windowOffset + end;
    }

    /** Where the bytes of what was found last are. */
    long address() {
        return window.address() + begin;
    }

    int length() {
        return Math.toIntExact(end - begin);
    }

    /** What was found last, as text. */
    String text() {
        return new String(Memory.bytes(address(), length()), StandardCharsets.ISO_8859_1);
    }

    /** Goes on. */
    Found next() throws IOException, FormatException {
        begin = end;
        long wanted = PIECE;
        while (true) {
            long length = begin == window.length() ? INCOMPLETE : measure();
            if (length != INCOMPLETE) {
                end = begin + length;
                return Memory.getByte(address()) == '#' ? Found.ANNOTATION : Found.COMMAND;
            }
            if (!fill(wanted)) {
                end = begin;
                return begin == window.length() ? Found.END : Found.TRUNCATED;
            }
            wanted = Math.min(window.length(), Integer.MAX_VALUE / 2);
        }
    }

    /** Bytes of what begins here, or {@link #INCOMPLETE}. */
    private long measure() throws FormatException {
        long first = window.address() + begin;
        long last = window.address() + window.length();
        long at = afterLine(first, last);
        int kind = Memory.getByte(first);
        if (kind != '#' && kind != '*') {
            throw new FormatException("expected '*' but there is " + printable(kind));
        }
        if (at == INCOMPLETE) {
            return INCOMPLETE;
        }
        if (kind == '#') {
            return at - first;
        }
        long count = number(first + 1, at);
        if (count < 1) {
            throw new FormatException("a command of " + count + " arguments");
        }
        for (long i = 0; i < count; i++) {
            if (at >= last) {
                return INCOMPLETE;
            }
            if (Memory.getByte(at) != '$') {
                throw new FormatException(
                        "expected '$' but there is " + printable(Memory.getByte(at)));
            }
            long line = at;
            at = afterLine(line, last);
            if (at == INCOMPLETE) {
                return INCOMPLETE;
            }
            long length = number(line + 1, at);
            if (length < 0 || length > Integer.MAX_VALUE / 2) {
                throw new FormatException("an argument of " + length + " bytes");
            }
            at += length + 2;
            if (at > last) {
                return INCOMPLETE;
            }
            if (Memory.getShort(at - 2) != CRLF) {
                throw new FormatException("an argument does not end with CR LF");
            }
        }
        return at - first;
    }

    private static final short CRLF = '\r' | '\n' << 8;

    private static long afterLine(long from, long last) throws FormatException {
        for (long at = from; at < last; at++) {
            if (Memory.getByte(at) == '\n') {
                return at + 1;
            }
            if (at - from > LONGEST_LINE) {
                throw new FormatException("a line that does not end");
            }
        }
        return INCOMPLETE;
    }

    private static long number(long from, long lineEnd) throws FormatException {
        long value = 0;
        long at = from;
        while (Memory.getByte(at) >= '0' && Memory.getByte(at) <= '9' && at - from < 18) {
            value = value * 10 + Memory.getByte(at) - '0';
            at++;
        }
        if (at == from || Memory.getByte(at) != '\r' || at + 2 != lineEnd) {
            throw new FormatException("a number that is none");
        }
        return value;
    }

    private static String printable(int character) {
        return character > ' ' && character < 127
                ? "'" + (char) character + "'"
                : String.format("\\x%02x", character & 0xff);
    }

    /** Reads more; drops what was found before. False at the end of the file. */
    private boolean fill(long wanted) throws IOException {
        if (begin > 0) {
            spare.clear();
            spare.append(window.address() + begin, window.length() - begin);
            OffHeapBuffer old = window;
            window = spare;
            spare = old;
            spare.close();
            windowOffset += begin;
            begin = 0;
            end = 0;
        }
        long read = 0;
        while (read < wanted) {
            int length = in.read(piece);
            if (length <= 0) {
                return read > 0;
            }
            window.append(piece, 0, length);
            read += length;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        window.close();
        spare.close();
        in.close();
    }
}
