package io.keydb.server.command.generic;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Locking;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of SORT and SORT_RO.
 *
 * <p>Threads: confined to the thread that runs the command.
 *
 * @param offset of LIMIT, 0 without
 * @param count of LIMIT, -1 without
 * @param by the pattern of BY, null without
 * @param keepsOrder whether nothing is to be sorted: BY something that is the same for all
 *     elements, whatever other BY there is
 * @param gets the patterns of GET, in their order
 * @param destination the argument that STORE names, -1 without
 */
record SortOptions(
        boolean descending,
        boolean alphabetic,
        long offset,
        long count,
        @Nullable SortPattern by,
        boolean keepsOrder,
        List<SortPattern> gets,
        int destination) {
    private static final int FIRST = 2;
    private static final CommandError BY_DENIED =
            new CommandError("ERR BY option of SORT denied due to insufficient ACL permissions.");
    private static final CommandError GET_DENIED =
            new CommandError("ERR GET option of SORT denied due to insufficient ACL permissions.");

    /** Reads the options of a request; those that may be given several times: the last counts. */
    static SortOptions of(Call call, boolean mayStore) {
        boolean descending = false;
        boolean alphabetic = false;
        long offset = 0;
        long count = -1;
        SortPattern by = null;
        boolean keepsOrder = false;
        List<SortPattern> gets = new ArrayList<>();
        int destination = -1;
        for (int i = FIRST; i < call.count(); i++) {
            int left = call.count() - i - 1;
            if (call.is(i, "ASC")) {
                descending = false;
            } else if (call.is(i, "DESC")) {
                descending = true;
            } else if (call.is(i, "ALPHA")) {
                alphabetic = true;
            } else if (call.is(i, "LIMIT") && left >= 2) {
                offset = call.integer(i + 1);
                count = call.integer(i + 2);
                i += 2;
            } else if (mayStore && call.is(i, "STORE") && left >= 1) {
                destination = ++i;
            } else if (call.is(i, "BY") && left >= 1) {
                by = SortPattern.of(call.request(), ++i);
                keepsOrder |= !by.hasStar();
                if (by.hasStar() && !call.mayReadAllKeys()) {
                    throw BY_DENIED;
                }
            } else if (call.is(i, "GET") && left >= 1) {
                if (!call.mayReadAllKeys()) {
                    throw GET_DENIED;
                }
                gets.add(SortPattern.of(call.request(), ++i));
            } else {
                throw Errors.SYNTAX;
            }
        }
        return new SortOptions(
                descending, alphabetic, offset, count, by, keepsOrder, gets, destination);
    }

    /** The argument that STORE names, as COMMAND GETKEYS and the locks see it; -1 without. */
    static int storeArgument(Request request) {
        int destination = -1;
        for (int i = FIRST; i < request.count(); i++) {
            if (Call.is(request, i, "STORE") && i + 1 < request.count()) {
                destination = ++i;
            } else {
                i += parameters(request, i);
            }
        }
        return destination;
    }

    /** All partitions when keys are read whose names come from a pattern. */
    static Locking locking(Request request) {
        for (int i = FIRST; i < request.count(); i++) {
            boolean pattern = Call.is(request, i, "BY") || Call.is(request, i, "GET");
            if (pattern && i + 1 < request.count() && hasStar(request, i + 1)) {
                return Locking.ALL;
            }
            i += parameters(request, i);
        }
        return Locking.KEYS;
    }

    private static int parameters(Request request, int i) {
        if (Call.is(request, i, "LIMIT")) {
            return 2;
        }
        boolean one =
                Call.is(request, i, "BY")
                        || Call.is(request, i, "GET")
                        || Call.is(request, i, "STORE");
        return one ? 1 : 0;
    }

    private static boolean hasStar(Request request, int i) {
        long address = request.address(i);
        for (int j = 0; j < request.length(i); j++) {
            if (Memory.getByte(address + j) == '*') {
                return true;
            }
        }
        return false;
    }
}
