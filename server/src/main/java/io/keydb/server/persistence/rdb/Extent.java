package io.keydb.server.persistence.rdb;

/**
 * Finds the end of a value whose bytes are still arriving. Every byte is looked at once, however
 * often it has to wait for more; contents of strings are passed over.
 *
 * <p>What a value consists of is said by a form, see {@link RdbFormat#form}. Loops are kept on a
 * stack, so a form may have loops within loops:
 *
 * <pre>
 *   ( S S ) L L L ( S L L ( A B L ) ( S B ( A ) ) )
 *                             ^ here; stack: group 2 of 5, pending entry 7 of 9
 * </pre>
 *
 * <p>Threads: confined to the reader.
 */
final class Extent {
    private static final int DEEPEST = 4;

    private final int longestString;
    private final long[] left = new long[DEEPEST];
    private final int[] begin = new int[DEEPEST];
    private String form = "";
    private int at;
    private int depth;
    private long position;
    private boolean active;

    Extent(int longestString) {
        this.longestString = longestString;
    }

    /** Whether a value is being measured. */
    boolean isActive() {
        return active;
    }

    /** Begins a value of that form at a position of the cursor. */
    void begin(String newForm, long newPosition) {
        form = newForm;
        position = newPosition;
        at = 0;
        depth = 0;
        active = true;
    }

    /** Goes on as far as there are bytes; true when the cursor is at the end of the value. */
    boolean advance(RdbCursor in) throws RdbException {
        in.position(position);
        while (at < form.length()) {
            if (!item(in)) {
                return false;
            }
            position = in.position();
        }
        return true;
    }

    /** The value has been taken; the next one may begin. */
    void end() {
        active = false;
    }

    /** Keeps its place when bytes in front of the value were dropped. */
    void dropped(long bytes) {
        position -= bytes;
    }

    private boolean item(RdbCursor in) throws RdbException {
        switch (form.charAt(at)) {
            case 'S' -> string(in);
            case 'L' -> in.length();
            case 'A' -> in.skip(16);
            case 'B' -> in.skip(8);
            case 'D' -> textNumber(in);
            case 'M' -> {
                return moduleItem(in);
            }
            case '(' -> {
                return open(in);
            }
            case ')' -> {
                close();
                return true;
            }
            default -> throw new IllegalStateException(form);
        }
        at++;
        if (!in.isWhole()) {
            at--;
            return false;
        }
        return true;
    }

    /** One of a module's items: only the end leads on. */
    private boolean moduleItem(RdbCursor in) throws RdbException {
        long kind = in.length();
        if (!in.isWhole()) {
            return false;
        }
        switch ((int) kind) {
            case RdbFormat.MODULE_END -> at++;
            case RdbFormat.MODULE_SIGNED, RdbFormat.MODULE_UNSIGNED -> in.length();
            case RdbFormat.MODULE_FLOAT -> in.skip(4);
            case RdbFormat.MODULE_DOUBLE -> in.skip(8);
            case RdbFormat.MODULE_STRING -> string(in);
            default -> throw new RdbException("a damaged value of a module");
        }
        return in.isWhole();
    }

    private boolean open(RdbCursor in) throws RdbException {
        long count = in.length();
        if (!in.isWhole()) {
            return false;
        }
        if (count < 0) {
            throw new RdbException("a count beyond any limit");
        }
        if (count == 0) {
            at = closing(at) + 1;
        } else {
            at++;
            begin[depth] = at;
            left[depth++] = count;
        }
        return true;
    }

    private void close() {
        if (--left[depth - 1] > 0) {
            at = begin[depth - 1];
        } else {
            depth--;
            at++;
        }
    }

    private int closing(int open) {
        int nested = 0;
        int i = open;
        do {
            nested += form.charAt(i) == '(' ? 1 : form.charAt(i) == ')' ? -1 : 0;
            i++;
        } while (nested > 0);
        return i - 1;
    }

    private void string(RdbCursor in) throws RdbException {
        if (!in.has(1)) {
            return;
        }
        if (in.peek() >>> 6 != RdbFormat.ENCODED) {
            in.skip(limited(in.length()));
            return;
        }
        switch (in.next() & 63) {
            case RdbFormat.ENCODED_INT8 -> in.skip(1);
            case RdbFormat.ENCODED_INT16 -> in.skip(2);
            case RdbFormat.ENCODED_INT32 -> in.skip(4);
            case RdbFormat.ENCODED_LZF -> {
                long packed = limited(in.length());
                if (in.isWhole()) {
                    limited(in.length());
                    in.skip(packed);
                }
            }
            default -> throw new RdbException("unknown RDB string encoding");
        }
    }

    private static void textNumber(RdbCursor in) {
        if (in.has(1)) {
            int length = in.next();
            if (length < RdbFormat.LEAST_SPECIAL_NUMBER) {
                in.skip(length);
            }
        }
    }

    private long limited(long length) throws RdbException {
        if (length < 0 || length > longestString) {
            throw new RdbException("a string of " + Long.toUnsignedString(length) + " bytes");
        }
        return length;
    }
}
