package io.keydb.server.persistence.aof;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.Replay;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.resp.RequestLimits;
import io.keydb.server.resp.RequestParser;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of a file again, as of a time before any expiry: what had expired is removed by
 * commands of its own. The commands of a transaction run when its EXEC is there.
 *
 * <p>On an active node a unit in its own form goes where units of peers go; a plain command, of a
 * file of another server, counts as written by this node now.
 *
 * <p>Threads: confined to one thread. On a plain node the locks of all partitions are held.
 */
final class AofReplay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AofReplay.class);

    private final Keyspace keyspace;
    private final Dispatcher dispatcher;
    private final AofForm.Units units;
    private final Client client;
    private final Call call;
    private final Replay replay;
    private final NativeReplySpace space = new NativeReplySpace();
    private final ReplyWriter reply = new ReplyWriter(space);
    private final RequestParser parser = new RequestParser(new RequestLimits());
    private final RequestParser queued = new RequestParser(new RequestLimits());
    private final OffHeapBuffer transaction;
    private boolean isWithinTransaction;
    private boolean isForeign;
    private long validBytes;
    private long failures;

    AofReplay(Keyspace keyspace, Dispatcher dispatcher, AofForm form) {
        this.keyspace = keyspace;
        this.dispatcher = dispatcher;
        this.units = form.units();
        this.client = new Client(0, null, keyspace.database(0), keyspace.clock().millis());
        client.kind(ClientKind.PRIMARY);
        client.trust();
        this.call = dispatcher.newCall();
        this.replay = dispatcher.newReplay();
        this.transaction = new OffHeapBuffer(keyspace.pages());
        parser.trusted(true);
        queued.trusted(true);
    }

    /** Whether a transaction has begun and not ended. */
    boolean isWithinTransaction() {
        return isWithinTransaction;
    }

    /** The offset at which it began. */
    long validBytes() {
        return validBytes;
    }

    /** Whether commands of the other kind of node were among them. */
    boolean isForeign() {
        return isForeign;
    }

    /**
     * Runs one command.
     *
     * @param offset where in the file it begins
     * @throws AofScanner.FormatException when there is no such command
     */
    void command(long address, int length, long offset) throws AofScanner.FormatException {
        Request request = parse(parser, address, length);
        if (is(request, "MULTI")) {
            if (isWithinTransaction) {
                throw new AofScanner.FormatException("MULTI within MULTI");
            }
            isWithinTransaction = true;
            validBytes = offset;
            transaction.clear();
        } else if (!isWithinTransaction) {
            run(request, address, length);
        } else if (is(request, "EXEC")) {
            isWithinTransaction = false;
            runTransaction();
        } else {
            transaction.append(address, length);
        }
    }

    private void runTransaction() throws AofScanner.FormatException {
        long at = transaction.address();
        long end = at + transaction.length();
        while (at < end) {
            Request request = parse(queued, at, (int) (end - at));
            long next = queued.position();
            run(request, at, (int) (next - at));
            at = next;
        }
    }

    private static Request parse(RequestParser parser, long address, int length)
            throws AofScanner.FormatException {
        if (parser.next(address, address + length) != RequestParser.Outcome.COMPLETE) {
            throw new AofScanner.FormatException("a malformed command");
        }
        return parser.request();
    }

    private void run(Request request, long address, int length) throws AofScanner.FormatException {
        if (is(request, "SELECT")) {
            select(request);
        } else if (!units.take(request)) {
            isForeign |= keyspace.isStamped();
            plain(request, address, length);
        }
    }

    private void select(Request request) throws AofScanner.FormatException {
        String text =
                request.count() == 2 ? new String(request.bytes(1), StandardCharsets.US_ASCII) : "";
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index < keyspace.databases()) {
                client.database(keyspace.database(index));
                return;
            }
        } catch (NumberFormatException none) {
            // told below
        }
        throw new AofScanner.FormatException(
                "SELECT " + text + ", but there are " + keyspace.databases() + " databases");
    }

    private void plain(Request request, long address, int length)
            throws AofScanner.FormatException {
        Command command = dispatcher.table().find(request.address(0), request.length(0));
        if (command == null) {
            command = dispatcher.table().original(request);
        }
        if (command == null) {
            throw new AofScanner.FormatException(
                    "Unknown command '" + text(request, 0) + "' reading the append only file");
        }
        boolean failed;
        if (keyspace.isStamped() || (!command.isContainer() && !command.has(CommandFlag.WRITE))) {
            reply.clear();
            long errors = reply.errors();
            dispatcher.run(call, client, request, reply);
            failed = reply.errors() > errors;
        } else {
            failed = !replay.run(client.database(), address, length);
        }
        if (failed && failures++ == 0) {
            LOG.warn("A command of the append-only file failed: {}", text(request, 0));
        }
    }

    private static String text(Request request, int argument) {
        return new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
    }

    private static boolean is(Request request, String word) {
        if (request.length(0) != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((Memory.getByte(request.address(0) + i) & ~0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        client.release();
        units.close();
        replay.close();
        parser.close();
        queued.close();
        reply.release();
        space.close();
        transaction.close();
    }
}
