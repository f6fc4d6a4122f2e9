package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import java.util.Locale;

/**
 * The texts of error replies of stream commands, equal to stock's.
 *
 * <p>Threads: immutable.
 */
final class StreamErrors {
    static final CommandError INVALID_ID =
            new CommandError("ERR Invalid stream ID specified as stream command argument");
    static final CommandError INVALID_START =
            new CommandError("ERR invalid start ID for the interval");
    static final CommandError INVALID_END = new CommandError("ERR invalid end ID for the interval");

    private StreamErrors() {}

    /** There is no such key, or no such group of it. */
    static CommandError noKeyOrGroup(Call call, int key, int group, String behind) {
        return new CommandError(
                "NOGROUP No such key '"
                        + cText(call, key)
                        + "' or consumer group '"
                        + cText(call, group)
                        + "'"
                        + behind);
    }

    /** There is the key, but no such group. */
    static CommandError noGroup(Call call, int key, int group) {
        return new CommandError(
                "NOGROUP No such consumer group '"
                        + cText(call, group)
                        + "' for key name '"
                        + cText(call, key)
                        + "'");
    }

    /** A subcommand with arguments that do not fit. */
    static CommandError subcommandSyntax(Call call) {
        return new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '"
                        + cText(call, 1)
                        + "'. Try "
                        + cText(call, 0).toUpperCase(Locale.ROOT)
                        + " HELP.");
    }

    /** An argument as C prints it: up to the first NUL. */
    static String cText(Call call, int i) {
        String text = call.text(i);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
