package io.keydb.server.command.stream;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STREAM;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamFields;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.StreamRemoval;
import java.util.List;

/** Adding, reading and deleting entries of one stream. */
public final class StreamCommands {
    private static final CommandError ZERO_ID =
            new CommandError("ERR The ID specified in XADD must be greater than 0-0");
    private static final CommandError EXHAUSTED =
            new CommandError(
                    "ERR The stream has exhausted the last possible ID, unable to add more items");
    private static final CommandError SMALL_ID =
            new CommandError(
                    "ERR The ID specified in XADD is equal or smaller than the target stream top"
                            + " item");
    private static final CommandError TOO_LARGE =
            new CommandError("ERR Elements are too large to be stored");
    private static final CommandError NEGATIVE_ADDED =
            new CommandError("ERR entries_added must be positive");
    private static final CommandError BELOW_GIVEN_DELETED =
            new CommandError(
                    "ERR The ID specified in XSETID is smaller than the provided"
                            + " max_deleted_entry_id");
    private static final CommandError BELOW_DELETED =
            new CommandError(
                    "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id");
    private static final CommandError BELOW_TOP =
            new CommandError(
                    "ERR The ID specified in XSETID is smaller than the target stream top item");
    private static final CommandError FEWER_ADDED =
            new CommandError(
                    "ERR The entries_added specified in XSETID is smaller than the target stream"
                            + " length");

    static final Command XADD =
            command("XADD", STREAM)
                    .since("5.0.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(
                            at(1, RW, UPDATE)
                                    .notes(
                                            "UPDATE instead of INSERT because of the optional"
                                                    + " trimming feature"))
                    .syntax(
                            "key [NOMKSTREAM] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]]"
                                    + " <* | id> field value [field value ...]")
                    .summary("Adds an entry to a stream.")
                    .complexity(
                            "O(1) to add, O(N) when trimming where N is the number of entries"
                                    + " deleted.")
                    .changed(
                            "6.2.0",
                            "Added the `NOMKSTREAM` option, `MINID` trimming strategy and the"
                                    + " `LIMIT` option.")
                    .changed("7.0.0", "Added support for the `<ms>-*` explicit ID form.")
                    .tips("nondeterministic_output")
                    .handledBy(StreamCommands::xadd);

    static final Command XLEN =
            command("XLEN", STREAM)
                    .since("5.0.0")
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Tells how many entries a stream has.")
                    .handledBy(StreamCommands::xlen);

    static final Command XRANGE =
            command("XRANGE", STREAM)
                    .since("5.0.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key start end [COUNT count]")
                    .summary("Gives the entries between two ids.")
                    .complexity("O(N) where N is the number of entries returned.")
                    .changed("6.2.0", "Added exclusive ranges.")
                    .handledBy(call -> xrange(call, 2, 3));

    static final Command XREVRANGE =
            command("XREVRANGE", STREAM)
                    .since("5.0.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key end start [COUNT count]")
                    .summary("Gives the entries between two ids, the last first.")
                    .complexity("O(N) where N is the number of entries returned.")
                    .changed("6.2.0", "Added exclusive ranges.")
                    .handledBy(call -> xrange(call, 3, 2));

