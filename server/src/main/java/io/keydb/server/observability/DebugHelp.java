package io.keydb.server.observability;

import io.keydb.server.command.Call;
import io.keydb.server.command.HelpText;

/**
 * DEBUG HELP.
 *
 * <p>Threads: stateless.
 */
final class DebugHelp {
    private DebugHelp() {}

    static void reply(Call call) {
        HelpText.reply(
                call,
                "DEBUG",
                "AOF-FLUSH-SLEEP <microsec>",
                "    Server will sleep before flushing the AOF, this is used for testing.",
                "ASSERT",
                "    Crash by assertion failed.",
                "CHANGE-REPL-ID",
                "    Change the replication IDs of the instance.",
                "    Dangerous: should be used only for testing the replication subsystem.",
                "CONFIG-REWRITE-FORCE-ALL",
                "    Like CONFIG REWRITE but writes all configuration options, including",
                "    keywords not listed in original configuration file or default values.",
                "CRASH-AND-RECOVER [<milliseconds>]",
                "    Hard crash and restart after a <milliseconds> delay (default 0).",
                "DIGEST",
                "    Output a hex signature representing the current DB content.",
                "DIGEST-VALUE <key> [<key> ...]",
                "    Output a hex signature of the values of all the specified keys.",
                "ERROR <string>",
                "    Return a Redis protocol error with <string> as message. Useful for clients",
                "    unit tests to simulate Redis errors.",
                "FAIL-SAVES",
                "    What is being written to files in the background fails.",
                "LOADAOF",
                "    Bring the append-only file up to date and load it.",
                "HTSTATS <dbid> [full]",
                "    Return hash table statistics of the specified Redis database.",
                "HTSTATS-KEY <key> [full]",
                "    Like HTSTATS but for the hash table stored at <key>'s value.",
                "LOG <message>",
                "    Write <message> to the server log.",
                "OBJECT <key>",
                "    Show low level info about <key> and associated value.",
                "OOM",
                "    Crash the server simulating an out-of-memory error.",
                "PANIC",
                "    Crash the server simulating a panic.",
                "PAUSE-CRON <0|1>",
                "    Stop periodic cron job processing.",
                "POPULATE <count> [<prefix>] [<size>]",
                "    Create <count> string keys named key:<num>. If <prefix> is specified then",
                "    it is used instead of the 'key' prefix.",
                "PROTOCOL <type>",
                "    Reply with a test value of the specified type. <type> can be: string,",
                "    integer, double, bignum, null, array, set, map, attrib, push, verbatim,",
                "    true, false.",
                "QUICKLIST-PACKED-THRESHOLD <size>",
                "    Sets the threshold for elements to be inserted as plain vs packed nodes",
                "    Default value is 1GB, allows values up to 4GB. Setting to 0 restores to"
                        + " default.",
                "RELOAD [option ...]",
                "    Save the data to a file and load them back. Valid <option> values:",
                "    * MERGE: keys that exist already are replaced.",
                "    * NOFLUSH: the present data are not removed first.",
                "    * NOSAVE: what was saved before is loaded.",
                "REPLICATE <string>",
                "    Replicates the provided string to replicas, allowing data divergence.",
                "REPLYBUFFER PEAK-RESET-TIME <NEVER|RESET|milliseconds>",
                "REPLYBUFFER RESIZING <0|1>",
                "    Accepted; clients have no buffers that could be resized.",
                "RESTART [<milliseconds>]",
                "    Graceful restart: save config, db, restart after a <milliseconds> delay"
                        + " (default 0).",
                "SEGFAULT",
                "    Crash the server with sigsegv.",
                "SET-ACTIVE-EXPIRE <0|1>",
                "    Setting it to 0 disables expiring keys in background when they are not",
                "    accessed. Setting it to 1 reenables it.",
                "SET-DISABLE-DENY-SCRIPTS <0|1>",
                "    Whether scripts may call commands that are not for scripts.",
                "SET-SKIP-CHECKSUM-VALIDATION <0|1>",
                "    Setting it to 1 lets RESTORE take payloads with a wrong checksum.",
                "SLEEP <seconds>",
                "    Hold up the calling client for <seconds>. Decimals allowed.");
    }
}
