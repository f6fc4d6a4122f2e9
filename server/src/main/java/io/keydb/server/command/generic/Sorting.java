package io.keydb.server.command.generic;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.FloatText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.list.ListWriter;
import io.keydb.server.value.string.StringValue;
import java.nio.charset.StandardCharsets;

/**
 * One run of SORT: reads the elements, looks their weights up, sorts, and replies or stores the
 * range asked for.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class Sorting implements AutoCloseable {
    private static final CommandError NOT_NUMBERS =
            new CommandError("ERR One or more scores can't be converted into double");
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RPUSH = "RPUSH".getBytes(StandardCharsets.US_ASCII);
    private static final long MOST_PER_EFFECT = 1024;

    private final Call call;
    private final SortOptions options;
    private final SortVector vector;
    private final OffHeapBuffer name;
    private final Key key = new Key();
    private final Element found = new Element();

    /** The range to reply: first position and the one behind the last. */
    private long start;

    private long end;

    Sorting(Call call, SortOptions options) {
        this.call = call;
        this.options = options;
        vector = new SortVector(call.keyspace().pages());
        name = new OffHeapBuffer(call.keyspace().pages());
    }

    @Override
    public void close() {
        vector.close();
        name.close();
    }

    void run() {
        Key sorted = call.key(1);
        long record = call.database().find(sorted);
        call.lookedUp(sorted, record != 0);
        if (record != 0 && !SortElements.isSortable(Record.type(record))) {
            throw Errors.WRONG_TYPE;
        }
        long size = SortElements.size(record);
        call.expectWork(size);
        limit(size);
        boolean isSet = record != 0 && Record.type(record) == Record.SET;
        boolean stores = options.destination() >= 0;
        // A set has no order worth keeping, so what is stored of it, or what a script may make of
        // it, is sorted all the same.
        boolean orderly = options.keepsOrder() && isSet && (stores || call.inScript());
        if (record != 0) {
            read(record, isSet, size);
        }
        if (orderly) {
            vector.sort(SortVector.Order.TEXT, options.descending());
        } else if (!options.keepsOrder()) {
            sort(stores);
        }
        if (!stores) {
            reply();
        } else {
            store();
        }
    }

    /** Finds the range to reply among so many elements. */
    private void limit(long size) {
        start = Math.min(Math.max(options.offset(), 0), size);
        long count = Math.min(Math.max(options.count(), -1), size);
        end = count < 0 ? size : Math.min(size, start + count);
        end = Math.max(start, end);
    }

    private void read(long record, boolean isSet, long size) {
        if (isSet) {
            SortElements.readSet(record, vector);
        } else if (options.keepsOrder()) {
            SortElements.read(record, start, end - start, options.descending(), vector);
            end -= start;
            start = 0;
        } else {
            SortElements.read(record, 0, size, false, vector);
        }
    }

    private void sort(boolean stores) {
        SortPattern by = options.by();
        if (!options.alphabetic()) {
            score();
            vector.sort(SortVector.Order.SCORE, options.descending());
        } else if (by != null) {
            for (long i = 0; i < vector.size(); i++) {
                if (lookUp(by, i)) {
                    vector.weight(i, found);
                }
            }
            vector.sort(
                    stores ? SortVector.Order.WEIGHT : SortVector.Order.C_WEIGHT,
                    options.descending());
        } else {
            vector.sort(
                    stores ? SortVector.Order.TEXT : SortVector.Order.C_TEXT, options.descending());
        }
    }

    private void score() {
        SortPattern by = options.by();
        for (long i = 0; i < vector.size(); i++) {
            if (by == null) {
                vector.score(i, number(vector.address(i), vector.length(i)));
            } else if (lookUp(by, i)) {
                vector.score(
                        i,
                        found.isInteger()
                                ? found.integer()
                                : number(found.address(), found.length()));
            }
        }
    }

    /** Reads a number as C does: blanks may come before it, a zero ends it, nothing at all is 0. */
    private static double number(long address, int length) {
        int end = 0;
        while (end < length && Memory.getByte(address + end) != 0) {
            end++;
        }
        if (end == 0) {
            return 0;
        }
        int from = 0;
        while (from < end && isBlank(Memory.getByte(address + from))) {
            from++;
        }
        double number = FloatText.parse(address + from, end - from);
        if (Double.isNaN(number)) {
            throw NOT_NUMBERS;
        }
        return number;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /** Points {@link #found} at what a pattern names for an element; false when there is none. */
    private boolean lookUp(SortPattern pattern, long index) {
        if (pattern.isElement()) {
            found.set(vector.address(index), vector.length(index));
            return true;
        }
        if (!pattern.hasStar()) {
            return false;
        }
        name.clear();
        pattern.writeKey(name, vector.address(index), vector.length(index));
        key.set(name.address(), (int) name.length());
        long record = call.database().find(key);
        call.lookedUp(key, record != 0);
        int type = pattern.hasField() ? Record.HASH : Record.STRING;
        if (record == 0 || Record.type(record) != type) {
            return false;
        }
        if (pattern.hasField()) {
            long moment = call.keyspace().partitionOf(key).moment();
            return HashValue.get(
                    record, pattern.fieldAddress(), pattern.fieldLength(), moment, found);
        }
        if (StringValue.isInteger(record)) {
            found.set(StringValue.integer(record));
        } else {
            found.set(StringValue.address(record), (int) StringValue.length(record));
        }
        return true;
    }

    private void reply() {
        int gets = options.gets().size();
        call.reply().array((end - start) * Math.max(1, gets));
        for (long i = start; i < end; i++) {
            if (gets == 0) {
                call.reply().bulk(vector.address(i), vector.length(i));
            }
            for (int get = 0; get < gets; get++) {
                if (lookUp(options.gets().get(get), i)) {
                    call.bulk(found);
                } else {
                    call.reply().nullBulk();
                }
            }
        }
    }

    private void store() {
        if (options.gets().isEmpty()) {
            store(vector, start, end);
            return;
        }
        try (SortVector values = new SortVector(call.keyspace().pages())) {
            for (long i = start; i < end; i++) {
                for (SortPattern get : options.gets()) {
                    values.add(lookUp(get, i) ? found : found.set(vector.address(i), 0));
                }
            }
            store(values, 0, values.size());
        }
    }

    /** Makes a list of a range of values at the destination; of none, deletes what is there. */
    private void store(SortVector values, long from, long to) {
        Key destination = call.key(options.destination());
        boolean existed = call.database().peek(destination) != 0;
        if (to > from) {
            build(values, from, to, destination);
            tell(values, from, to, existed, destination);
            call.touched(destination, to - from);
            call.event(EventClass.LIST, "sortstore", destination);
        } else if (existed) {
            call.database().delete(destination);
            beginEffect(DEL, 0, destination);
            call.touched(destination);
            call.event(EventClass.GENERIC, "del", destination);
        }
        call.reply().integer(to - from);
    }

    private void build(SortVector values, long from, long to, Key destination) {
        long bytes = 0;
        for (long i = from; i < to; i++) {
            bytes += values.length(i);
        }
        try (Draft list = new Draft(call.database(), destination)) {
            ListWriter writer = ListWriter.of(list);
            writer.expect(to - from, bytes);
            for (long i = from; i < to; i++) {
                writer.push(false, values.address(i), values.length(i));
            }
            writer.built();
            list.publish();
        }
    }

    private void tell(SortVector values, long from, long to, boolean existed, Key destination) {
        if (existed) {
            beginEffect(DEL, 0, destination);
        }
        for (long i = from; i < to; i++) {
            if ((i - from) % MOST_PER_EFFECT == 0) {
                beginEffect(RPUSH, (int) Math.min(to - i, MOST_PER_EFFECT), destination);
            }
            call.effects().argument(values.address(i), values.length(i));
        }
    }

    private Effects beginEffect(byte[] command, int arguments, Key destination) {
        return call.effects()
                .command(call.database().index(), arguments + 2)
                .argument(command)
                .argument(destination.address(), destination.length());
    }
}
