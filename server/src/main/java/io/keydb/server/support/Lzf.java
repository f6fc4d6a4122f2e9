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
    static final int LONGEST_LITERAL = 32;
    static final int LONGEST_MATCH = 264;
    static final int FARTHEST = 8192;

    private Lzf() {}

    /**
     * Restores what a {@link LzfCompressor} made; {@code out} must have exactly the original
     * length.
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
