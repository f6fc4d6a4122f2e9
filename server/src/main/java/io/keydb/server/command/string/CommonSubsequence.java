package io.keydb.server.command.string;

import io.keydb.server.command.CommandError;
import java.util.ArrayList;
import java.util.List;

/**
 * The longest common subsequence of two byte sequences, by the usual table of lengths of all pairs
 * of prefixes, walked back from its last corner.
 *
 * <p>Threads: confined to one thread.
 */
final class CommonSubsequence {
    /** A run of equal bytes: where it begins in either sequence, and its length. */
    record Match(int inA, int inB, int length) {}

    private final byte[] a;
    private final byte[] b;
    private final int[][] lengths;

    /**
     * @throws CommandError {@code tooLong} when the table would need more than {@code limit} bytes
     */
    CommonSubsequence(byte[] a, byte[] b, long limit, CommandError tooLong) {
        this.a = a;
        this.b = b;
        if ((a.length + 1L) * (b.length + 1L) * Integer.BYTES > limit) {
            throw tooLong;
        }
        lengths = new int[a.length + 1][b.length + 1];
        for (int i = 1; i <= a.length; i++) {
            for (int j = 1; j <= b.length; j++) {
                lengths[i][j] =
                        a[i - 1] == b[j - 1]
                                ? lengths[i - 1][j - 1] + 1
                                : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
            }
        }
    }

    int length() {
        return lengths[a.length][b.length];
    }

    byte[] bytes() {
        byte[] bytes = new byte[length()];
        int at = bytes.length;
        for (Match match : matches()) {
            at -= match.length();
            System.arraycopy(a, match.inA(), bytes, at, match.length());
        }
        return bytes;
    }

    /** The runs of equal bytes, last one first. */
    List<Match> matches() {
        List<Match> matches = new ArrayList<>();
        int i = a.length;
        int j = b.length;
        int run = 0;
        while (i > 0 && j > 0) {
            if (a[i - 1] == b[j - 1]) {
                run++;
                i--;
                j--;
                continue;
            }
            if (run > 0) {
                matches.add(new Match(i, j, run));
                run = 0;
            }
            if (lengths[i - 1][j] > lengths[i][j - 1]) {
                i--;
            } else {
                j--;
            }
        }
        if (run > 0) {
            matches.add(new Match(i, j, run));
        }
        return matches;
    }
}
