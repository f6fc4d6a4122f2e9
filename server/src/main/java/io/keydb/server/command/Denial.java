package io.keydb.server.command;

/**
 * Why a user may not run a command.
 *
 * <p>Threads: immutable.
 *
 * @param reason what the user may not do
 * @param argument the number of the argument that is the key or channel in question; 0 for the
 *     command itself
 * @param user whom it is denied
 * @param command the full name of the command
 */
public record Denial(Reason reason, int argument, String user, String command) {
    private static final String CHANGED =
            "NOPERM ACLs rules changed between the moment the transaction was accumulated and the"
                    + " EXEC call. This command is no longer allowed for the following reason: ";

    /** What a user may not do; the order is that of how much it matters when several hold. */
    public enum Reason {
        COMMAND("no permission to execute the command or subcommand"),
        KEY("no permission to touch the specified keys"),
        CHANNEL("no permission to access one of the channels used as arguments");

        private final String withinExec;

        Reason(String withinExec) {
            this.withinExec = withinExec;
        }
    }

    /** What a client is told, without an error code in front and without names of keys. */
    public String text() {
        return switch (reason) {
            case COMMAND -> mayNotRun();
            case KEY -> "No permissions to access a key";
            case CHANNEL -> "No permissions to access a channel";
        };
    }

    /** What an administrator is told, who may see the key or channel. */
    public String text(String object) {
        return switch (reason) {
            case COMMAND -> mayNotRun();
            case KEY -> mayNotAccess(object, "key");
            case CHANNEL -> mayNotAccess(object, "channel");
        };
    }

    /** The error for the caller of the command. */
    CommandError error() {
        return new CommandError("NOPERM " + text());
    }

    /** The error when EXEC finds out: the rules have changed since the command was queued. */
    CommandError errorWithinExec() {
        return new CommandError(CHANGED + reason.withinExec);
    }

    private String mayNotRun() {
        return "User " + user + " has no permissions to run the '" + command + "' command";
    }

    private String mayNotAccess(String object, String what) {
        return "User " + user + " has no permissions to access the '" + object + "' " + what;
    }
}
