package io.keydb.server.value.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.ValueDirectives;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list with its memory, driven by Java strings; checks for leaks at the end. */
final class TestList implements Holder, AutoCloseable {
    private static final int SCRATCH_BYTES = 1 << 17;

    final Pages pages = new Pages();
    final Allocator allocator;
    final ListWriter writer = new ListWriter().on(this);
    private final EncodingLimits limits = new EncodingLimits();
    private final long scratch;
    private long record;

    TestList(int maxListpackSize) {
        this(maxListpackSize, true);
    }

    TestList(int maxListpackSize, boolean debug) {
        allocator = new Allocator(pages, debug);
        scratch = allocator.allocate(SCRATCH_BYTES);
        Configuration configuration = new Configuration(Directives.of(ValueDirectives.ALL));
        configuration.put(ValueDirectives.LIST_MAX_LISTPACK_SIZE, (long) maxListpackSize);
        limits.follow(configuration);
    }

    /** Puts text where the list can read it, and from there on; gives its length. */
    int write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copyIn(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }

    void push(boolean front, String element) {
        int length = write(element);
        writer.expect(1, length);
        writer.push(front, scratch, length);
    }

    void replace(long position, String element) {
        writer.expect(1, element.length());
        writer.replace(position, scratch, write(element));
        writer.shrunk();
    }

    boolean insert(String pivot, boolean behind, String element) {
        int pivotLength = write(pivot);
        byte[] bytes = element.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copyIn(bytes, 0, scratch + pivotLength, bytes.length);
        boolean found =
                writer.insert(scratch, pivotLength, behind, scratch + pivotLength, bytes.length);
        writer.expect(0, 0);
        return found;
    }

    void removeRange(long start, long count) {
        writer.removeRange(start, count);
        writer.shrunk();
    }

    void pop(boolean front) {
        writer.pop(front);
        writer.shrunk();
    }

    void rotate(boolean fromFront) {
        ListCursor cursor = ListCursor.ofThread();
        cursor.goToEnd(record, fromFront);
        writer.rotate(fromFront, new Element().setEntry(cursor.entry()));
    }

    long removeMatching(String element, long most, boolean fromEnd) {
        long removed = writer.removeMatching(scratch, write(element), most, fromEnd);
        writer.shrunk();
        return removed;
    }

    List<String> elements() {
        List<String> elements = new ArrayList<>();
        ListCursor cursor = new ListCursor();
        for (boolean any = cursor.goTo(record, 0); any; any = cursor.next()) {
            elements.add(text(cursor));
        }
        return elements;
    }

    List<String> reversed() {
        List<String> elements = new ArrayList<>();
        ListCursor cursor = new ListCursor();
        for (boolean any = cursor.goToEnd(record, false); any; any = cursor.previous()) {
            elements.add(text(cursor));
        }
        return elements;
    }

    /** The element at a position, or null. */
    @Nullable String at(long position) {
        ListCursor cursor = ListCursor.ofThread();
        return cursor.goTo(record, position) ? text(cursor) : null;
    }

    private String text(ListCursor cursor) {
        Element element = new Element().setEntry(cursor.entry());
        long end = element.copyTo(scratch);
        String text =
                new String(
                        Memory.bytes(scratch, (int) (end - scratch)), StandardCharsets.ISO_8859_1);
        write(text);
        assertThat(new SoughtText().set(scratch, text.length()).is(cursor.entry())).isTrue();
        return text;
    }

    String encoding() {
        return Values.encodingName(record);
    }

    /** The memory of the list, its record included. */
    long bytes() {
        return allocator.allocatedBytes() - Allocator.cellSize(SCRATCH_BYTES);
    }

    void check() {
        writer.checkInvariants();
        allocator.checkCanaries();
        assertThat(Values.memoryUsage(record)).isEqualTo(bytes());
    }

    /** Frees the list and takes a copy of it in its place. */
    void becomeCopy() {
        long old = record;
        create(Record.LIST, Record.encoding(old), Record.valueLength(old));
        Values.copy(allocator, old, record);
        Values.free(allocator, old);
    }

    @Override
    public long record() {
        return record;
    }

    @Override
    public Allocator allocator() {
        return allocator;
    }

    @Override
    public EncodingLimits limits() {
        return limits;
    }

    @Override
    public long create(int type, int encoding, long inlineBytes) {
        int shape = Record.shape(type, encoding, false, false, true);
        record = Record.create(allocator, shape, scratch, 3, inlineBytes);
        return record;
    }

    @Override
    public long resize(int encoding, long inlineBytes) {
        long old = record;
        create(Record.type(old), encoding, inlineBytes);
        long kept = Math.min(Record.valueLength(old), Record.valueLength(record));
        Memory.copy(Record.valueAddress(old), Record.valueAddress(record), kept);
        allocator.free(old, Record.sizeOf(old));
        return record;
    }

    @Override
    public void membersExpire(boolean expire) {
        throw new UnsupportedOperationException("elements of lists do not expire");
    }

    @Override
    public void beforeChange() {}

    @Override
    public void close() {
        if (record != 0) {
            while (Values.free(allocator, record, 100) <= 0) {
                allocator.checkCanaries();
            }
        }
        allocator.checkCanaries();
        allocator.free(scratch, SCRATCH_BYTES);
        long leaked = allocator.allocatedBytes();
        allocator.close();
        pages.close();
        assertThat(leaked).as("bytes still allocated").isZero();
    }
}
