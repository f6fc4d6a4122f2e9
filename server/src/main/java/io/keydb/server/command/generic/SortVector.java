package io.keydb.server.command.generic;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.value.Element;

/**
 * The elements that SORT sorts, with what each is sorted by, outside the Java heap: there may be
 * millions.
 *
 * <pre>
 *   entry   0    where the element's bytes begin in the buffer of texts   (8)
 *           8    how many they are                                        (4)
 *           12   how many bytes it is compared by; -1: none               (4)
 *           16   its score, or where the bytes it is compared by begin    (8)
 * </pre>
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class SortVector implements AutoCloseable {
    private static final int TEXT_LENGTH = 8;
    private static final int WEIGHT_LENGTH = 12;
    private static final int WEIGHT = 16;
    private static final int ENTRY = 24;
    private static final int NONE = -1;

    /** How two elements are compared. */
    enum Order {
        /** By score, those of the same score by their bytes. */
        SCORE,
        /** By their bytes. */
        TEXT,
        /** By their bytes up to the first zero, as C compares strings. */
        C_TEXT,
        /** By the bytes of their weights; those without come first. */
        WEIGHT,
        /** The same, up to the first zero. */
        C_WEIGHT
    }

    private final OffHeapBuffer texts;
    private final OffHeapBuffer entries;
    private final OffHeapBuffer spare;
    private Order order = Order.SCORE;
    private boolean descending;

    SortVector(Pages pages) {
        texts = new OffHeapBuffer(pages);
        entries = new OffHeapBuffer(pages);
        spare = new OffHeapBuffer(pages);
    }

    @Override
    public void close() {
        texts.close();
        entries.close();
        spare.close();
    }

    /** Adds an element at the end. */
    void add(Element element) {
        int length = element.length();
        long offset = texts.length();
        element.copyTo(texts.reserve(length));
        long entry = entries.reserve(ENTRY);
        Memory.putLong(entry, offset);
        Memory.putInt(entry + TEXT_LENGTH, length);
        Memory.putInt(entry + WEIGHT_LENGTH, NONE);
        Memory.putLong(entry + WEIGHT, 0);
    }

    long size() {
        return entries.length() / ENTRY;
    }

    /** The bytes of all elements and weights. */
    long textBytes() {
        return texts.length();
    }

    /** Where an element's bytes are; valid until something is added. */
    long address(long index) {
        return text(entry(index));
    }

    int length(long index) {
        return Memory.getInt(entry(index) + TEXT_LENGTH);
    }

    void score(long index, double score) {
        Memory.putDouble(entry(index) + WEIGHT, score);
    }

    /** Says by which bytes an element is compared. */
    void weight(long index, Element weight) {
        int length = weight.length();
        long offset = texts.length();
        weight.copyTo(texts.reserve(length));
        Memory.putInt(entry(index) + WEIGHT_LENGTH, length);
        Memory.putLong(entry(index) + WEIGHT, offset);
    }

    /** Sorts; elements that compare as equal stay in their order. */
    void sort(Order by, boolean backwards) {
        order = by;
        descending = backwards;
        long size = size();
        spare.reserve(size * ENTRY);
        for (long width = 1; width < size; width *= 2) {
            for (long from = 0; from + width < size; from += 2 * width) {
                merge(from, from + width, Math.min(size, from + 2 * width));
            }
        }
    }

    private void merge(long from, long middle, long to) {
        if (compare(entry(middle - 1), entry(middle)) <= 0) {
            return;
        }
        long left = spare.address();
        long leftEnd = left + (middle - from) * ENTRY;
        Memory.copy(entry(from), left, leftEnd - left);
        long right = entry(middle);
        long rightEnd = entry(0) + to * ENTRY;
        long out = entry(from);
        while (left < leftEnd && right < rightEnd) {
            boolean takesLeft = compare(left, right) <= 0;
            Memory.copy(takesLeft ? left : right, out, ENTRY);
            left += takesLeft ? ENTRY : 0;
            right += takesLeft ? 0 : ENTRY;
            out += ENTRY;
        }
        Memory.copy(left, out, leftEnd - left);
    }

    private int compare(long a, long b) {
        int result =
                switch (order) {
                    case SCORE -> {
                        double x = Memory.getDouble(a + WEIGHT);
                        double y = Memory.getDouble(b + WEIGHT);
                        yield x > y ? 1 : x < y ? -1 : compareTexts(a, b, false);
                    }
                    case TEXT -> compareTexts(a, b, false);
                    case C_TEXT -> compareTexts(a, b, true);
                    case WEIGHT -> compareWeights(a, b, false);
                    case C_WEIGHT -> compareWeights(a, b, true);
                };
        return descending ? -result : result;
    }

    private int compareTexts(long a, long b, boolean upToZero) {
        int aLength = Memory.getInt(a + TEXT_LENGTH);
        int bLength = Memory.getInt(b + TEXT_LENGTH);
        return compare(text(a), aLength, text(b), bLength, upToZero);
    }

    private int compareWeights(long a, long b, boolean upToZero) {
        int aLength = Memory.getInt(a + WEIGHT_LENGTH);
        int bLength = Memory.getInt(b + WEIGHT_LENGTH);
        if (aLength == NONE || bLength == NONE) {
            return Boolean.compare(aLength != NONE, bLength != NONE);
        }
        long aAddress = texts.address() + Memory.getLong(a + WEIGHT);
        long bAddress = texts.address() + Memory.getLong(b + WEIGHT);
        return compare(aAddress, aLength, bAddress, bLength, upToZero);
    }

    private static int compare(long a, int aLength, long b, int bLength, boolean upToZero) {
        return upToZero
                ? Memory.compare(a, visible(a, aLength), b, visible(b, bLength))
                : Memory.compare(a, aLength, b, bLength);
    }

    /** The bytes before the first zero. */
    private static long visible(long address, int length) {
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(address + i) == 0) {
                return i;
            }
        }
        return length;
    }

    private long entry(long index) {
        return entries.address() + index * ENTRY;
    }

    private long text(long entry) {
        return texts.address() + Memory.getLong(entry);
    }
}
