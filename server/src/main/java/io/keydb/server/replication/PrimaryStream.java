package io.keydb.server.replication;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Call;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.VerbatimBytes;
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
 * Applies the commands that a primary streams to its replica, and passes the bytes on to the log as
 * they are, so that replicas of this replica read the same history at the same offsets.
 *
 * <p>Applying a command and appending its bytes happen under one lock, so that a snapshot for a
 * further replica falls between commands. A transaction counts as one command: its bytes are
 * appended with its EXEC.
 *
 * <p>Threads: confined to the link's event loop, except for what needs the lock of the stream.
 */
final class PrimaryStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryStream.class);

    private final OrderedLog log;
    private final Dispatcher dispatcher;
    private final Runnable acknowledge;
    private final Object lock;
    private final Client client;
    private final Call call;
    private final NativeReplySpace replySpace = new NativeReplySpace();
    private final ReplyWriter reply = new ReplyWriter(replySpace);
    private final RequestParser parser = new RequestParser(new RequestLimits());
    private final OffHeapBuffer transaction;
    private final Clients clients;
    private int databaseOfTransaction;
    private long refusedCommands;
    private boolean isStopped;
    private boolean isHeldUp;

    /**
     * @param address of the primary, as it is shown to those who MONITOR
     * @param end what CLIENT KILL does to the link
     */
    PrimaryStream(
            PlainContext context,
            int database,
            String address,
            Runnable acknowledge,
            Runnable end) {
        Keyspace keyspace = context.keyspace();
        this.log = context.log();
        this.dispatcher = context.dispatcher();
        this.lock = context.streamLock();
        this.acknowledge = acknowledge;
        this.client =
                new Client(
                        context.clients().nextId(),
                        null,
                        keyspace.database(database),
                        keyspace.clock().millis());
        client.kind(ClientKind.PRIMARY);
        client.linkAddress(address);
        client.trust();
        this.call = dispatcher.newCall();
        this.transaction = new OffHeapBuffer(keyspace.pages());
        parser.trusted(true);
        this.clients = context.clients();
        clients.addLink(client, end);
    }

    /** Nothing more is applied. Under the lock of the stream. */
    void stop() {
        isStopped = true;
    }

    /** The database the stream has selected. Under the lock of the stream. */
    int database() {
        return client.database().index();
    }

    /**
     * Applies all complete commands, up to one that is held up ({@link #isHeldUp}).
     *
     * @return how many bytes they are
     */
    int take(long address, int length) throws PeerProtocolException {
        long at = address;
        long end = address + length;
        while (at < end) {
            switch (parser.next(at, end)) {
                case COMPLETE -> {
                    long next = parser.position();
                    synchronized (lock) {
                        if (isStopped) {
                            return length;
                        }
                        int database = database();
                        if (!apply(parser.request())) {
                            return (int) (at - address);
                        }
                        append(database, at, (int) (next - at));
                    }
                    if (isAckWanted(parser.request())) {
                        acknowledge.run();
                    }
                    at = next;
                }
                case INCOMPLETE -> {
                    long kept = parser.position();
                    if (kept > at) {
                        synchronized (lock) {
                            append(database(), at, (int) (kept - at));
                        }
                    }
                    return (int) (kept - address);
                }
                case FAILED -> throw new PeerProtocolException("it sent: " + parser.error());
            }
        }
        return (int) (at - address);
    }

    /** Applies a command; false when somebody has the locks of its keys for long. */
    private boolean apply(Request request) {
        reply.clear();
        long errors = reply.errors();
        isHeldUp = !isAckWanted(request) && !dispatcher.tryRun(call, client, request, reply);
        if (isHeldUp) {
            return false;
        }
        if (reply.errors() > errors && refusedCommands++ == 0) {
            LOG.error(
                    "The primary sent a command that failed here: {} answered {}. Its data and ours"
                            + " may differ from now on.",
                    new String(request.bytes(0), StandardCharsets.ISO_8859_1),
                    new String(reply.bytes(), StandardCharsets.ISO_8859_1).strip());
        }
        return true;
    }

    /** Whether the last {@link #take} has ended at a command that has to be presented again. */
    boolean isHeldUp() {
        return isHeldUp;
    }

    private void append(int databaseBefore, long address, int length) {
        if (client.transaction().isOpen()) {
            if (transaction.length() == 0) {
                databaseOfTransaction = databaseBefore;
            }
            transaction.append(address, length);
            return;
        }
        if (transaction.length() > 0) {
            transaction.append(address, length);
            log.appendPlain(
                    new VerbatimBytes(
                            transaction.address(),
                            Math.toIntExact(transaction.length()),
                            databaseOfTransaction,
                            database()));
            transaction.clear();
        } else {
            log.appendPlain(new VerbatimBytes(address, length, databaseBefore, database()));
        }
    }

    /** Whether the request is {@code REPLCONF GETACK *}. */
    private static boolean isAckWanted(Request request) {
        return request.count() == 3 && is(request, 0, "REPLCONF") && is(request, 1, "GETACK");
    }

    private static boolean is(Request request, int argument, String word) {
        if (request.length(argument) != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((Memory.getByte(request.address(argument) + i) & ~0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        clients.removeLink(client);
        client.release();
        parser.close();
        reply.release();
        replySpace.close();
        transaction.close();
    }
}