    static final Command XDEL =
            command("XDEL", STREAM)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, DELETE))
                    .syntax("key id [id ...]")
                    .summary("Deletes entries.")
                    .complexity("O(1) for each entry.")
                    .handledBy(StreamCommands::xdel);

    static final Command XTRIM =
            command("XTRIM", STREAM)
                    .since("5.0.0")
                    .arity(-4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key <MAXLEN | MINID> [= | ~] threshold [LIMIT count]")
                    .summary("Deletes the oldest entries.")
                    .complexity("O(N) where N is the number of entries deleted.")
                    .changed("6.2.0", "Added the `MINID` trimming strategy and the `LIMIT` option.")
                    .tips("nondeterministic_output")
                    .handledBy(StreamCommands::xtrim);

    static final Command XSETID =
            command("XSETID", STREAM)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax(
                            "key last-id [ENTRIESADDED entries-added]"
                                    + " [MAXDELETEDID max-deleted-id]")
                    .summary("Sets what a stream remembers of its past.")
                    .changed(
                            "7.0.0",
                            "Added the `entries_added` and `max_deleted_entry_id` arguments.")
                    .handledBy(StreamCommands::xsetid);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(XADD, XLEN, XRANGE, XREVRANGE, XDEL, XTRIM, XSETID);

    private StreamCommands() {}

    /** The root of an entry's stream. */
    static long root(Entry entry) {
        return Record.number(entry.record());
    }

    /** Makes the stream of an entry that has no record; gives its root. */
    static long create(Entry entry) {
        long root = Stream.create(entry.allocator());
        Record.setNumber(entry.create(Record.STREAM, Record.INT, Long.BYTES), root);
        return root;
    }

    private static void xadd(Call call) {
        Workspace work = Workspace.mine();
        AddOptions options = work.options;
        StreamId id = work.id;
        int idAt = options.parse(call, true, id, work.trim);
        int fieldArguments = call.count() - idAt - 1;
        if (fieldArguments < 2 || fieldArguments % 2 == 1) {
            throw Errors.wrongArity(call.command().fullName());
        }
        if (options.hasId() && id.hasSequence() && id.isZero()) {
            throw ZERO_ID;
        }
        Entry entry = call.entry(1, Record.STREAM);
        if (!entry.exists() && options.createsNoKey()) {
            call.reply().nullBulk();
            return;
        }
        StreamFields fields = work.fields(call, idAt + 1);
        work.last.set(0, 0);
        if (entry.exists()) {
            Stream.lastId(root(entry), work.last);
        }
        chooseId(call, options, id, work.last);
        if (Stream.isTooLarge(fields)) {
            throw TOO_LARGE;
        }
        long root;
        if (entry.exists()) {
            entry.beforeChange();
            root = root(entry);
        } else {
            root = create(entry);
        }
        Stream.append(entry.allocator(), entry.limits(), root, id, fields);
        call.touched(entry.key());
        call.event(EventClass.STREAM, "xadd", entry.key());
        if (options.trims()
                && StreamRemoval.trim(entry.allocator(), root, work.trim, work.cursor) > 0) {
            call.event(EventClass.STREAM, "xtrim", entry.key());
        }
        if (!options.hasId() || !id.hasSequence() || options.isApproximate()) {
            StreamEffects.added(call, work, idAt, root);
        }
        StreamReplies.id(call.reply(), id);
    }

    /** Makes the id of the new entry out of what was asked for. */
    private static void chooseId(Call call, AddOptions options, StreamId id, StreamId last) {
        if (last.isGreatest()) {
            throw EXHAUSTED;
        }
        if (!options.hasId()) {
            if (Long.compareUnsigned(call.nowMillis(), last.millis()) > 0) {
                id.set(call.nowMillis(), 0);
            } else {
                id.set(last).increment();
            }
        } else if (!id.hasSequence() && id.millis() == last.millis()) {
            if (last.sequence() == StreamId.GREATEST) {
                throw SMALL_ID;
            }
            id.set(last.millis(), last.sequence() + 1);
        }
        if (id.compareTo(last) <= 0) {
            throw SMALL_ID;
        }
    }

    private static void xlen(Call call) {
        Entry entry = call.entry(1, Record.STREAM);
        call.reply().integer(entry.exists() ? Stream.length(root(entry)) : 0);
    }

    private static void xrange(Call call, int startAt, int endAt) {
        Workspace work = Workspace.mine();
        Ids.start(call, startAt, work.start);
        Ids.end(call, endAt, work.end);
        long count = -1;
        for (int i = 4; i < call.count(); i += 2) {
            if (!call.is(i, "COUNT") || i + 1 >= call.count()) {
                throw Errors.SYNTAX;
            }
            count = Math.max(0, call.integer(i + 1));
        }
        Entry entry = call.entry(1, Record.STREAM);
        if (!entry.exists()) {
            call.reply().array(0);
        } else if (count == 0) {
            call.reply().nullArray();
        } else {
            long root = root(entry);
            call.expectWork(mostEntries(work, root, count));
            if (startAt < endAt) {
                work.cursor.forward(root, work.start, work.end);
            } else {
                work.cursor.backward(root, work.start, work.end);
            }
            StreamReplies.entries(call.reply(), work.cursor, count);
        }
    }

    /** About how many entries a range has at most. */
    private static long mostEntries(Workspace work, long root, long count) {
        long length = Stream.length(root);
        long most = count > 0 ? Math.min(count, length) : length;
        return most < Stream.FEW
                ? most
                : Math.min(most, work.cursor.estimate(root, work.start, work.end));
    }

    private static void xdel(Call call) {
        Entry entry = call.entry(1, Record.STREAM);
        if (!entry.exists()) {
            call.reply().integer(0);
            return;
        }
        Workspace work = Workspace.mine();
        Ids.requireFrom(call, 2, work.id);
        long root = root(entry);
        StreamId greatest = work.last.set(0, 0);
        long deleted = 0;
        for (int i = 2; i < call.count(); i++) {
            StreamId id = Ids.strict(call, i, work.id);
            if (deleted == 0 && work.cursor.find(root, id.millis(), id.sequence())) {
                entry.beforeChange();
            }
            if (StreamRemoval.delete(entry.allocator(), root, work.cursor, id)) {
                deleted++;
                if (id.compareTo(greatest) > 0) {
                    greatest.set(id);
                }
            }
        }
        if (deleted > 0) {
            StreamRemoval.noteDeleted(root, work.cursor, greatest);
            call.touched(entry.key(), deleted);
            call.event(EventClass.STREAM, "xdel", entry.key());
        }
        call.reply().integer(deleted);
    }

    private static void xtrim(Call call) {
        Workspace work = Workspace.mine();
        work.options.parse(call, false, work.id, work.trim);
        Entry entry = call.entry(1, Record.STREAM);
        if (!entry.exists() || !StreamRemoval.mayTrim(root(entry), work.trim)) {
            call.reply().integer(0);
            return;
        }
        entry.beforeUnwatchedChange();
        long root = root(entry);
        long deleted = StreamRemoval.trim(entry.allocator(), root, work.trim, work.cursor);
        if (deleted > 0) {
            entry.beforeChange(); // tells the watchers, now that there is something to tell
            call.touched(entry.key(), deleted);
            call.event(EventClass.STREAM, "xtrim", entry.key());
            if (work.options.isApproximate()) {
                StreamEffects.trimmed(call, work, root);
            }
        }
        call.reply().integer(deleted);
    }

    private static void xsetid(Call call) {
        Workspace work = Workspace.mine();
        StreamId id = Ids.strict(call, 2, work.id);
        StreamId deleted = work.start.set(0, 0);
        long added = -1;
        for (int i = 3; i < call.count(); i += 2) {
            boolean more = i + 1 < call.count();
            if (more && call.is(i, "ENTRIESADDED")) {
                added = call.integer(i + 1);
                if (added < 0) {
                    throw NEGATIVE_ADDED;
                }
            } else if (more && call.is(i, "MAXDELETEDID")) {
                if (id.compareTo(Ids.strict(call, i + 1, deleted)) < 0) {
                    throw BELOW_GIVEN_DELETED;
                }
            } else {
                throw Errors.SYNTAX;
            }
        }
        Entry entry = call.entry(1, Record.STREAM);
        if (!entry.exists()) {
            throw Errors.NO_SUCH_KEY;
        }
        long root = root(entry);
        checkNewId(work, root, id, added);
        entry.beforeUnwatchedChange();
        Stream.setLastId(root, id);
        if (added != -1) {
            Stream.setAdded(root, added);
        }
        if (!deleted.isZero()) {
            Stream.setGreatestDeletedId(root, deleted);
        }
        call.touched(entry.key());
        call.event(EventClass.STREAM, "xsetid", entry.key());
        call.reply().ok();
    }

    private static void checkNewId(Workspace work, long root, StreamId id, long added) {
        if (id.compareTo(Stream.greatestDeletedId(root, work.last)) < 0) {
            throw BELOW_DELETED;
        }
        if (Stream.length(root) > 0) {
            if (work.cursor.last(root)
                    && id.compareTo(work.last.set(work.cursor.millis(), work.cursor.sequence()))
                            < 0) {
                throw BELOW_TOP;
            }
            if (added != -1 && Stream.length(root) > added) {
                throw FEWER_ADDED;
            }
        }
    }
}
