package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.command.Effects;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.Key;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamId;
import java.nio.charset.StandardCharsets;

/**
 * What stream commands leave to the log in their place: commands with ids and times spelled out, as
 * stock servers write them.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class StreamEffects {
    private static final byte[] XGROUP = ascii("XGROUP");
    private static final byte[] XCLAIM = ascii("XCLAIM");
    private static final byte[] XTRIM = ascii("XTRIM");
    private static final byte[] XADD = ascii("XADD");
    private static final byte[] CREATECONSUMER = ascii("CREATECONSUMER");
    private static final byte[] SETID = ascii("SETID");
    private static final byte[] ENTRIESREAD = ascii("ENTRIESREAD");
    private static final byte[] TIME = ascii("TIME");
    private static final byte[] RETRYCOUNT = ascii("RETRYCOUNT");
    private static final byte[] FORCE = ascii("FORCE");
    private static final byte[] JUSTID = ascii("JUSTID");
    private static final byte[] LASTID = ascii("LASTID");
    private static final byte[] MAXLEN = ascii("MAXLEN");
    private static final byte[] MINID = ascii("MINID");
    private static final byte[] NOMKSTREAM = ascii("NOMKSTREAM");
    private static final byte[] EXACTLY = ascii("=");

    private StreamEffects() {}

    /** The consumer was made. */
    static void consumerCreated(Call call, Entry entry, long group, long consumer) {
        Effects effects = call.effects().command(call.database().index(), 5);
        effects.argument(XGROUP).argument(CREATECONSUMER);
        key(effects, entry.key());
        effects.argument(ConsumerGroup.name(group), ConsumerGroup.nameLength(group))
                .argument(Consumer.name(consumer), Consumer.nameLength(consumer));
    }

    /** The group has another last id, or has read another number of entries. */
    static void groupMoved(Call call, Entry entry, long group, StreamId scratch) {
        Effects effects = call.effects().command(call.database().index(), 7);
        effects.argument(XGROUP).argument(SETID);
        key(effects, entry.key());
        effects.argument(ConsumerGroup.name(group), ConsumerGroup.nameLength(group));
        id(effects, ConsumerGroup.last(group, scratch));
        effects.argument(ENTRIESREAD).argument(ConsumerGroup.read(group));
    }

    /** The pending entry is as it is; or it goes, if the stream has no such entry. */
    static void pendingChanged(
            Call call, Entry entry, long group, Pending pending, StreamId scratch) {
        Effects effects = call.effects().command(call.database().index(), 14);
        effects.argument(XCLAIM);
        key(effects, entry.key());
        effects.argument(ConsumerGroup.name(group), ConsumerGroup.nameLength(group));
        long consumer = pending.consumer();
        effects.argument(Consumer.name(consumer), Consumer.nameLength(consumer)).argument(0);
        id(effects, scratch.set(pending.millis(), pending.sequence()));
        effects.argument(TIME).argument(pending.time());
        effects.argument(RETRYCOUNT).argument(pending.times());
        effects.argument(FORCE).argument(JUSTID).argument(LASTID);
        id(effects, ConsumerGroup.last(group, scratch));
    }

    /** An entry was added under {@code work.id}, and the stream trimmed to exactly what it is. */
    static void added(Call call, Workspace work, int idAt, long root) {
        AddOptions options = work.options;
        int count = 2 + call.count() - idAt + (options.trims() ? 3 : 0);
        count += options.createsNoKey() ? 1 : 0;
        Effects effects = call.effects().command(call.database().index(), count);
        effects.argument(XADD);
        argument(call, effects, 1);
        if (options.createsNoKey()) {
            effects.argument(NOMKSTREAM);
        }
        if (options.trims()) {
            trim(call, effects, work, root);
        }
        id(effects, work.id);
        for (int i = idAt + 1; i < call.count(); i++) {
            argument(call, effects, i);
        }
    }

    /** The stream was trimmed to exactly what it is. */
    static void trimmed(Call call, Workspace work, long root) {
        Effects effects = call.effects().command(call.database().index(), 5);
        effects.argument(XTRIM);
        argument(call, effects, 1);
        trim(call, effects, work, root);
    }

    private static void trim(Call call, Effects effects, Workspace work, long root) {
        boolean byLength = work.trim.isByLength();
        effects.argument(byLength ? MAXLEN : MINID).argument(EXACTLY);
        if (!work.options.isApproximate()) {
            argument(call, effects, work.options.threshold());
        } else if (byLength) {
            effects.argument(Stream.length(root));
        } else {
            boolean some = work.cursor.allWithTombstones(root).next();
            long millis = some ? work.cursor.millis() : StreamId.GREATEST;
            id(effects, work.scratch.set(millis, some ? work.cursor.sequence() : millis));
        }
    }

    private static void argument(Call call, Effects effects, int i) {
        effects.argument(call.request().address(i), call.request().length(i));
    }

    private static void key(Effects effects, Key key) {
        effects.argument(key.address(), key.length());
    }

    private static void id(Effects effects, StreamId id) {
        int length = StreamId.length(id.millis(), id.sequence());
        long at = effects.reserveArgument(length);
        if (at != 0) {
            StreamId.write(at, id.millis(), id.sequence());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
