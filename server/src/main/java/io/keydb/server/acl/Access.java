package io.keydb.server.acl;

import io.keydb.server.client.Client;
import io.keydb.server.command.AccessContext;
import io.keydb.server.command.Command;
import io.keydb.server.command.Denial;
import io.keydb.server.command.Permissions;
import io.keydb.server.command.connection.ClientLine;
import io.keydb.server.resp.Request;
import io.keydb.server.support.Clock;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a client's user say of a request; denials go to the {@link AclLog}.
 *
 * <p>Threads: safe.
 */
final class Access implements Permissions {
    private final AclLog log;
    private final Clock clock;

    Access(AclLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public @Nullable Denial denial(
            Client client, Command command, Request request, AccessContext context) {
        if (!(client.user() instanceof Account account)) {
            return null;
        }
        Denial denial = denial(account, command, request);
        if (denial != null) {
            note(client, command, request, context, denial);
        }
        return denial;
    }

    /** Why the user may not run this, or null; nothing is noted. */
    static @Nullable Denial denial(Account account, Command command, Request request) {
        long result = account.rules().check(command, request);
        return result == Selector.ALLOWED
                ? null
                : new Denial(
                        Selector.reason(result),
                        Selector.argument(result),
                        account.name(),
                        command.fullName());
    }

    @Override
    public boolean allow(Client client, Command command, Request request) {
        return !(client.user() instanceof Account account)
                || account.rules().check(command, request) == Selector.ALLOWED;
    }

    @Override
    public boolean allowReadingAllKeys(Client client, Command command, Request request) {
        return !(client.user() instanceof Account account)
                || account.rules().allowsReadingAllKeys(command, request);
    }

    private void note(
            Client client, Command command, Request request, AccessContext context, Denial denial) {
        AclLog.Kind kind =
                switch (denial.reason()) {
                    case COMMAND -> AclLog.Kind.COMMAND;
                    case KEY -> AclLog.Kind.KEY;
                    case CHANNEL -> AclLog.Kind.CHANNEL;
                };
        String object =
                kind == AclLog.Kind.COMMAND ? command.fullName() : text(request, denial.argument());
        add(client, kind, context, object, denial.user());
    }

    /** Notes that somebody tried to authenticate as this user and did not know how. */
    void noteFailedAuthentication(Client client, Request request, String user) {
        AccessContext context =
                client.transaction().isOpen() ? AccessContext.MULTI : AccessContext.TOPLEVEL;
        add(client, AclLog.Kind.AUTH, context, text(request, 0), user);
    }

    private void add(
            Client client, AclLog.Kind kind, AccessContext context, String object, String user) {
        long now = clock.millis();
        log.add(new AclLog.Event(kind, context, object, user, ClientLine.of(client, now), now));
    }

    private static String text(Request request, int argument) {
        return new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
    }
}
