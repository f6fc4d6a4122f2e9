package io.keydb.server.replication;

import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.StateSender;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.PeerBytes;
import io.keydb.server.log.PlainUnit;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of which this node knows that there is a later state than the one it has: a delta came
 * that it could not follow. It asks for the whole state, with a unit of its own, until it has it:
 *
 * <pre>
 *   KEYDB.BEHIND key stamp 0|1
 * </pre>
 *
 * The node whose state that is answers by telling it as a whole, as a write of now. When nobody has
 * answered for some seconds, that node may be gone, and the 1 asks whoever has the state.
 *
 * <p>Threads: safe. The monitor is taken under partition locks and not held while one is waited
 * for.
 */
final class Behind {
    /** Questions to the node whose state it is, before everybody is asked. */
    private static final int PATIENCE = 5;

    private static final int OWN = 0;
    private static final byte[] CRLF = {'\r', '\n'};

    private final Keyspace keyspace;
    private final OrderedLog log;
    private final HybridClock clock;
    private final Supplier<Dispatcher> dispatcher;
    private final Map<Name, Wanted> wanted = new HashMap<>();
    private @Nullable StateSender sender;

    /** A key; its bytes are the characters. */
    private record Name(int database, String key) {}

    private record Wanted(long stamp, int questions) {}

    Behind(Keyspace keyspace, OrderedLog log, HybridClock clock, Supplier<Dispatcher> dispatcher) {
        this.keyspace = keyspace;
        this.log = log;
        this.clock = clock;
        this.dispatcher = dispatcher;
    }

    /** The key has a state with this stamp that this node has not; its lock is held. */
    synchronized void add(Database database, Key key, long stamp) {
        Name name = new Name(database.index(), text(key));
        Wanted known = wanted.get(name);
        wanted.put(name, new Wanted(known == null ? stamp : Math.max(stamp, known.stamp), 1));
        if (known == null) {
            ask(database, key, stamp, false);
        }
    }

    /** Another node asks for the state of a key; its lock is held. */
    synchronized void asked(Database database, Key key, long stamp, boolean anybody) {
        long record = database.stored(key);
        if (record == 0 || Record.stamp(record) < stamp) {
            return;
        }
        if (anybody || Record.origin(record) == OWN) {
            StateSender present = sender;
            if (present == null) {
                present = dispatcher.get().newStateSender();
                sender = present;
            }
            present.send(database, key);
        }
    }

    /**
     * Asks again for what has not come; once a second.
     *
     * @return whether anything is missing
     */
    boolean askAgain() {
        boolean any = false;
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            for (Name name : names()) {
                any |= askAgain(name, kept);
            }
        }
        return any;
    }

    private boolean askAgain(Name name, KeptKey kept) {
        Key key = kept.keep(name.key.getBytes(StandardCharsets.ISO_8859_1));
        Database database = keyspace.database(name.database);
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try {
            return askAgain(name, database, key);
        } finally {
            partition.unlock();
        }
    }

    private synchronized boolean askAgain(Name name, Database database, Key key) {
        Wanted known = wanted.get(name);
        if (known == null) {
            return false;
        }
        if (present(database, key) >= known.stamp) {
            wanted.remove(name);
            return false;
        }
        wanted.put(name, new Wanted(known.stamp, known.questions + 1));
        ask(database, key, known.stamp, known.questions >= PATIENCE);
        return true;
    }

    /** The stamp of what the key is here: of its record, its tombstone or the emptied database. */
    private static long present(Database database, Key key) {
        long record = database.stored(key);
        long state = record != 0 ? record : database.tombstone(key);
        return Math.max(state == 0 ? 0 : Record.stamp(state), database.flushStamp());
    }

    private synchronized List<Name> names() {
        return new ArrayList<>(wanted.keySet());
    }

    /** What is missing, for a node that takes over all states of this one. */
    synchronized void tell(Told told) throws IOException {
        for (Map.Entry<Name, Wanted> entry : wanted.entrySet()) {
            Name name = entry.getKey();
            told.accept(name.database + " " + entry.getValue().stamp + " " + name.key);
        }
    }

    /** Takes the text of one missing key. */
    interface Told {
        void accept(String text) throws IOException;
    }

    private void ask(Database database, Key key, long stamp, boolean anybody) {
        try (OffHeapBuffer unit = new OffHeapBuffer(keyspace.pages())) {
            header(unit, '*', 4);
            argument(unit, UnitCommands.BEHIND);
            header(unit, '$', key.length());
            unit.append(key.address(), key.length());
            unit.append(CRLF);
            argument(unit, Long.toString(stamp));
            argument(unit, anybody ? "1" : "0");
            int length = Math.toIntExact(unit.length());
            PeerBytes bytes = new PeerBytes(unit.address(), length, database.index());
            log.appendOwn(PlainUnit.NOTHING, bytes, clock.next());
        }
    }

    private static void argument(OffHeapBuffer to, String word) {
        header(to, '$', word.length());
        to.append(word.getBytes(StandardCharsets.US_ASCII));
        to.append(CRLF);
    }

    private static void header(OffHeapBuffer to, char kind, int number) {
        to.appendByte((byte) kind);
        to.append(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        to.append(CRLF);
    }

    private static String text(Key key) {
        return new String(key.bytes(), StandardCharsets.ISO_8859_1);
    }
}
