package io.keydb.server.resp;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * Finds requests in a stream of bytes: RESP arrays of bulk strings, and inline requests as a person
 * types them. Nothing is copied, the arguments of {@link #request()} point into the caller's bytes.
 *
 * <p>The caller keeps the bytes from the first byte of an incomplete request on, adds what arrives,
 * and calls {@link #next} again with the new range, which may have moved. Work done is remembered:
 * no byte of an argument is looked at twice.
 *
 * <pre>
 *            '*' count CR LF             count = 0 or less: nothing, next request
 *   START ───────────────────► COUNTED ◄──────────────┐
 *     │                           │ '$' length CR LF   │ bytes CR LF, more to come
 *     │ anything else             ▼                    │
 *     ▼                        MEASURED ───────────────┤
 *   LINE ──── LF ──► COMPLETE                          │ bytes CR LF, the last one
 *                                                      ▼
 *                                                   COMPLETE
 * </pre>
 *
 * <p>What is refused, with which words, and what is not looked at (the LF after a CR, the CR LF
 * after an argument; a NUL byte hides the rest of a line) is as in Redis 7.0: clients rely on the
 * words, and scripts on the leniency.
 *
 * <p>Threads: confined to the connection's event loop.
 */
public final class RequestParser implements AutoCloseable {

    /** What came of {@link #next}. */
    public enum Outcome {
        /** {@link #request()} holds a request; the bytes up to {@link #position()} are used up. */
        COMPLETE,
        /** More bytes are needed; those from {@link #position()} on must be kept. */
        INCOMPLETE,
        /** The stream is broken: {@link #error()} says how. The parser is of no more use. */
        FAILED
    }

    private static final int UNKNOWN = -1;

    private final RequestLimits limits;
    private final Request request = new Request();

    private boolean unauthenticated;
    private boolean trusted;
    private boolean isPeeking;

    /** First byte of the current request. */
    private long start;

    /** Offset from {@link #start} of the next byte to look at. */
    private long offset;

    /** Bytes of an unfinished line, from {@link #offset} on, that are known not to end it. */
    private long searched;

    private int argumentsMissing;
    private long bulkLength = UNKNOWN;
    private boolean canonical;
    private long missing;
    private String error = "";

    public RequestParser(RequestLimits limits) {
        this.limits = limits;
    }

    /** The request found last. */
    public Request request() {
        return request;
    }

    /** While true, the small limits for clients hold that have not yet said who they are. */
    public void unauthenticated(boolean value) {
        unauthenticated = value;
    }

    /** While true, arguments of any length are accepted, as from a primary. */
    public void trusted(boolean value) {
        trusted = value;
    }

    /** Address of the first byte not used up, in terms of the last call of {@link #next}. */
    public long position() {
        return start;
    }

    /**
     * After {@link Outcome#INCOMPLETE}: how many bytes are missing at least, of an argument whose
     * length is known; else 0.
     */
    public long missing() {
        return missing;
    }

    /**
     * After {@link Outcome#FAILED}: the text for the client, beginning with "ERR Protocol error".
     */
    public String error() {
        return error;
    }

    /**
     * Looks for the next request.
     *
     * @param from the first byte not used up; after {@link Outcome#INCOMPLETE} the same byte as
     *     before, wherever it lies now
     * @param end after the last byte
     */
    public Outcome next(long from, long end) {
        if (offset == 0) {
            start = from;
        } else if (from != start) {
            request.moved(from - start);
            start = from;
        }
        while (argumentsMissing == 0) {
            if (start == end) {
                return incomplete(0);
            }
            if (Memory.getByte(start) != '*') {
                if (isPeeking) {
                    return incomplete(1);
                }
                Outcome outcome = inline(end);
                if (outcome != Outcome.COMPLETE || request.count() > 0) {
                    return outcome;
                }
            } else {
                Outcome outcome = header(end);
                if (outcome != Outcome.COMPLETE) {
                    return outcome;
                }
            }
        }
        return arguments(end);
    }

    /**
     * As {@link #next}, for who may decide not to use what it finds: the same bytes can then be
     * given once more. An inline request is left alone, as if it were incomplete, since its words
     * are put together where they lie.
     */
    public Outcome peek(long from, long end) {
        isPeeking = true;
        Outcome outcome = next(from, end);
        isPeeking = false;
        return outcome;
    }

    private Outcome incomplete(long bytes) {
        missing = bytes;
        return Outcome.INCOMPLETE;
    }

    private Outcome failed(String text) {
        error = "ERR Protocol error: " + text;
        return Outcome.FAILED;
    }

    /** The count of arguments: "*3\r\n". */
    private Outcome header(long end) {
        int quick = quickNumber(start + 1, end);
        long count;
        long after;
        if (quick > 0) {
            count = quick;
            after = start + 3 + digits(quick);
        } else {
            long line = findLineEnd(start, end);
            if (line < 0) {
                return unfinishedLine(end, "too big mbulk count string");
            }
            if (!DecimalText.isInteger(start + 1, line - start - 1)) {
                return failed("invalid multibulk length");
            }
            count = DecimalText.parse(start + 1, line - start - 1);
            after = line + 2;
        }
        if (count > Integer.MAX_VALUE) {
            return failed("invalid multibulk length");
        }
        if (count > RequestLimits.UNAUTHENTICATED_ARGUMENTS && unauthenticated) {
            return failed("unauthenticated multibulk length");
        }
        searched = 0;
        if (count <= 0) {
            start = after;
            return Outcome.COMPLETE;
        }
        request.clear();
        canonical = isLineFeed(after - 1);
        offset = after - start;
        argumentsMissing = (int) count;
        return Outcome.COMPLETE;
    }

    private Outcome arguments(long end) {
        long position = start + offset;
        while (true) {
            if (bulkLength == UNKNOWN) {
                int quick =
                        position < end && Memory.getByte(position) == '$'
                                ? quickNumber(position + 1, end)
                                : UNKNOWN;
                if (quick >= 0 && quick <= RequestLimits.UNAUTHENTICATED_BULK_BYTES) {
                    bulkLength = quick;
                    searched = 0;
                    position += 3 + digits(quick);
                } else {
                    offset = position - start;
                    Outcome outcome = bulkHeader(position, end);
                    if (outcome != Outcome.COMPLETE) {
                        return outcome;
                    }
                    position = start + offset;
                }
                canonical &= isLineFeed(position - 1);
            }
            long after = position + bulkLength + 2;
            if (after > end) {
                offset = position - start;
                return incomplete(after - end);
            }
            request.add(position, (int) bulkLength);
            canonical &= Memory.getShort(after - 2) == 0x0A0D;
            bulkLength = UNKNOWN;
            position = after;
            if (--argumentsMissing == 0) {
                break;
            }
        }
        if (canonical) {
            request.encoded(start, position - start);
        }
        start = position;
        offset = 0;
        return Outcome.COMPLETE;
    }

    /** The length of an argument that is not of the usual, short form. */
    private Outcome bulkHeader(long position, long end) {
        long line = findLineEnd(position, end);
        if (line < 0) {
            return unfinishedLine(end, "too big bulk count string");
        }
        byte first = Memory.getByte(position);
        if (first != '$') {
            return failed("expected '$', got '" + shown(first));
        }
        if (!DecimalText.isInteger(position + 1, line - position - 1)) {
            return failed("invalid bulk length");
        }
        long length = DecimalText.parse(position + 1, line - position - 1);
        if (length < 0 || length > greatestBulk()) {
            return failed("invalid bulk length");
        }
        if (length > RequestLimits.UNAUTHENTICATED_BULK_BYTES && unauthenticated) {
            return failed("unauthenticated bulk length");
        }
        searched = 0;
        bulkLength = length;
        offset = line + 2 - start;
        return Outcome.COMPLETE;
    }

    private long greatestBulk() {
        return trusted ? Integer.MAX_VALUE - 64L * 1024 : limits.bulkBytes();
    }

    /** As C prints the character: a NUL ends the text. */
    private static String shown(byte character) {
        return character == 0 ? "" : (char) (character & 0xff) + "'";
    }

    private Outcome inline(long end) {
        long line = find((byte) '\n', start, end);
        if (line < 0) {
            return unfinishedLine(end, "too big inline request");
        }
        long textEnd = line > start && Memory.getByte(line - 1) == '\r' ? line - 1 : line;
        request.clear();
        if (!InlineSplitter.split(start, textEnd, request)) {
            return failed("unbalanced quotes in request");
        }
        searched = 0;
        start = line + 1;
        return Outcome.COMPLETE;
    }

    /** A line whose end has not been seen; it may still come, unless there is too much already. */
    private Outcome unfinishedLine(long end, String tooBig) {
        if (end - (start + offset) > RequestLimits.LINE_BYTES) {
            return failed(tooBig);
        }
        return incomplete(0);
    }

    /**
     * The CR of a line whose LF, or whatever comes in its place, has arrived too; -1 when there is
     * none.
     */
    private long findLineEnd(long from, long end) {
        long found = find((byte) '\r', from, end);
        return found >= 0 && found + 2 <= end ? found : -1;
    }

    /** A NUL ends the search: what follows it is not seen, however much arrives. */
    private long find(byte wanted, long from, long end) {
        long at = from + searched;
        for (; at < end; at++) {
            byte character = Memory.getByte(at);
            if (character == wanted) {
                return at;
            }
            if (character == 0) {
                break;
            }
        }
        searched = at - from;
        return -1;
    }

    private static boolean isLineFeed(long address) {
        return Memory.getByte(address) == '\n';
    }

    /**
     * Reads "N\r" and one more byte, where N has one to five digits and is in its shortest form; -1
     * for anything else.
     */
    private static int quickNumber(long from, long end) {
        if (from + 3 > end) {
            return UNKNOWN;
        }
        int value = Memory.getByte(from) - '0';
        if (value < 0 || value > 9) {
            return UNKNOWN;
        }
        long last = Math.min(end - 2, from + 5);
        for (long at = from + 1; at <= last; at++) {
            int digit = Memory.getByte(at) - '0';
            if (digit == '\r' - '0') {
                return value;
            }
            if (digit < 0 || digit > 9 || value == 0) {
                return UNKNOWN;
            }
            value = value * 10 + digit;
        }
        return UNKNOWN;
    }

    private static int digits(int value) {
        return value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 10000 ? 4 : 5;
    }

    @Override
    public void close() {
        request.close();
    }
}
