package io.keydb.server.support;

import java.util.Arrays;

/**
 * Compresses strings to {@link Lzf}, one after the other.
 *
 * <p>A hash table remembers where three bytes were last seen. It grows with the strings and is not
 * cleared between them: a place is counted from the first byte that was ever compressed, so what
 * lies before the present string tells by itself that it is old.
 *
 * <p>Threads: confined to who compresses.
 */
public final class LzfCompressor {
    private static final int FEWEST_BITS = 8;
    private static final int MOST_BITS = 14;

    private int[] heads = new int[1 << FEWEST_BITS];
    private int shift = Integer.SIZE - FEWEST_BITS;

    /** The place of the first byte of the present string, counted from 1. */
    private int base = 1;

    private int behind = 1;

    /**
     * Compresses the first {@code length} bytes of {@code in} into the first {@code room} bytes of
     * {@code out}.
     *
     * @return the compressed length, or 0 when it would be more than there is room for
     */
    public int compress(byte[] in, int length, byte[] out, int room) {
        begin(length);
        int at = 0;
        int literals = 0;
        int to = 0;
        while (at < length) {
            int match = at + 2 < length ? matchAt(in, at) : -1;
            if (match < 0) {
                at++;
                literals++;
                if (literals == Lzf.LONGEST_LITERAL) {
                    to = literal(in, at - literals, literals, out, to, room);
                    literals = 0;
                }
            } else {
                to = literal(in, at - literals, literals, out, to, room);
                literals = 0;
                int matched = matchLength(in, match, at, length);
                to = copyOf(at - match - 1, matched - 2, out, to, room);
                at += matched;
            }
            if (to < 0) {
                return 0;
            }
        }
        return Math.max(0, literal(in, at - literals, literals, out, to, room));
    }

    private void begin(int length) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(length);
        bits = Math.clamp(bits, FEWEST_BITS, MOST_BITS);
        if (1 << bits > heads.length) {
            heads = new int[1 << bits];
            shift = Integer.SIZE - bits;
            behind = 1;
        } else if (behind > Integer.MAX_VALUE - length) {
            Arrays.fill(heads, 0);
            behind = 1;
        }
        base = behind;
        behind += length;
    }

    /** Where the same three bytes were last seen, or -1; remembers where they are now. */
    private int matchAt(byte[] in, int at) {
        int three = (in[at] & 0xff) << 16 | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff);
        int slot = (three * 0x9E3779B1) >>> shift;
        int candidate = heads[slot] - base;
        heads[slot] = base + at;
        boolean matches =
                candidate >= 0
                        && at - candidate <= Lzf.FARTHEST
                        && in[candidate] == in[at]
                        && in[candidate + 1] == in[at + 1]
                        && in[candidate + 2] == in[at + 2];
        return matches ? candidate : -1;
    }

    private static int matchLength(byte[] in, int match, int at, int length) {
        int most = Math.min(Lzf.LONGEST_MATCH, length - at);
        int matched = 3;
        while (matched < most && in[match + matched] == in[at + matched]) {
            matched++;
        }
        return matched;
    }

    private static int literal(byte[] in, int from, int count, byte[] out, int to, int room) {
        if (count == 0 || to < 0) {
            return to;
        }
        if (to + 1 + count > room) {
            return -1;
        }
        out[to] = (byte) (count - 1);
        System.arraycopy(in, from, out, to + 1, count);
        return to + 1 + count;
    }

    private static int copyOf(int offset, int code, byte[] out, int to, int room) {
        if (to < 0 || to + 3 > room) {
            return -1;
        }
        int end = to;
        if (code < 7) {
            out[end++] = (byte) (code << 5 | offset >>> 8);
        } else {
            out[end++] = (byte) (7 << 5 | offset >>> 8);
            out[end++] = (byte) (code - 7);
        }
        out[end++] = (byte) offset;
        return end;
    }
}
