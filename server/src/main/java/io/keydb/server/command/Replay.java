package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.resp.RequestLimits;
import io.keydb.server.resp.RequestParser;

/**
 * Runs effects of another node again. Nothing of it is told to the log or stamped, which is the
 * business of whoever replays.
 *
 * <p>Threads: confined to one thread; the locks of all keys are held.
 */
public final class Replay implements AutoCloseable {
    private final CommandTable table;
    private final Client client;
    private final Call call;
    private final NativeReplySpace space = new NativeReplySpace();
    private final ReplyWriter reply = new ReplyWriter(space);
    private final RequestParser parser = new RequestParser(new RequestLimits());

    Replay(Keyspace keyspace, CommandTable table, Call call) {
        this.table = table;
        this.call = call;
        this.client = new Client(0, null, keyspace.database(0), keyspace.clock().millis());
        client.kind(ClientKind.PRIMARY);
        client.trust();
        parser.trusted(true);
    }

    /**
     * Runs commands in RESP.
     *
     * @return whether all of them were understood and none failed
     */
    public boolean run(Database database, long address, long length) {
        client.database(database);
        long end = address + length;
        long at = address;
        while (at < end) {
            if (parser.next(at, end) != RequestParser.Outcome.COMPLETE || !command()) {
                return false;
            }
            at = parser.position();
        }
        return true;
    }

    private boolean command() {
        reply.clear();
        Request request = parser.request();
        Command command = table.find(request.address(0), request.length(0));
        if (command == null) {
            command = table.original(request);
        }
        if (command != null && command.isContainer() && request.count() > 1) {
            command = table.findSubcommand(command, request.address(1), request.length(1));
        }
        if (command == null || !command.has(CommandFlag.WRITE)) {
            return false;
        }
        call.beginUnit(false, true);
        call.begin(client, request, reply, command);
        try {
            command.handler().run(call);
            return true;
        } catch (CommandError failed) {
            return false;
        }
    }

    @Override
    public void close() {
        client.release();
        parser.close();
        reply.release();
        space.close();
    }
}
