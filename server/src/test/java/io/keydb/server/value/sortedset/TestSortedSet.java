package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A sorted set with its memory, addressed by Java strings; checks for leaks at the end. */
final class TestSortedSet implements Holder, AutoCloseable {
    private static final int SCRATCH_BYTES = 4096;

    final Pages pages = new Pages();
    final Allocator allocator = new Allocator(pages, true);
    private final EncodingLimits limits = new EncodingLimits();
    private final long scratch = allocator.allocate(SCRATCH_BYTES);
    private long record;

    long find(String member) {
        return SortedSet.find(record, scratch, write(member));
    }

    /** The score; null when the member is not there. */
    @Nullable Double score(String member) {
        long place = find(member);
        return place == 0 ? null : (Double) SortedSet.score(record, place);
    }

    long rank(String member) {
        return SortedSet.rank(record, find(member));
    }

    void put(String member, double score) {
        long place = find(member);
        int length = write(member);
        if (place == 0) {
            SortedSet.insert(this, scratch, length, score);
        } else {
            SortedSet.update(this, place, scratch, length, score);
        }
    }

    void remove(String member) {
        SortedSet.remove(this, find(member));
        freeWhenEmpty();
    }

    void removeRange(long position, long count) {
        SortedSet.removeRange(this, position, count);
        freeWhenEmpty();
    }

    private void freeWhenEmpty() {
        if (SortedSet.size(record) == 0) {
            Values.free(allocator, record);
            record = 0;
        }
    }

    long countBeforeText(String text, boolean behind) {
        return SortedSet.countBefore(record, new Bound().setText(scratch, write(text), behind));
    }

    private int write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copyIn(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }

    static String text(SortedSetCursor cursor) {
        Element member = cursor.member();
        return member.isInteger()
                ? Long.toString(member.integer())
                : new String(
                        Memory.bytes(member.address(), member.length()),
                        StandardCharsets.ISO_8859_1);
    }

    /** The memory of the set, its record included. */
    long bytes() {
        return allocator.allocatedBytes() - Allocator.cellSize(SCRATCH_BYTES);
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
        Record.setMembersExpire(record, expire);
    }

    @Override
    public void beforeChange() {}

    @Override
    public void close() {
        if (record != 0) {
            while (Values.free(allocator, record, 500) <= 0) {
                allocator.checkCanaries();
            }
        }
        allocator.checkCanaries();
        allocator.free(scratch, SCRATCH_BYTES);
        long leaked = allocator.allocatedBytes();
        allocator.close();
        pages.close();
        if (leaked != 0) {
            throw new AssertionError(leaked + " bytes leaked");
        }
    }
}
