package io.keydb.server.acl;

import io.keydb.server.command.AccessContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What users were denied, latest first; an entry like one of the last ten within a minute is
 * counted there.
 *
 * <p>Threads: safe.
 */
public final class AclLog {
    private static final long SAME_MILLIS = 60_000;
    private static final int LOOKED_AT = 10;

    /** What was denied. */
    enum Kind {
        COMMAND("command"),
        KEY("key"),
        CHANNEL("channel"),
        AUTH("auth");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /** One denial, as it happens. */
    record Event(
            Kind kind,
            AccessContext context,
            String object,
            String user,
            String client,
            long millis) {

        private boolean isLike(Event other) {
            return kind == other.kind
                    && context == other.context
                    && Math.abs(millis - other.millis) <= SAME_MILLIS
                    && object.equals(other.object)
                    && user.equals(other.user);
        }
    }

    /**
     * Equal denials, counted.
     *
     * @param last the latest of them
     */
    record Entry(long id, long count, long createdMillis, Event last) {}

    private final LongSupplier longest;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final LongAdder[] counts = new LongAdder[Kind.values().length];
    private long nextId;

    /**
     * @param longest how many entries are kept, asked for at each new one
     */
    AclLog(LongSupplier longest) {
        this.longest = longest;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Event event) {
        counts[event.kind().ordinal()].increment();
        synchronized (this) {
            Entry like = takeLike(event);
            if (like != null) {
                entries.addFirst(
                        new Entry(like.id(), like.count() + 1, like.createdMillis(), event));
                return;
            }
            entries.addFirst(new Entry(nextId++, 1, event.millis(), event));
            while (entries.size() > longest.getAsLong()) {
                entries.removeLast();
            }
        }
    }

    private @Nullable Entry takeLike(Event event) {
        Iterator<Entry> known = entries.iterator();
        for (int i = 0; i < LOOKED_AT && known.hasNext(); i++) {
            Entry entry = known.next();
            if (event.isLike(entry.last())) {
                known.remove();
                return entry;
            }
        }
        return null;
    }

    /** The latest entries. */
    synchronized List<Entry> latest(long count) {
        List<Entry> latest = new ArrayList<>();
        for (Entry entry : entries) {
            if (latest.size() >= count) {
                break;
            }
            latest.add(entry);
        }
        return latest;
    }

    synchronized void clear() {
        entries.clear();
    }

    /** Commands denied since the start. */
    public long deniedCommands() {
        return counts[Kind.COMMAND.ordinal()].sum();
    }

    /** Accesses to keys denied since the start. */
    public long deniedKeys() {
        return counts[Kind.KEY.ordinal()].sum();
    }

    /** Accesses to channels denied since the start. */
    public long deniedChannels() {
        return counts[Kind.CHANNEL.ordinal()].sum();
    }

    /** Failed authentications since the start. */
    public long failedAuthentications() {
        return counts[Kind.AUTH.ordinal()].sum();
    }
}
