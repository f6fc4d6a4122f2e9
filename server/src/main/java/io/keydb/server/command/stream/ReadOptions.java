package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.memory.Memory;
import io.keydb.server.value.stream.StreamId;

/**
 * The options of XREAD and XREADGROUP, and where the streams and their ids stand.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class ReadOptions {
    private static final CommandError GROUP_OF_XREAD =
            new CommandError(
                    "ERR The GROUP option is only supported by XREADGROUP. You called XREAD"
                            + " instead.");
    private static final CommandError NOACK_OF_XREAD =
            new CommandError(
                    "ERR The NOACK option is only supported by XREADGROUP. You called XREAD"
                            + " instead.");
    private static final CommandError NO_GROUP =
            new CommandError("ERR Missing GROUP option for XREADGROUP");
    private static final CommandError LAST_OF_GROUP =
            new CommandError(
                    "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the"
                            + " history of this consumer by specifying a proper ID, or use the > ID"
                            + " to get new messages. The $ ID would just return an empty result"
                            + " set.");
    private static final CommandError NEW_WITHOUT_GROUP =
            new CommandError(
                    "ERR The > ID can be specified only when calling XREADGROUP using the GROUP"
                            + " <group> <consumer> option.");

    private static final long DOES_NOT_BLOCK = -1;

    private boolean ofGroup;
    private long blockMillis;
    private long count;
    private int firstKey;
    private int streams;
    private int group;
    private boolean unacknowledged;

    /** Reads the options. */
    void parse(Call call, boolean forGroup) {
        ofGroup = forGroup;
        blockMillis = DOES_NOT_BLOCK;
        count = 0;
        firstKey = 0;
        group = 0;
        unacknowledged = false;
        for (int i = 1; i < call.count() && firstKey == 0; i++) {
            i = option(call, i);
        }
        if (firstKey == 0 || firstKey != declaredFirstKey(call)) {
            throw Errors.SYNTAX;
        }
        if (forGroup && group == 0) {
            throw NO_GROUP;
        }
    }

    /** Reads one option; gives its last argument. */
    private int option(Call call, int i) {
        boolean more = i + 1 < call.count();
        if (more && call.is(i, "BLOCK")) {
            if (call.inScript()) {
                throw new CommandError(
                        "ERR "
                                + call.text(0)
                                + " command is not allowed with BLOCK option from scripts");
            }
            blockMillis = call.timeoutMillis(i + 1);
            return i + 1;
        }
        if (more && call.is(i, "COUNT")) {
            count = Math.max(0, call.integer(i + 1));
            return i + 1;
        }
        if (more && call.is(i, "STREAMS")) {
            firstKey = i + 1;
            streams = (call.count() - firstKey) / 2;
            if ((call.count() - firstKey) % 2 != 0) {
                throw unbalanced(call);
            }
            return i;
        }
        if (i + 2 < call.count() && call.is(i, "GROUP")) {
            if (!ofGroup) {
                throw GROUP_OF_XREAD;
            }
            group = i + 1;
            return i + 2;
        }
        if (call.is(i, "NOACK")) {
            if (!ofGroup) {
                throw NOACK_OF_XREAD;
            }
            unacknowledged = true;
            return i;
        }
        throw Errors.SYNTAX;
    }

    private CommandError unbalanced(Call call) {
        return new CommandError(
                "ERR Unbalanced '"
                        + call.command().fullName()
                        + "' list of streams: for each stream key an ID or '"
                        + (ofGroup ? '>' : '$')
                        + "' must be specified.");
    }

    /**
     * Where the declaration of the command sees the first key. Only keys that stand there are
     * locked; a group or consumer named "streams" may mislead it.
     */
    private int declaredFirstKey(Call call) {
        for (int i = ofGroup ? 4 : 1; i < call.count(); i++) {
            if (call.is(i, "STREAMS")) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Checks the id of a stream, into {@code scratch} when it is one. */
    void checkId(Call call, int stream, StreamId scratch) {
        if (isCharacter(call, id(stream), '$')) {
            if (ofGroup) {
                throw LAST_OF_GROUP;
            }
        } else if (isCharacter(call, id(stream), '>')) {
            if (!ofGroup) {
                throw NEW_WITHOUT_GROUP;
            }
        } else {
            Ids.strict(call, id(stream), scratch);
        }
    }

    /** Whether a stream is read from its present end on. */
    boolean isLast(Call call, int stream) {
        return isCharacter(call, id(stream), '$');
    }

    /** Whether entries are asked for that the group has not got yet. */
    boolean isNew(Call call, int stream) {
        return isCharacter(call, id(stream), '>')
                || (Ids.isStrict(call, id(stream), greatest) && greatest.isGreatest());
    }

    private final StreamId greatest = new StreamId();

    private static boolean isCharacter(Call call, int i, char character) {
        return call.request().length(i) == 1
                && Memory.getByte(call.request().address(i)) == character;
    }

    int streams() {
        return streams;
    }

    /** The argument that is a stream's key. */
    int key(int stream) {
        return firstKey + stream;
    }

    /** The argument that is a stream's id. */
    int id(int stream) {
        return firstKey + streams + stream;
    }

    /** The argument that is the group's name. */
    int group() {
        return group;
    }

    /** The argument that is the consumer's name. */
    int consumer() {
        return group + 1;
    }

    boolean blocks() {
        return blockMillis != DOES_NOT_BLOCK;
    }

    long blockMillis() {
        return blockMillis;
    }

    /** How many entries of each stream at most; 0: all. */
    long count() {
        return count;
    }

    /** Whether entries are not pending when they are delivered. */
    boolean isUnacknowledged() {
        return unacknowledged;
    }
}
