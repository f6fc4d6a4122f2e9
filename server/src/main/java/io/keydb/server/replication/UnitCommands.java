package io.keydb.server.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import io.keydb.server.resp.RequestLimits;
import io.keydb.server.resp.RequestParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The commands of one unit of an active node, parsed and checked. There are only states:
 *
 * <pre>
 *   SET key value [PXAT unix-milliseconds]
 *   RESTORE key unix-milliseconds|0 payload REPLACE [ABSTTL]
 *   DEL key [key ...]
 *   FLUSHDB     FLUSHALL
 *   KEYDB.BASE key stamp     what follows is a delta, see {@link io.keydb.server.command.DeltaRule}: it holds for
 *                            the state of the key with this stamp and the origin of the unit
 *   KEYDB.BEHIND key stamp 0|1     see {@link Behind}
 *   SELECT database     MULTI     EXEC         (the last two mean nothing here: a unit is applied as a whole)
 * </pre>
 *
 * <p>Threads: confined to its owner; what it shows points into the bytes that were parsed.
 */
final class UnitCommands implements AutoCloseable {
    /** What a step does to its key, or to its database. */
    enum Action {
        PUT,
        /** The value is a payload as DUMP gives it. */
        PUT_PAYLOAD,
        DELETE,
        FLUSH,
        /** The value is commands to be run on a state with the stamp of the step. */
        DELTA,
        /** The node asks for the state of a key that has the stamp of the step, or a later one. */
        BEHIND
    }

    /** One state of one key, or of one database. Reused. */
    static final class Step {
        Action action = Action.PUT;
        int database;
        final Key key = new Key();
        long valueAddress;
        int valueLength;
        long expiryMillis;
        long base;
        boolean asksAnybody;
    }

    static final String BEHIND = "KEYDB.BEHIND";

    private final int databases;
    private final RequestParser parser;
    private final List<Step> steps = new ArrayList<>();
    private int count;
    private int database;
    private boolean flushes;

    UnitCommands(int databases) {
        this.databases = databases;
        RequestLimits limits = new RequestLimits();
        this.parser = new RequestParser(limits);
        parser.trusted(true);
    }

    int count() {
        return count;
    }

    Step step(int i) {
        return steps.get(i);
    }

    /** The database selected behind the unit. */
    int endDatabase() {
        return database;
    }

    /** Whether a database is emptied. */
    boolean flushes() {
        return flushes;
    }

    /** Parses a unit that begins in {@code beginDatabase}. */
    void parse(int beginDatabase, long address, long length) throws PeerProtocolException {
        count = 0;
        flushes = false;
        select(beginDatabase);
        long at = address;
        long end = address + length;
        while (at < end) {
            if (Memory.getByte(at) != '*'
                    || parser.next(at, end) != RequestParser.Outcome.COMPLETE) {
                throw new PeerProtocolException("a unit that is not complete");
            }
            if (count == 0 && isWord(parser.request(), 0, "KEYDB.BASE")) {
                delta(parser.request(), parser.position(), end);
                return;
            }
            command(parser.request());
            at = parser.position();
        }
    }

    private void command(Request request) throws PeerProtocolException {
        String name = new String(request.bytes(0), US_ASCII).toUpperCase(Locale.ROOT);
        switch (name) {
            case "SET" -> set(request);
            case BEHIND -> behind(request);
            case "RESTORE" -> restore(request);
            case "DEL" -> delete(request);
            case "FLUSHDB" -> flush(database);
            case "FLUSHALL" -> {
                for (int i = 0; i < databases; i++) {
                    flush(i);
                }
            }
            case "SELECT" -> {
                require(request.count() == 2, name);
                select(number(request, 1));
            }
            case "MULTI", "EXEC" -> {}
            default -> throw new PeerProtocolException("a unit with the command " + name);
        }
    }

    private void set(Request request) throws PeerProtocolException {
        require(request.count() == 3 || request.count() == 5, "SET");
        Step step = add(Action.PUT);
        step.key.set(request.address(1), request.length(1));
        step.valueAddress = request.address(2);
        step.valueLength = request.length(2);
        step.expiryMillis = StringState.NO_EXPIRY;
        if (request.count() == 5) {
            require(isWord(request, 3, "PXAT"), "SET");
            step.expiryMillis = Math.max(0, number(request, 4));
        }
    }

    private void restore(Request request) throws PeerProtocolException {
        require(request.count() == 5 || request.count() == 6, "RESTORE");
        require(isWord(request, 4, "REPLACE"), "RESTORE");
        require(request.count() == 5 || isWord(request, 5, "ABSTTL"), "RESTORE");
        long expiry = number(request, 2);
        require(expiry >= 0 && (expiry == 0 || request.count() == 6), "RESTORE");
        Step step = add(Action.PUT_PAYLOAD);
        step.key.set(request.address(1), request.length(1));
        step.valueAddress = request.address(3);
        step.valueLength = request.length(3);
        step.expiryMillis = expiry == 0 ? StringState.NO_EXPIRY : expiry;
    }

    private void delta(Request request, long commands, long end) throws PeerProtocolException {
        require(request.count() == 3 && commands < end, "KEYDB.BASE");
        Step step = add(Action.DELTA);
        step.key.set(request.address(1), request.length(1));
        step.base = number(request, 2);
        step.valueAddress = commands;
        step.valueLength = (int) (end - commands);
        step.expiryMillis = StringState.NO_EXPIRY;
    }

    private void behind(Request request) throws PeerProtocolException {
        require(request.count() == 4, BEHIND);
        Step step = add(Action.BEHIND);
        step.key.set(request.address(1), request.length(1));
        step.base = number(request, 2);
        step.asksAnybody = number(request, 3) != 0;
    }

    private static boolean isWord(Request request, int i, String word) {
        return new String(request.bytes(i), US_ASCII).equalsIgnoreCase(word);
    }

    private void delete(Request request) throws PeerProtocolException {
        require(request.count() >= 2, "DEL");
        for (int i = 1; i < request.count(); i++) {
            add(Action.DELETE).key.set(request.address(i), request.length(i));
        }
    }

    private void flush(int flushed) {
        Step step = add(Action.FLUSH);
        step.database = flushed;
        flushes = true;
    }

    private Step add(Action action) {
        if (count == steps.size()) {
            steps.add(new Step());
        }
        Step step = steps.get(count++);
        step.action = action;
        step.database = database;
        return step;
    }

    private void select(long wanted) throws PeerProtocolException {
        if (wanted < 0 || wanted >= databases) {
            throw new PeerProtocolException(
                    "database "
                            + wanted
                            + ", but this node has only "
                            + databases
                            + "; linked nodes need the same number of databases");
        }
        database = (int) wanted;
    }

    private static long number(Request request, int i) throws PeerProtocolException {
        try {
            return Long.parseLong(new String(request.bytes(i), US_ASCII));
        } catch (NumberFormatException malformed) {
            throw new PeerProtocolException("a number that is none");
        }
    }

    private static void require(boolean holds, String command) throws PeerProtocolException {
        if (!holds) {
            throw new PeerProtocolException("a unit with a malformed " + command);
        }
    }

    @Override
    public void close() {
        parser.close();
    }
}
