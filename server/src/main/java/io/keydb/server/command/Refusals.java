package io.keydb.server.command;

import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;

/**
 * The texts with which the dispatcher turns a request away.
 *
 * <p>Threads: immutable.
 */
final class Refusals {
    private static final int LONGEST_NAME = 128;
    private static final String GENERAL = "ERR ";

    private Refusals() {}

    /** Names the command and begins to quote its arguments, 128 bytes of each at most. */
    static byte[] unknownCommand(Request request) {
        StringBuilder arguments = new StringBuilder();
        for (int i = 1; i < request.count() && arguments.length() < LONGEST_NAME; i++) {
            int room = LONGEST_NAME - arguments.length();
            arguments.append('\'').append(cut(request, i, room)).append("' ");
        }
        return bytes(
                "ERR unknown command '"
                        + cut(request, 0, LONGEST_NAME)
                        + "', with args beginning with: "
                        + arguments);
    }

    static byte[] unknownSubcommand(Command container, Request request) {
        return bytes(
                "ERR unknown subcommand '"
                        + cut(request, 1, LONGEST_NAME)
                        + "'. Try "
                        + container.name()
                        + " HELP.");
    }

    static byte[] subscribed(Command command) {
        return bytes(
                "ERR Can't execute '"
                        + command.fullName()
                        + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are"
                        + " allowed in this context");
    }

    /** EXEC itself is turned away; the reason is told without the general prefix. */
    static byte[] transaction(byte[] reason) {
        String text = new String(reason, StandardCharsets.ISO_8859_1);
        return bytes(
                "EXECABORT Transaction discarded because of: "
                        + (text.startsWith(GENERAL) ? text.substring(GENERAL.length()) : text));
    }

    /** Whether this is how a request of the web protocol begins. */
    static boolean isFromBrowser(Request request) {
        String name = cut(request, 0, LONGEST_NAME);
        return name.equalsIgnoreCase("post") || name.equalsIgnoreCase("host:");
    }

    /** The beginning of an argument; a NUL ends it, as where C prints it. */
    private static String cut(Request request, int argument, int longest) {
        int length = Math.min(longest, request.length(argument));
        String text =
                new String(
                        Memory.bytes(request.address(argument), length),
                        StandardCharsets.ISO_8859_1);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
