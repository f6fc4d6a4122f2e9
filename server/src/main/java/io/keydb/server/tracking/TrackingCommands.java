package io.keydb.server.tracking;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.CONNECTION;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CLIENT TRACKING, CACHING, GETREDIR and TRACKINGINFO. */
public final class TrackingCommands {
    private static final CommandError ONE_REDIRECT =
            new CommandError("ERR A client can only redirect to a single other client");
    private static final CommandError NO_REDIRECT =
            new CommandError("ERR The client ID you want redirect to does not exist");
    private static final CommandError PREFIX_NEEDS_BCAST =
            new CommandError("ERR PREFIX option requires BCAST mode to be enabled");
    private static final CommandError SWITCHES_BCAST =
            new CommandError(
                    "ERR You can't switch BCAST mode on/off before disabling tracking for this"
                            + " client, and then re-enabling it with a different mode.");
    private static final CommandError BCAST_ALONE =
            new CommandError("ERR OPTIN and OPTOUT are not compatible with BCAST");
    private static final CommandError IN_AND_OUT =
            new CommandError("ERR You can't specify both OPTIN mode and OPTOUT mode");
    private static final CommandError SWITCHES_OPT =
            new CommandError(
                    "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this"
                            + " client, and then re-enabling it with a different mode.");
    private static final CommandError CACHING_WITHOUT_TRACKING =
            new CommandError(
                    "ERR CLIENT CACHING can be called only when the client is in tracking mode with"
                            + " OPTIN or OPTOUT mode enabled");
    private static final CommandError YES_WITHOUT_OPTIN =
            new CommandError(
                    "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
    private static final CommandError NO_WITHOUT_OPTOUT =
            new CommandError(
                    "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");

    private final Tracking tracking;
    private final Clients clients;

    public TrackingCommands(Tracking tracking, Clients clients) {
        this.tracking = tracking;
        this.clients = clients;
    }

    /** Subcommands of CLIENT. */
    public List<Command> all() {
        return List.of(
                subcommand("TRACKING", "6.0.0", "Whether the client keeps copies of what it reads.")
                        .arity(-3)
                        .syntax(
                                "<ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix"
                                        + " ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]")
                        .complexity("O(1). Some options may introduce additional complexity.")
                        .handledBy(this::tracking),
                subcommand("CACHING", "6.0.0", "Whether the next command's keys are copied.")
                        .arity(3)
                        .syntax("<YES | NO>")
                        .handledBy(this::caching),
                subcommand("GETREDIR", "6.0.0", "Tells which client gets the invalidations.")
                        .arity(2)
                        .handledBy(call -> call.reply().integer(call.client().redirection())),
                subcommand("TRACKINGINFO", "6.2.0", "Tells how the client keeps copies.")
                        .arity(2)
                        .handledBy(this::info));
    }

    private static Command.Builder subcommand(String name, String since, String summary) {
        return command("CLIENT|" + name, CONNECTION)
                .since(since)
                .flags(NOSCRIPT, LOADING, STALE)
                .summary(summary);
    }

    private void tracking(Call call) {
        long redirect = 0;
        boolean broadcast = false;
        boolean optIn = false;
        boolean optOut = false;
        boolean noLoop = false;
        List<byte[]> prefixes = new ArrayList<>();
        for (int i = 3; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            if (call.is(i, "REDIRECT") && more) {
                redirect = redirect(call, ++i, redirect);
            } else if (call.is(i, "BCAST")) {
                broadcast = true;
            } else if (call.is(i, "OPTIN")) {
                optIn = true;
            } else if (call.is(i, "OPTOUT")) {
                optOut = true;
            } else if (call.is(i, "NOLOOP")) {
                noLoop = true;
            } else if (call.is(i, "PREFIX") && more) {
                prefixes.add(call.request().bytes(++i));
            } else {
                throw Errors.SYNTAX;
            }
        }
        if (call.is(2, "ON")) {
            on(call, new Tracker.Options(redirect, broadcast, optIn, optOut, noLoop), prefixes);
        } else if (call.is(2, "OFF")) {
            Tracker current = tracking.of(call.client());
            if (current != null) {
                tracking.off(current);
            }
        } else {
            throw Errors.SYNTAX;
        }
        call.reply().ok();
    }

    private long redirect(Call call, int i, long before) {
        if (before != 0) {
            throw ONE_REDIRECT;
        }
        long id = call.integer(i);
        if (clients.get(id) == null) {
            throw NO_REDIRECT;
        }
        return id;
    }

    private void on(Call call, Tracker.Options options, List<byte[]> prefixes) {
        if (!options.broadcast() && !prefixes.isEmpty()) {
            throw PREFIX_NEEDS_BCAST;
        }
        Tracker current = tracking.of(call.client());
        if (current != null && current.options().broadcast() != options.broadcast()) {
            throw SWITCHES_BCAST;
        }
        if (options.broadcast() && (options.optIn() || options.optOut())) {
            throw BCAST_ALONE;
        }
        if (options.optIn() && options.optOut()) {
            throw IN_AND_OUT;
        }
        if (current != null
                && ((options.optIn() && current.options().optOut())
                        || (options.optOut() && current.options().optIn()))) {
            throw SWITCHES_OPT;
        }
        if (options.broadcast()) {
            requireApart(prefixes, current);
            if (prefixes.isEmpty()) {
                prefixes.add(new byte[0]);
            }
        }
        tracking.on(call.client(), options, prefixes);
    }

    /** No key may have two prefixes of one client. */
    private static void requireApart(List<byte[]> prefixes, @Nullable Tracker current) {
        for (int i = 0; i < prefixes.size(); i++) {
            Collection<byte[]> known = current == null ? List.of() : current.prefixes();
            for (byte[] old : known) {
                if (overlap(old, prefixes.get(i))) {
                    throw overlapping(prefixes.get(i), "an existing prefix", old);
                }
            }
            for (byte[] other : prefixes.subList(i + 1, prefixes.size())) {
                if (overlap(prefixes.get(i), other)) {
                    throw overlapping(prefixes.get(i), "another provided prefix", other);
                }
            }
        }
    }

    private static boolean overlap(byte[] one, byte[] other) {
        int shorter = Math.min(one.length, other.length);
        return Arrays.equals(one, 0, shorter, other, 0, shorter);
    }

    private static CommandError overlapping(byte[] prefix, String which, byte[] other) {
        return new CommandError(
                "ERR Prefix '"
                        + text(prefix)
                        + "' overlaps with "
                        + which
                        + " '"
                        + text(other)
                        + "'. Prefixes for a single client must not overlap.");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void caching(Call call) {
        Tracker current = tracking.of(call.client());
        if (current == null) {
            throw CACHING_WITHOUT_TRACKING;
        }
        if (call.is(2, "YES")) {
            if (!current.options().optIn()) {
                throw YES_WITHOUT_OPTIN;
            }
        } else if (call.is(2, "NO")) {
            if (!current.options().optOut()) {
                throw NO_WITHOUT_OPTOUT;
            }
        } else {
            throw Errors.SYNTAX;
        }
        call.client().set(Trait.IS_CACHING_EXCEPTION, true);
        call.reply().ok();
    }

    private void info(Call call) {
        Client client = call.client();
        Tracker current = tracking.of(client);
        List<String> flags = new ArrayList<>();
        flags.add(current == null ? "off" : "on");
        if (current != null) {
            addFlags(flags, current.options(), client);
        }
        call.reply().map(3);
        call.reply().bulk("flags");
        call.reply().set(flags.size());
        flags.forEach(call.reply()::bulk);
        call.reply().bulk("redirect");
        call.reply().integer(client.redirection());
        call.reply().bulk("prefixes");
        List<byte[]> prefixes = current == null ? List.of() : List.copyOf(current.prefixes());
        call.reply().array(prefixes.size());
        prefixes.forEach(call.reply()::bulk);
    }

    private static void addFlags(List<String> flags, Tracker.Options options, Client client) {
        boolean isException = client.has(Trait.IS_CACHING_EXCEPTION);
        if (options.broadcast()) {
            flags.add("bcast");
        }
        if (options.optIn()) {
            flags.add("optin");
            if (isException) {
                flags.add("caching-yes");
            }
        }
        if (options.optOut()) {
            flags.add("optout");
            if (isException) {
                flags.add("caching-no");
            }
        }
        if (options.noLoop()) {
            flags.add("noloop");
        }
        if (client.isRedirectionBroken()) {
            flags.add("broken_redirect");
        }
    }
}
