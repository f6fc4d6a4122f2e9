package io.keydb.server.support;

/**
 * LZF, the compression of long strings in RDB files.
 *
 * <pre>
 *   000LLLLL  L+1 literal bytes follow
 *   LLLooooo oooooooo            copy L+2 bytes from o+1 bytes back, L in 1..6
 *   111ooooo LLLLLLLL oooooooo   copy L+9 bytes from o+1 bytes back
 * </pre>
 *
 * <p>Threads: stateless.
 */
public final class Lzf {
    private static final int HASH_BITS = 14;
    private static final int LONGEST_LITERAL = 32;
    private static final int LONGEST_MATCH = 264;
    private static final int FARTHEST = 8192;

    private Lzf() {}

    /**
     * Compresses {@code length} bytes of {@code in} into {@code out}.
     *
     * @return the compressed length, or 0 when it would exceed the room in {@code out}
     */
    public static int compress(byte[] in, int length, byte[] out) {
        int[] heads = new int[1 << HASH_BITS];
        int at = 0;
        int literals = 0;
        int to = 0;
        while (at < length) {
            int match = at + 2 < length ? matchAt(in, at, heads) : -1;
            if (match < 0) {
                at++;
                literals++;
                if (literals == LONGEST_LITERAL) {
                    to = literal(in, at - literals, literals, out, to);
                    literals = 0;
                }
            } else {
                to = literal(in, at - literals, literals, out, to);
                literals = 0;
                int matched = matchLength(in, match, at, length);
                to = copyOf(at - match - 1, matched - 2, out, to);
                at += matched;
            }
            if (to < 0) {
                return 0;
            }
        }
        return Math.max(0, literal(in, at - literals, literals, out, to));
    }

    /** Where the same three bytes were last seen, or -1; remembers where they are now. */
    private static int matchAt(byte[] in, int at, int[] heads) {
        int three = (in[at] & 0xff) << 16 | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff);
        int slot = (three * 0x9E3779B1) >>> (32 - HASH_BITS);
        int candidate = heads[slot] - 1;
        heads[slot] = at + 1;
        boolean matches =
                candidate >= 0
                        && at - candidate <= FARTHEST
                        && in[candidate] == in[at]
                        && in[candidate + 1] == in[at + 1]
                        && in[candidate + 2] == in[at + 2];
        return matches ? candidate : -1;
    }

    private static int matchLength(byte[] in, int match, int at, int length) {
        int most = Math.min(LONGEST_MATCH, length - at);
        int matched = 3;
        while (matched < most && in[match + matched] == in[at + matched]) {
            matched++;
        }
        return matched;
    }

    private static int literal(byte[] in, int from, int count, byte[] out, int to) {
        if (count == 0 || to < 0) {
            return to;
        }
        if (to + 1 + count > out.length) {
            return -1;
        }
        out[to] = (byte) (count - 1);
        System.arraycopy(in, from, out, to + 1, count);
        return to + 1 + count;
    }

    private static int copyOf(int offset, int code, byte[] out, int to) {
        if (to < 0 || to + 3 > out.length) {
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

    /**
     * Restores what {@link #compress} made; {@code out} must have exactly the original length.
     *
     * @return false when the input is damaged
     */
    public static boolean decompress(byte[] in, byte[] out) {
        int at = 0;
        int to = 0;
        while (at < in.length) {
            int control = in[at++] & 0xff;
            int count;
            if (control < LONGEST_LITERAL) {
                count = control + 1;
                if (at + count > in.length || to + count > out.length) {
                    return false;
                }
                System.arraycopy(in, at, out, to, count);
                at += count;
            } else {
                count = (control >>> 5) + 2;
                if (count == 9 && at < in.length) {
                    count += in[at++] & 0xff;
                }
                if (at >= in.length) {
                    return false;
                }
                int from = to - ((control & 31) << 8 | (in[at++] & 0xff)) - 1;
                if (from < 0 || to + count > out.length) {
                    return false;
                }
                // Byte by byte: source and target overlap when a short pattern repeats.
                for (int i = 0; i < count; i++) {
                    out[to + i] = out[from + i];
                }
            }
            to += count;
        }
        return to == out.length;
    }
}
