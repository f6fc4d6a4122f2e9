package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;

/**
 * A state of the server in which some commands are refused. Which ones follows from the flags of
 * the command; the text is stock's.
 */
public enum Condition {
    /** The dump file could not be written, and what is not saved is not to grow. */
    SAVE_FAILED(
            new CommandError(
                    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable"
                            + " to persist to disk. Commands that may modify the data set are"
                            + " disabled, because this instance is configured to report errors"
                            + " during writes if RDB snapshotting fails"
                            + " (stop-writes-on-bgsave-error option). Please check the Redis logs"
                            + " for details about the RDB error.")),
    /** The append-only file could not be written; the text names the reason. */
    APPENDING_FAILED(new CommandError("MISCONF Errors writing to the AOF file")),
    /** The data set is being loaded from disk or replaced by a full sync. */
    LOADING(new CommandError("LOADING Redis is loading the dataset in memory")),
    /** A replica that lost its primary and must not serve old data. */
    STALE(
            new CommandError(
                    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to"
                            + " 'no'.")),
    /** A replica that takes writes from its primary only. */
    READ_ONLY_REPLICA(new CommandError("READONLY You can't write against a read only replica.")),
    /** Fewer good replicas than min-replicas-to-write asks for. */
    TOO_FEW_REPLICAS(new CommandError("NOREPLICAS Not enough good replicas to write.")),
    /** A script has been running for long. */
    BUSY_SCRIPT(
            new CommandError(
                    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or"
                            + " SHUTDOWN NOSAVE.")),
    /** A function has been running for long. */
    BUSY_FUNCTION(
            new CommandError(
                    "BUSY Redis is busy running a script. You can only call FUNCTION KILL or"
                            + " SHUTDOWN NOSAVE.")),
    /** Nobody is let in any more, and the server ends when the last client has left. */
    SOFT_SHUTDOWN(new CommandError("SHUTDOWN PENDING"));

    private final CommandError error;

    Condition(CommandError error) {
        this.error = error;
    }

    public CommandError error() {
        return error;
    }

    int bit() {
        return 1 << ordinal();
    }

    /** Whether it is of any account to the client. */
    boolean concerns(Client client) {
        return this != SOFT_SHUTDOWN
                || (client.kind() != ClientKind.REPLICA && !client.isMonitor());
    }

    /** Whether a command of these flags is refused in this condition. */
    boolean refuses(Command command) {
        return switch (this) {
            case LOADING -> !command.has(CommandFlag.LOADING);
            case STALE -> !command.has(CommandFlag.STALE);
            case SAVE_FAILED, APPENDING_FAILED ->
                    command.has(CommandFlag.WRITE) || command.name().equals("PING");
            case READ_ONLY_REPLICA, TOO_FEW_REPLICAS -> command.has(CommandFlag.WRITE);
            case BUSY_SCRIPT, BUSY_FUNCTION -> !command.has(CommandFlag.ALLOW_BUSY);
            case SOFT_SHUTDOWN -> command.name().equals("PING");
        };
    }
}
