package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.value.stream.StreamId;

/**
 * The options of XCLAIM, as far as they hold for XAUTOCLAIM too: what becomes of an entry that is
 * claimed.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class ClaimOptions {
    private static final CommandError INVALID_IDLE =
            new CommandError("ERR Invalid IDLE option argument for XCLAIM");
    private static final CommandError INVALID_TIME =
            new CommandError("ERR Invalid TIME option argument for XCLAIM");
    private static final CommandError INVALID_RETRYCOUNT =
            new CommandError("ERR Invalid RETRYCOUNT option argument for XCLAIM");

    private final StreamId last = new StreamId();
    private int behindIds;
    private long time;
    private long retryCount;
    private boolean force;
    private boolean onlyIds;

    /** No options but one. */
    void forAutoClaim(Call call, boolean justIds) {
        last.set(0, 0);
        time = call.nowMillis();
        retryCount = -1;
        force = false;
        onlyIds = justIds;
    }

    /** Reads the ids and what stands behind them. */
    void parse(Call call) {
        forAutoClaim(call, false);
        behindIds = 5;
        while (behindIds < call.count() && Ids.isStrict(call, behindIds, last)) {
            behindIds++;
        }
        last.set(0, 0);
        long now = call.nowMillis();
        for (int i = behindIds; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            if (call.is(i, "FORCE")) {
                force = true;
            } else if (call.is(i, "JUSTID")) {
                onlyIds = true;
            } else if (more && call.is(i, "IDLE")) {
                time = now - call.integer(++i, INVALID_IDLE);
            } else if (more && call.is(i, "TIME")) {
                time = call.integer(++i, INVALID_TIME);
            } else if (more && call.is(i, "RETRYCOUNT")) {
                retryCount = call.integer(++i, INVALID_RETRYCOUNT);
            } else if (more && call.is(i, "LASTID")) {
                Ids.strict(call, ++i, last);
            } else {
                throw new CommandError(
                        "ERR Unrecognized XCLAIM option '" + StreamErrors.cText(call, i) + "'");
            }
        }
        if (time < 0 || time > now) {
            time = now;
        }
    }

    /** The argument behind the last id. */
    int behindIds() {
        return behindIds;
    }

    /** When it shall have been delivered. */
    long time() {
        return time;
    }

    /** How often it shall have been delivered, if it was delivered so often before. */
    long times(long before) {
        return retryCount >= 0 ? retryCount : onlyIds ? before : before + 1;
    }

    /** Whether entries become pending that were not. */
    boolean isForced() {
        return force;
    }

    /** Whether the reply has only ids, and the delivery does not count. */
    boolean onlyIds() {
        return onlyIds;
    }

    /** The id the group shall have got at least. */
    StreamId last() {
        return last;
    }
}
