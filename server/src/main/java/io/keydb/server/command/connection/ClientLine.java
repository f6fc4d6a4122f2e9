package io.keydb.server.command.connection;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Trait;
import io.keydb.server.client.User;
import io.keydb.server.command.Call;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One client as CLIENT LIST and CLIENT INFO describe it: a line of {@code name=value} pairs.
 *
 * <p>Threads: safe; reads what others may write meanwhile.
 */
public final class ClientLine {
    private ClientLine() {}

    /** The client in the eyes of a caller, whose own request still counts as unread input. */
    static String of(Client client, Call caller) {
        return of(client, caller.nowMillis(), client == caller.client() ? caller : null);
    }

    /** The line, one character for each byte, without a line end. */
    public static String of(Client client, long nowMillis) {
        return of(client, nowMillis, null);
    }

    private static String of(Client client, long nowMillis, @Nullable Call running) {
        Connection connection = client.connection();
        StringBuilder line = new StringBuilder(320);
        line.append("id=").append(client.id());
        line.append(" addr=").append(client.address());
        line.append(" laddr=").append(connection == null ? "" : connection.localText());
        line.append(" fd=").append(connection == null ? -1 : connection.fileDescriptor());
        line.append(" name=").append(text(client.name()));
        line.append(" age=").append((nowMillis - client.createdMillis()) / 1000);
        line.append(" idle=").append((nowMillis - client.lastInteractionMillis()) / 1000);
        line.append(" flags=").append(flags(client));
        line.append(" db=").append(client.database().index());
        line.append(" sub=").append(client.channels());
        line.append(" psub=").append(client.patterns());
        line.append(" ssub=").append(client.shardChannels());
        line.append(" multi=").append(client.transaction().queuedCount());
        appendBuffers(line, client, connection, running);
        line.append(" events=").append(connection == null ? "" : "r");
        line.append(" cmd=").append(client.lastCommand());
        User user = client.user();
        line.append(" user=").append(user == null ? "(superuser)" : user.name());
        line.append(" redir=").append(client.redirection());
        line.append(" resp=").append(client.protocol());
        line.append(" lib-name=").append(text(client.libraryName()));
        line.append(" lib-ver=").append(text(client.libraryVersion()));
        return line.toString();
    }

    private static void appendBuffers(
            StringBuilder line,
            Client client,
            @Nullable Connection connection,
            @Nullable Call running) {
        long input = connection == null ? 0 : connection.inputBufferBytes();
        long unused = connection == null ? 0 : connection.unusedInputBytes();
        long output = connection == null ? 0 : connection.outputBufferBytes();
        long pending = connection == null ? 0 : connection.pendingOutputBytes();
        long queued = client.transaction().queuedBytes();
        long arguments = running == null ? 0 : argumentBytes(running.request());
        long wire = running == null ? 0 : wireBytes(running.request());
        line.append(" qbuf=").append(unused + wire);
        line.append(" qbuf-free=").append(Math.max(0, input - unused));
        line.append(" argv-mem=").append(arguments).append(" multi-mem=").append(queued);
        line.append(" rbs=").append(output).append(" rbp=").append(output);
        line.append(" obl=").append(pending).append(" oll=0 omem=").append(pending);
        line.append(" tot-mem=").append(client.memoryBytes() + wire);
    }

    private static long argumentBytes(Request request) {
        long sum = 0;
        for (int i = 0; i < request.count(); i++) {
            sum += request.length(i);
        }
        return sum;
    }

    /** Bytes of the request as an array of bulk strings. */
    private static long wireBytes(Request request) {
        long sum = 3L + DecimalText.length(request.count());
        for (int i = 0; i < request.count(); i++) {
            sum += 5L + DecimalText.length(request.length(i)) + request.length(i);
        }
        return sum;
    }

    private static String flags(Client client) {
        StringBuilder flags = new StringBuilder();
        if (client.kind() == ClientKind.REPLICA) {
            flags.append('S');
        }
        if (client.isMonitor()) {
            flags.append('O');
        }
        if (client.kind() == ClientKind.PRIMARY) {
            flags.append('M');
        }
        if (client.isSubscribed()) {
            flags.append('P');
        }
        if (client.transaction().isOpen()) {
            flags.append('x');
        }
        Connection connection = client.connection();
        if (connection != null && connection.isUnixSocket()) {
            flags.append('U');
        }
        if (client.waiting() != null) {
            flags.append('b');
        }
        if (client.has(Trait.TRACKS)) {
            flags.append('t');
        }
        if (client.isRedirectionBroken()) {
            flags.append('R');
        }
        if (client.has(Trait.TRACKS_PREFIXES)) {
            flags.append('B');
        }
        if (client.transaction().isInvalidated()) {
            flags.append('d');
        }
        if (client.isClosing()) {
            flags.append('c');
        }
        if (client.has(Trait.NOT_EVICTED)) {
            flags.append('e');
        }
        if (client.has(Trait.TOUCHES_NOTHING)) {
            flags.append('T');
        }
        return flags.isEmpty() ? "N" : flags.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
