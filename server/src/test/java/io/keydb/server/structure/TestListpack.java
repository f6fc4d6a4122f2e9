package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A listpack driven by strings, in a cell that never has a byte more than it needs, so that the
 * canary behind it sees each byte too many.
 */
final class TestListpack implements AutoCloseable {

    private static final int SCRATCH_BYTES = 1 << 17;

    private final Pages pages = new Pages();
    private final Allocator allocator = new Allocator(pages, true);
    private final long scratch = allocator.allocate(SCRATCH_BYTES);
    private int room = Listpack.EMPTY_BYTES;
    long lp = allocator.allocate(room);

    TestListpack(String... elements) {
        Listpack.initialise(lp);
        for (String element : elements) {
            append(element);
        }
    }

    /** Puts text where the listpack can read it. */
    long offHeap(byte[] bytes) {
        Memory.copyIn(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    /** A cell for a listpack of another size; the content moves. */
    void resize(int bytes) {
        long next = allocator.allocate(bytes);
        Memory.copy(lp, next, Math.min(room, bytes));
        allocator.free(lp, room);
        lp = next;
        room = bytes;
    }

    void append(String element) {
        insert(Listpack.count(lp), element);
    }

    /** Inserts before the entry at a position. */
    void insert(int index, String element) {
        byte[] bytes = bytes(element);
        resize(room + sizeOf(element));
        long at = Listpack.at(lp, index);
        long e = Listpack.insert(lp, at, offHeap(bytes), bytes.length);
        assertThat(sameAs(e, element)).isTrue();
        assertThat(Listpack.bytes(lp)).isEqualTo(room);
    }

    void replace(int index, String element) {
        byte[] bytes = bytes(element);
        int old = Listpack.entryBytes(Listpack.at(lp, index));
        int size = room + sizeOf(element) - old;
        resize(Math.max(size, room));
        Listpack.replace(lp, Listpack.at(lp, index), offHeap(bytes), bytes.length);
        assertThat(Listpack.bytes(lp)).isEqualTo(size);
        resize(size);
    }

    void remove(int index, int entries) {
        Listpack.remove(lp, Listpack.at(lp, index), entries);
        resize(Listpack.bytes(lp));
    }

    long find(String element, int skip) {
        byte[] bytes = bytes(element);
        return Listpack.find(lp, Listpack.first(lp), offHeap(bytes), bytes.length, skip);
    }

    int sizeOf(String element) {
        byte[] bytes = bytes(element);
        return Listpack.sizeOf(offHeap(bytes), bytes.length);
    }

    boolean sameAs(long e, String element) {
        byte[] bytes = bytes(element);
        return Listpack.sameAs(e, offHeap(bytes), bytes.length);
    }

    byte[] content() {
        return Memory.bytes(lp, Listpack.bytes(lp));
    }

    List<String> elements() {
        List<String> elements = new ArrayList<>();
        for (long e = Listpack.first(lp); e != 0; e = Listpack.next(lp, e)) {
            elements.add(text(e));
        }
        return elements;
    }

    List<String> reversed() {
        List<String> elements = new ArrayList<>();
        for (long e = Listpack.last(lp); e != 0; e = Listpack.previous(lp, e)) {
            elements.add(text(e));
        }
        return elements;
    }

    static String text(long e) {
        String text =
                Listpack.isInteger(e)
                        ? Long.toString(Listpack.integer(e))
                        : new String(
                                Memory.bytes(Listpack.textAddress(e), Listpack.textLength(e)),
                                StandardCharsets.ISO_8859_1);
        assertThat(Listpack.length(e)).isEqualTo(text.length());
        return text;
    }

    static byte[] bytes(String element) {
        return element.getBytes(StandardCharsets.ISO_8859_1);
    }

    void check() {
        assertThat(Listpack.isValid(lp, room)).isTrue();
        allocator.checkCanaries();
    }

    @Override
    public void close() {
        allocator.checkCanaries();
        allocator.free(lp, room);
        allocator.free(scratch, SCRATCH_BYTES);
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
        pages.close();
    }
}
