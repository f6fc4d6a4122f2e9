package io.keydb.server.command;

import io.keydb.server.resp.Request;

/**
 * The texts of error replies that more than one command gives, equal to stock's.
 *
 * <p>Threads: immutable.
 */
public final class Errors {
    public static final CommandError SYNTAX = new CommandError("ERR syntax error");
    public static final CommandError WRONG_TYPE =
            new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
    public static final CommandError NOT_AN_INTEGER =
            new CommandError("ERR value is not an integer or out of range");
    public static final CommandError BEYOND_32_BITS =
            new CommandError(
                    "ERR value is out of range, value must between -2147483648 and 2147483647");
    public static final CommandError NOT_A_FLOAT =
            new CommandError("ERR value is not a valid float");
    public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");
    public static final CommandError OFFSET_OUT_OF_RANGE =
            new CommandError("ERR offset is out of range");
    public static final CommandError INDEX_OUT_OF_RANGE =
            new CommandError("ERR index out of range");
    public static final CommandError DATABASE_OUT_OF_RANGE =
            new CommandError("ERR DB index is out of range");
    public static final CommandError INVALID_DATABASE_INDEX =
            new CommandError("ERR invalid DB index");
    public static final CommandError SAME_OBJECT =
            new CommandError("ERR source and destination objects are the same");
    public static final CommandError VALUE_OUT_OF_RANGE =
            new CommandError("ERR value is out of range");
    public static final CommandError NOT_POSITIVE =
            new CommandError("ERR value is out of range, must be positive");
    public static final CommandError STRING_TOO_LONG =
            new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    public static final CommandError OVERFLOW =
            new CommandError("ERR increment or decrement would overflow");
    public static final CommandError NAN_OR_INFINITY =
            new CommandError("ERR increment would produce NaN or Infinity");
    public static final CommandError OUT_OF_MEMORY =
            new CommandError("OOM command not allowed when used memory > 'maxmemory'.");
    public static final CommandError NOT_AUTHENTICATED =
            new CommandError("NOAUTH Authentication required.");
    public static final CommandError NOT_IN_TRANSACTION =
            new CommandError("ERR Command not allowed inside a transaction");
    public static final CommandError MONITOR_AND_KEYS =
            new CommandError("ERR Replica can't interact with the keyspace");

    /** Never replied: the client is gone. */
    static final CommandError CLIENT_KILLED = new CommandError("ERR client killed");

    public static final CommandError NO_TRANSACTION = new CommandError("ERR EXEC without MULTI");
    public static final CommandError TRANSACTION_ABORTED =
            new CommandError("EXECABORT Transaction discarded because of previous errors.");

    private Errors() {}

    /** The command of a request is not known. */
    public static CommandError unknownCommand(Request request) {
        return new CommandError(Refusals.unknownCommand(request));
    }

    /** The command was called with too few or too many arguments. */
    public static CommandError wrongArity(String fullName) {
        return new CommandError("ERR wrong number of arguments for '" + fullName + "' command");
    }

    /** An expiry in the past of what time allows, or not positive where it must be. */
    public static CommandError invalidExpiry(String fullName) {
        return new CommandError("ERR invalid expire time in '" + fullName + "' command");
    }
}
