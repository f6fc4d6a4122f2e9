package io.keydb.server.value;

import io.keydb.server.structure.Record;
import io.keydb.server.value.hash.HashCursor;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.module.ModuleValue;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetValue;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import io.keydb.server.value.string.StringValue;

/**
 * Shows what a value holds, element by element: for dumps, digests and copies to other nodes.
 *
 * <p>Threads: stateless; the lock of the record's partition is held.
 */
public final class Contents {
    private Contents() {}

    /** Shows the value of a record. */
    public static <E extends Exception> void show(long record, ContentSink<E> sink) throws E {
        switch (Record.type(record)) {
            case Record.STRING -> string(record, sink);
            case Record.CRON ->
                    sink.string(new Element().set(Blob.address(record), (int) Blob.length(record)));
            case Record.LIST -> list(record, sink);
            case Record.SET -> set(record, sink);
            case Record.HASH -> hash(record, sink);
            case Record.SORTED_SET -> sortedSet(record, sink);
            case Record.MODULE -> module(record, sink);
            default -> throw new IllegalArgumentException("no value of " + Record.type(record));
        }
    }

    private static <E extends Exception> void string(long record, ContentSink<E> sink) throws E {
        Element text = new Element();
        if (StringValue.isInteger(record)) {
            text.set(StringValue.integer(record));
        } else {
            text.set(StringValue.address(record), Math.toIntExact(StringValue.length(record)));
        }
        sink.string(text);
    }

    private static <E extends Exception> void module(long record, ContentSink<E> sink) throws E {
        int length = Math.toIntExact(ModuleValue.length(record));
        sink.string(new Element().set(ModuleValue.address(record), length));
    }

    private static <E extends Exception> void list(long record, ContentSink<E> sink) throws E {
        sink.begin(Record.LIST, ListType.sizeOf(record));
        ListCursor cursor = new ListCursor();
        Element element = new Element();
        for (boolean any = cursor.goTo(record, 0); any; any = cursor.next()) {
            sink.element(element.setEntry(cursor.entry()));
        }
    }

    private static <E extends Exception> void set(long record, ContentSink<E> sink) throws E {
        sink.begin(Record.SET, SetValue.size(record));
        SetCursor cursor = new SetCursor(record);
        Element member = cursor.element();
        while (cursor.next()) {
            sink.member(member, expiry(record, member));
        }
    }

    private static <E extends Exception> void hash(long record, ContentSink<E> sink) throws E {
        sink.begin(Record.HASH, HashValue.size(record));
        HashCursor cursor = new HashCursor().begin(record, Long.MIN_VALUE);
        while (cursor.next()) {
            sink.field(cursor.field(), cursor.value(), cursor.expiry());
        }
    }

    private static <E extends Exception> void sortedSet(long record, ContentSink<E> sink) throws E {
        sink.begin(Record.SORTED_SET, SortedSet.size(record));
        SortedSetCursor cursor = new SortedSetCursor();
        for (boolean is = cursor.at(record, 0); is; is = cursor.next()) {
            Element member = cursor.member();
            sink.scored(member, cursor.score(), expiry(record, member));
        }
    }

    /** When a member of a value in the form of a table expires. */
    private static long expiry(long record, Element member) {
        if (!Record.membersExpire(record)) {
            return ContentSink.NO_EXPIRY;
        }
        long found = Members.find(Record.number(record), member.address(), member.length());
        return found != 0 && Record.hasExpiry(found) ? Record.expiry(found) : ContentSink.NO_EXPIRY;
    }
}
