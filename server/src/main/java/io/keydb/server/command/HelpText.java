package io.keydb.server.command;

import java.nio.charset.StandardCharsets;

/**
 * Replies of HELP subcommands, in stock's form.
 *
 * <p>Threads: immutable.
 */
public final class HelpText {
    private HelpText() {}

    /** Replies a heading, the lines, and the two lines about HELP itself. */
    public static void reply(Call call, String container, String... lines) {
        call.reply().array(lines.length + 3L);
        line(call, container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (String line : lines) {
            line(call, line);
        }
        line(call, "HELP");
        line(call, "    Prints this help.");
    }

    /** The error for a subcommand that does not exist with so many arguments. */
    public static CommandError unknownSubcommand(Call call) {
        String name = call.command().name();
        String container = name.substring(0, name.indexOf('|'));
        return new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '"
                        + call.text(1)
                        + "'. Try "
                        + container
                        + " HELP.");
    }

    private static void line(Call call, String text) {
        call.reply().simple(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
