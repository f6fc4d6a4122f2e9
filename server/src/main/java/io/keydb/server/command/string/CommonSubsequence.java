package io.keydb.server.command.string;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.util.ArrayList;
import java.util.List;

/**
 * The longest common subsequence of two byte sequences, by the usual table of lengths of all pairs
 * of prefixes, walked back from its last corner.
 *
 * <p>Threads: confined to one thread.
 */
final class CommonSubsequence implements AutoCloseable {
    /** A run of equal bytes: where it begins in either sequence, and its length. */
    record Match(int inA, int inB, int length) {}

    private final byte[] a;
    private final byte[] b;
    private final OffHeapBuffer memory;
    private final long table;

    CommonSubsequence(byte[] a, byte[] b, Pages pages) {
        this.a = a;
        this.b = b;
        memory = new OffHeapBuffer(pages);
        long bytes = tableBytes(a, b);
        table = memory.reserve(bytes);
        Memory.fill(table, bytes, (byte) 0);
        for (int i = 1; i <= a.length; i++) {
            for (int j = 1; j <= b.length; j++) {
                int length =
                        a[i - 1] == b[j - 1]
                                ? at(i - 1, j - 1) + 1
                                : Math.max(at(i - 1, j), at(i, j - 1));
                Memory.putInt(cell(i, j), length);
            }
        }
    }

    /** Bytes the table of two sequences takes, off-heap. */
    static long tableBytes(byte[] a, byte[] b) {
        return (a.length + 1L) * (b.length + 1L) * Integer.BYTES;
    }

    @Override
    public void close() {
        memory.close();
    }

    private long cell(int i, int j) {
        return table + (i * (b.length + 1L) + j) * Integer.BYTES;
    }

    private int at(int i, int j) {
        return Memory.getInt(cell(i, j));
    }

    int length() {
        return at(a.length, b.length);
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
            if (at(i - 1, j) > at(i, j - 1)) {
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
