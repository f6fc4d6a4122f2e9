package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.memory.Memory;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.Trim;

/**
 * The options of XADD and XTRIM.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class AddOptions {
    private static final long DEFAULT_LIMIT = 10_000;
    private static final long LARGEST_DEFAULT_LIMIT = 1_000_000;

    private static final CommandError INCOMPATIBLE =
            new CommandError(
                    "ERR syntax error, MAXLEN and MINID options at the same time are not"
                            + " compatible");
    private static final CommandError NEGATIVE_LENGTH =
            new CommandError("ERR The MAXLEN argument must be >= 0.");
    private static final CommandError NEGATIVE_LIMIT =
            new CommandError("ERR The LIMIT argument must be >= 0.");
    private static final CommandError LIMIT_WITHOUT_TRIM =
            new CommandError(
                    "ERR syntax error, LIMIT cannot be used without specifying a trimming"
                            + " strategy");
    private static final CommandError NO_TRIM =
            new CommandError("ERR syntax error, XTRIM must be called with a trimming strategy");
    private static final CommandError LIMIT_OF_EXACT =
            new CommandError("ERR syntax error, LIMIT cannot be used without the special ~ option");

    private boolean trims;
    private boolean approximate;
    private boolean hasLimit;
    private long limit;
    private int threshold;
    private boolean createsNoKey;
    private boolean hasId;

    /**
     * Reads the options.
     *
     * @param adding for XADD, whose options end at the id
     * @param id is set to the id, or left alone when the server is to make it
     * @param trim is set to what is to be trimmed
     * @return the argument that is the id, for XADD
     */
    int parse(Call call, boolean adding, StreamId id, Trim trim) {
        trims = false;
        approximate = false;
        hasLimit = false;
        limit = 0;
        createsNoKey = false;
        hasId = false;
        int i = 2;
        while (i < call.count() && !isEnd(call, i, adding, id)) {
            i = option(call, i, adding, id, trim);
        }
        check(adding);
        trim.approximate(approximate, call.client().isPrimary() ? 0 : effectiveLimit(call));
        return i;
    }

    private boolean isEnd(Call call, int i, boolean adding, StreamId id) {
        if (!adding) {
            return false;
        }
        if (is(call, i, '*')) {
            return true;
        }
        boolean more = i + 1 < call.count();
        if ((more && (call.is(i, "MAXLEN") || call.is(i, "MINID") || call.is(i, "LIMIT")))
                || call.is(i, "NOMKSTREAM")) {
            return false;
        }
        if (!id.parseOpen(call.request().address(i), call.request().length(i))) {
            throw StreamErrors.INVALID_ID;
        }
        hasId = true;
        return true;
    }

    /** Reads one option; gives the argument behind it. */
    private int option(Call call, int i, boolean adding, StreamId scratch, Trim trim) {
        boolean more = i + 1 < call.count();
        if (more && call.is(i, "MAXLEN")) {
            int at = strategy(call, i);
            long length = call.integer(at);
            if (length < 0) {
                throw NEGATIVE_LENGTH;
            }
            trim.toLength(length);
            return at + 1;
        }
        if (more && call.is(i, "MINID")) {
            int at = strategy(call, i);
            trim.toLeast(Ids.strict(call, at, scratch));
            return at + 1;
        }
        if (more && call.is(i, "LIMIT")) {
            limit = call.integer(i + 1);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
            hasLimit = true;
            return i + 2;
        }
        if (adding && call.is(i, "NOMKSTREAM")) {
            createsNoKey = true;
            return i + 1;
        }
        throw Errors.SYNTAX;
    }

    /** Gives the argument of the threshold. */
    private int strategy(Call call, int i) {
        if (trims) {
            throw INCOMPATIBLE;
        }
        trims = true;
        threshold = i + 1;
        boolean two = i + 2 < call.count();
        approximate = two && is(call, i + 1, '~');
        if (approximate || (two && is(call, i + 1, '='))) {
            threshold++;
        }
        return threshold;
    }

    private void check(boolean adding) {
        if (limit != 0 && !trims) {
            throw LIMIT_WITHOUT_TRIM;
        }
        if (!adding && !trims) {
            throw NO_TRIM;
        }
    }

    private long effectiveLimit(Call call) {
        if (hasLimit) {
            if (!approximate) {
                throw LIMIT_OF_EXACT;
            }
            return limit;
        }
        if (!approximate) {
            return 0;
        }
        long entries = call.keyspace().limits().streamNodeMaxEntries();
        if (entries <= 0 || entries > LARGEST_DEFAULT_LIMIT) {
            return entries <= 0 ? DEFAULT_LIMIT : LARGEST_DEFAULT_LIMIT;
        }
        return Math.min(100 * entries, LARGEST_DEFAULT_LIMIT);
    }

    private static boolean is(Call call, int i, char character) {
        return call.request().length(i) == 1
                && Memory.getByte(call.request().address(i)) == character;
    }

    /** Whether old entries are to go. */
    boolean trims() {
        return trims;
    }

    /** Whether only whole nodes go. */
    boolean isApproximate() {
        return trims && approximate;
    }

    /** The argument that says how far to trim. */
    int threshold() {
        return threshold;
    }

    boolean createsNoKey() {
        return createsNoKey;
    }

    /** Whether the request names an id, perhaps without its sequence number. */
    boolean hasId() {
        return hasId;
    }
}
